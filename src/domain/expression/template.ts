import { boundName, LOOP_NAMES, liquidReferences } from './liquid-reference.ts';
import { type Reference, readPath } from './reference.ts';
import { TemplateSyntaxError } from './template-error.ts';

/** A stretch of a template: text to copy, a reference to look up, or Liquid for the renderer. */
export type TemplatePart =
  | { kind: 'text'; text: string }
  | { kind: 'reference'; reference: Reference }
  | { kind: 'liquid'; references: Reference[] };

/** A template taken apart once. `liquid` tells that it holds more than simple references. */
export interface Template {
  source: string;
  parts: TemplatePart[];
  liquid: boolean;
}

/** True when the text holds template syntax at all; everything else is plain text and needs no parsing. */
export function isTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}

/**
 * Splits a template into text, simple references (`{{ a.b[0]["c"] }}`) and Liquid (filters, tags, operators).
 * @throws TemplateSyntaxError naming the line and column of a `{{` or `{%` that is not closed or is empty.
 */
export function parseTemplate(source: string): Template {
  const parts: TemplatePart[] = [];
  const bound = new Set<string>(LOOP_NAMES);
  let at = 0;
  while (at < source.length) {
    const open = nextOpening(source, at);
    if (open > at) parts.push({ kind: 'text', text: source.slice(at, open) });
    if (open === source.length) break;
    at =
      source[open + 1] === '{' ? readOutput(source, open, bound, parts) : readTag(source, open, bound, parts);
  }
  return { source, parts, liquid: parts.some((part) => part.kind === 'liquid') };
}

/** Every place where the template asks for a value, in order. */
export function referencesOf(template: Template): Reference[] {
  return template.parts.flatMap((part) => {
    if (part.kind === 'reference') return [part.reference];
    return part.kind === 'liquid' ? part.references : [];
  });
}

/** True when the template is exactly one simple reference, so that rendering keeps the type of the value. */
export function isWholeReference(template: Template): boolean {
  return template.parts.length === 1 && template.parts[0]?.kind === 'reference';
}

function nextOpening(source: string, from: number): number {
  for (let at = source.indexOf('{', from); at !== -1; at = source.indexOf('{', at + 1)) {
    if (source[at + 1] === '{' || source[at + 1] === '%') return at;
  }
  return source.length;
}

function readOutput(source: string, open: number, bound: ReadonlySet<string>, parts: TemplatePart[]): number {
  const close = closing(source, open, '}}');
  const end = close + 2;
  let start = open + 2;
  while (start < close && /\s/.test(source[start] ?? '')) start++;
  if (start === close)
    throw fault(source, open, 'is empty; write what to insert, such as {{ trigger.body }}');
  const read = readPath(source, start);
  const simple =
    read?.complete && source.slice(read.end, close).trim() === '' && !bound.has(String(read.path[0]));
  if (read && simple) {
    const text = source.slice(start, read.end);
    parts.push({ kind: 'reference', reference: { path: read.path, text, from: open, to: end } });
  } else {
    parts.push({ kind: 'liquid', references: liquidReferences(source, open + 2, close, bound) });
  }
  return end;
}

function readTag(source: string, open: number, bound: Set<string>, parts: TemplatePart[]): number {
  const close = closing(source, open, '%}');
  const bodyAt = open + (source[open + 2] === '-' ? 3 : 2);
  const body = source.slice(bodyAt, close);
  const name = /^\s*(#|\w*)/.exec(body);
  const word = name?.[1] ?? '';
  if (word === '#' || word === 'raw' || word === 'comment') {
    parts.push({ kind: 'liquid', references: [] });
    return word === '#' ? close + 2 : endOfBlock(source, open, close + 2, word);
  }
  if (word === 'liquid') bindLines(body, bound);
  const made = boundName(body);
  // The tag's own name is skipped: it is a keyword, or an unknown word which the renderer refuses by name.
  const from = bodyAt + (made?.end ?? name?.[0].length ?? 0);
  parts.push({ kind: 'liquid', references: liquidReferences(source, from, close, bound) });
  if (made) bound.add(made.name);
  return close + 2;
}

/** A `liquid` tag holds one tag per line. Its order is not followed: what it binds anywhere counts as bound. */
function bindLines(body: string, bound: Set<string>): void {
  for (const line of body.replace('liquid', '').split('\n')) {
    const made = boundName(line);
    if (made) bound.add(made.name);
  }
}

function endOfBlock(source: string, open: number, from: number, name: string): number {
  const pattern = new RegExp(`\\{%-?\\s*end${name}\\s*-?%\\}`, 'g');
  pattern.lastIndex = from;
  const match = pattern.exec(source);
  if (!match) throw fault(source, open, `is never closed; add {% end${name} %}`);
  return match.index + match[0].length;
}

/** Offset of the delimiter that closes what opens at `open`; delimiters inside quotes do not count. */
function closing(source: string, open: number, delimiter: '}}' | '%}'): number {
  let quote = '';
  for (let at = open + 2; at < source.length; at++) {
    const char = source[at] ?? '';
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") {
      quote = char;
    } else if (char === delimiter[0] && source[at + 1] === delimiter[1]) {
      return at;
    }
  }
  throw fault(source, open, `is never closed; add ${delimiter} after it`);
}

function fault(source: string, open: number, what: string): TemplateSyntaxError {
  const before = source.slice(0, open);
  const line = before.split('\n').length;
  const column = open - before.lastIndexOf('\n');
  const opening = source.slice(open, open + 2);
  return new TemplateSyntaxError(`${opening} at line ${line}, column ${column} ${what}.`, open);
}
