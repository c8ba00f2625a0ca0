import { MAX_LOG_BYTES } from './limit.ts';

/** Collects log lines up to a total size; what does not fit is cut and marked once. */
export function createLog(): { add(line: string): void; lines(): string[] } {
  const lines: string[] = [];
  let left = MAX_LOG_BYTES;
  let full = false;
  const add = (line: string): void => {
    if (full) return;
    const bytes = Buffer.from(line);
    full = bytes.length > left;
    // Cutting bytes may split a character; the decoder marks the rest, which is then dropped.
    lines.push(
      full
        ? bytes
            .subarray(0, left)
            .toString()
            .replace(/\uFFFD+$/, '')
        : line,
    );
    left -= bytes.length + 1;
    if (full) lines.push('… log cut at 64 KiB');
    full ||= left <= 0;
  };
  return { add, lines: () => lines };
}
