/** A number from 0 up to, not including, 1 that only depends on the text. */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** By how many milliseconds a fire is put off: below `spanMs`, the same in every process and after every restart. */
export const jitterMs = (scheduleId: string, fireAt: number, spanMs: number): number =>
  Math.floor(fraction(`${scheduleId} ${fireAt}`) * Math.max(0, spanMs));
