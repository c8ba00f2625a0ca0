/** As much of an answer is read by itself; the rest is in the conversation. */
const MOST = 2000;

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // The lines that open and close a block of code, and the one under the head of a table.
  [/^ {0,3}(?:`{3,}|~{3,}).*$/gm, ''],
  [/^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/gm, ''],
  [/!?\[([^\]]*)\]\([^)\s]*(?:\s+"[^"]*")?\)/g, '$1'],
  [/^ {0,3}(?:#{1,6}|>)[ \t]+/gm, ''],
  [/(\*\*|__|~~)(?=\S)(.+?)\1/g, '$2'],
  [/(?<![\w*])\*(?=\S)([^*\n]+?)\*(?![\w*])/g, '$1'],
  [/`([^`\n]+)`/g, '$1'],
  [/[ \t]*\|[ \t]*/g, ' '],
  [/\n[ \t]*(?:\n[ \t]*)+/g, '\n'],
];

/** More than is read in any case, so that signs without end cost nothing. */
const LOOKED_AT = 6000;

/** Markdown as it is read aloud: without the signs that only say how it looks. */
export function spokenText(markdown: string): string {
  const plain = PATTERNS.reduce(
    (text, [pattern, by]) => text.replace(pattern, by),
    markdown.slice(0, LOOKED_AT),
  ).trim();
  if (plain.length <= MOST && markdown.length <= LOOKED_AT) return plain;
  const cut = plain.lastIndexOf(' ', MOST);
  return `${plain.slice(0, cut > 0 ? cut : MOST)} … The rest is in the conversation.`;
}
