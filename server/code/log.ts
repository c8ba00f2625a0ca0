import { MAX_LOG_BYTES, MAX_LOG_LINES } from './limit.ts';

const CUT = `… log cut: at most ${MAX_LOG_BYTES / 1024} KiB and ${MAX_LOG_LINES} lines are kept`;

/** Collects log lines up to a total size and number; the rest is dropped and marked once. */
export function createLog(): { add(line: string): void; lines(): string[] } {
  const lines: string[] = [];
  let left = MAX_LOG_BYTES;
  let full = false;
  const add = (line: string): void => {
    if (full) return;
    const bytes = Buffer.from(line);
    full = bytes.length > left || lines.length >= MAX_LOG_LINES;
    if (!full) lines.push(line);
    else if (lines.length < MAX_LOG_LINES) lines.push(firstBytes(bytes, left));
    if (full) lines.push(CUT);
    left -= bytes.length + 1;
  };
  return { add, lines: () => lines };
}

/** The text of the first bytes, without a character that the cut splits. */
function firstBytes(bytes: Buffer, length: number): string {
  const text = bytes.subarray(0, Math.max(0, length)).toString();
  return text.endsWith('\uFFFD') ? text.slice(0, -1) : text;
}
