const FENCE = /^ {0,3}(`{3,}|~{3,})/;
/** A line that may go on with what stands above a blank line: an item of a list, or something indented. */
const CONTINUES = /^(?:\s|[-*+]\s|\d+[.)]\s)/;

/**
 * Cuts markdown that is still being written into blocks that no longer change and a last one that does, so that
 * only the last is read again with every piece. Fences, lists and what is indented are never cut apart.
 */
export function blocksOf(markdown: string): string[] {
  const blocks: string[] = [];
  let block: string[] = [];
  let fence: string | null = null;
  let blank = false;
  for (const line of markdown.split('\n')) {
    if (fence === null && blank && line.trim() !== '' && !CONTINUES.test(line)) {
      blocks.push(block.join('\n'));
      block = [];
    }
    const mark = FENCE.exec(line)?.[1];
    if (mark !== undefined) {
      if (fence === null) fence = mark;
      else if (mark.startsWith(fence) && line.trim() === mark) fence = null;
    }
    blank = line.trim() === '' && fence === null;
    block.push(line);
  }
  blocks.push(block.join('\n'));
  return blocks.filter((one) => one.trim() !== '');
}

/** What a block is made of. The parts of a list or a table are markdown of their own that is shown within one frame. */
export type BlockShape =
  | { readonly kind: 'plain' }
  | { readonly kind: 'code'; readonly language: string; readonly code: string }
  | {
      readonly kind: 'list';
      /** The number an ordered list begins with; null for one with bullets. */
      readonly start: number | null;
      readonly parts: readonly string[];
    }
  | { readonly kind: 'table'; readonly head: string; readonly parts: readonly string[] };

const PLAIN: BlockShape = { kind: 'plain' };
/** Shorter blocks are read whole. */
const LONG = 1500;
/** Items or rows of one part. */
const PART = 12;

/** Takes a long block apart, so that while it grows only its last part is read again. */
export function shapeOf(block: string): BlockShape {
  const lines = block.replace(/\s+$/, '').split('\n');
  const code = codeIn(lines);
  if (code) return code;
  if (block.length < LONG) return PLAIN;
  return tableIn(lines) ?? listIn(lines) ?? PLAIN;
}

function codeIn([first = '', ...rest]: readonly string[]): BlockShape | null {
  const [, mark, info = ''] = /^(`{3,}|~{3,})([^`]*)$/.exec(first) ?? [];
  if (mark === undefined) return null;
  const end = rest.findIndex((line) => line.trim().startsWith(mark) && FENCE.exec(line)?.[1] === line.trim());
  if (end >= 0 && end < rest.length - 1) return null;
  const code = (end < 0 ? rest : rest.slice(0, end)).join('\n');
  return { kind: 'code', language: info.trim().split(/\s/)[0] || 'text', code };
}

const DELIMITER = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

function tableIn([first = '', second = '', ...rows]: readonly string[]): BlockShape | null {
  const isTable = first.includes('|') && second.includes('|') && DELIMITER.test(second);
  if (!isTable || rows.some((row) => !row.includes('|'))) return null;
  const head = `${first}\n${second}`;
  return { kind: 'table', head, parts: inParts(rows).map((part) => `${head}\n${part.join('\n')}`) };
}

const ITEM = /^(?:([-*+])|(\d{1,9})([.)])) /;
/** Without a blank line before it only this ends a list. */
const OTHER = /^(?:#{1,6}\s|>|```|~~~|\||(?:[-*_] ?){3,}$)/;

function listIn(lines: readonly string[]): BlockShape | null {
  const marks = lines.map((line) => ITEM.exec(line));
  const first = marks[0];
  if (!first) return null;
  const signOf = (mark: RegExpExecArray): string => mark[1] ?? mark[3] ?? '';
  if (marks.some((mark) => mark && signOf(mark) !== signOf(first))) return null;
  if (lines.some((line) => OTHER.test(line))) return null;
  const items: string[][] = [];
  for (const [at, line] of lines.entries()) {
    if (marks[at]) items.push([line]);
    else items.at(-1)?.push(line);
  }
  const start = first[2] === undefined ? null : Number(first[2]);
  return { kind: 'list', start, parts: inParts(items).map((part) => part.flat().join('\n')) };
}

function inParts<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / PART) }, (_, n) => all.slice(n * PART, (n + 1) * PART));
}

/** Names for addresses and notes may be given anywhere in a text, so one with them is read whole. */
export const hasDefinitions = (markdown: string): boolean => /^ {0,3}\[[^\]\n]+\]:\s/m.test(markdown);
