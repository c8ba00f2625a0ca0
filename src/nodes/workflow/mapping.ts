const SEGMENT = String.raw`[A-Za-z_$][\w$-]*`;
const PATH = new RegExp(String.raw`^${SEGMENT}(?:\.(?:[\w$-]+))*$`);
const REFERENCE = /^\s*\{\{\s*(.+?)\s*\}\}\s*$/s;

/** The keys of a path such as `trigger.items[0].id`, plain or as one `{{ reference }}`; null for anything else. */
export function asPath(text: string): string[] | null {
  const inner = REFERENCE.exec(text)?.[1] ?? text.trim();
  const dotted = inner.replaceAll(/\[(?:(\d+)|"([^"\].]+)"|'([^'\].]+)')\]/g, '.$1$2$3');
  return PATH.test(dotted) ? dotted.split('.') : null;
}

/** Whether the text says by itself that it means a path, and not a word that looks like one. */
export const isReference = (text: string): boolean => REFERENCE.test(text);
