/** Hands over everything that came since the last frame at once. A hidden tab has no frames, so a timer helps out. */
export function perFrame<T>(handle: (items: T[]) => void): (item: T) => void {
  let waiting: T[] = [];
  const flush = (): void => {
    const items = waiting;
    waiting = [];
    if (items.length > 0) handle(items);
  };
  return (item) => {
    waiting.push(item);
    if (waiting.length > 1) return;
    if (document.hidden) setTimeout(flush, 50);
    else requestAnimationFrame(flush);
  };
}
