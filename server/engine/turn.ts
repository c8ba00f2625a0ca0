/** How long the engine may hold the event loop before sockets and timers get their turn. */
const SLICE_MS = 5;

const waiting: (() => void)[] = [];
let next = 0;
let scheduled = false;

/** Runs `work` soon, after what was enqueued before it, in slices that leave the event loop free in between. */
export function enqueueTurn(work: () => void): void {
  waiting.push(work);
  if (scheduled) return;
  scheduled = true;
  setImmediate(slice);
}

function slice(): void {
  const until = performance.now() + SLICE_MS;
  while (next < waiting.length) {
    const work = waiting[next];
    next += 1;
    work?.();
    if (performance.now() > until) break;
  }
  if (next >= waiting.length) {
    waiting.length = 0;
    next = 0;
    scheduled = false;
    return;
  }
  if (next > 1024) {
    waiting.splice(0, next);
    next = 0;
  }
  setImmediate(slice);
}
