/** How much of the time may be spent on showing what came. */
const REST = 2;

/**
 * Hands over everything that came since the last frame at once. When showing it took long, the next pieces wait for
 * twice as long, so that the page stays usable while an answer grows without end. A hidden tab has no frames, so a
 * timer helps out.
 */
export function paced<T>(handle: (items: T[]) => void): (item: T) => void {
  let waiting: T[] = [];
  let free = 0;
  const flush = (): void => {
    const begun = performance.now();
    if (begun < free && !document.hidden) {
      requestAnimationFrame(flush);
      return;
    }
    const items = waiting;
    waiting = [];
    if (items.length === 0) return;
    handle(items);
    // React has drawn it by then: its own microtask was asked for first.
    queueMicrotask(() => {
      const now = performance.now();
      free = now + (now - begun) * REST;
    });
  };
  return (item) => {
    waiting.push(item);
    if (waiting.length > 1) return;
    if (document.hidden) setTimeout(flush, 50);
    else requestAnimationFrame(flush);
  };
}
