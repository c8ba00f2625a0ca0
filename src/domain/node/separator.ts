const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' };

/** A separator as it was typed into one line: `\n`, `\r`, `\t` and `\\` stand for what they mean in code. */
export function unescaped(typed: string): string {
  return typed.replace(/\\([nrt\\])/g, (_, letter: string) => ESCAPES[letter] ?? letter);
}
