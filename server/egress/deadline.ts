/** Time and cancellation of one request, hops and body included. */
export interface Deadline {
  signal: AbortSignal;
  /** Why the signal fired, or null when it has not. */
  reason(): 'timeout' | 'aborted' | null;
  /** Lets go of the timer and of the caller's signal. */
  stop(): void;
  /** Gives up what may still be under way, such as a body that nobody will read. */
  abandon(): void;
}

export function startDeadline(timeoutMs: number, outer: AbortSignal): Deadline {
  const controller = new AbortController();
  let reason: 'timeout' | 'aborted' | null = null;
  const fire = (why: 'timeout' | 'aborted') => {
    reason ??= why;
    controller.abort();
  };
  const onAbort = () => fire('aborted');
  const timer = setTimeout(fire, timeoutMs, 'timeout');
  if (outer.aborted) onAbort();
  outer.addEventListener('abort', onAbort, { once: true });
  const stop = () => {
    clearTimeout(timer);
    outer.removeEventListener('abort', onAbort);
  };
  return { signal: controller.signal, reason: () => reason, stop, abandon: () => controller.abort() };
}
