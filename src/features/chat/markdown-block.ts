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
