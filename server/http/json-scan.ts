const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const BLANKS = new Set([0x20, 0x09, 0x0a, 0x0d]);

export interface ScanLimits {
  readonly depth: number;
  readonly members: number;
}

export interface ScanFault {
  readonly type: 'too_deep' | 'too_many_members' | 'duplicate_key';
  /** Byte offset. */
  readonly at: number;
  readonly key?: string;
}

/**
 * Looks over JSON text before it is parsed, because a million brackets cost seconds and everything recursive after
 * it a stack, and because parsing forgets that a key stood there twice. Says nothing about text that is no JSON: that
 * is the parser's business. @returns the first fault, or null.
 */
export function scanJson(bytes: Uint8Array, limits: ScanLimits): ScanFault | null {
  /** The keys seen so far of every object that is open; null for arrays. */
  const open: (Set<string> | null)[] = [];
  let members = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const end = endOfText(bytes, at);
      const keys = open.at(-1);
      if (keys && isKey(bytes, end)) {
        const key = textOf(bytes.subarray(at, end + 1));
        if (keys.has(key)) return { type: 'duplicate_key', at, key };
        keys.add(key);
      }
      at = end;
    } else if (byte === 0x7b || byte === 0x5b) {
      open.push(byte === 0x7b ? new Set() : null);
      if (open.length > limits.depth) return { type: 'too_deep', at };
    } else if (byte === 0x7d || byte === 0x5d) open.pop();
    else if (byte === COMMA) {
      members += 1;
      if (members > limits.members) return { type: 'too_many_members', at };
    }
  }
  return null;
}

/** The offset of the closing quote; the end of the bytes when there is none. */
function endOfText(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

function isKey(bytes: Uint8Array, end: number): boolean {
  let at = end + 1;
  while (BLANKS.has(bytes[at] ?? 0)) at += 1;
  return bytes[at] === COLON;
}

/** The text that quoted bytes stand for, so that `"a"` and `"\u0061"` are the same key. */
function textOf(quoted: Uint8Array): string {
  const text = Buffer.from(quoted.buffer, quoted.byteOffset, quoted.byteLength).toString('utf8');
  if (!text.includes('\\')) return text.slice(1, -1);
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}
