/** A queue before a limited number of places. */
export interface Line {
  /** Resolves with what gives the place back, in the order of asking; at once when the signal is aborted. */
  enter(signal: AbortSignal): Promise<() => void>;
}

export function createLine(places: number): Line {
  let free = places;
  const waiting: (() => void)[] = [];
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next();
    else free++;
  };
  const once = (): (() => void) => {
    let left = false;
    return () => {
      if (!left) leave();
      left = true;
    };
  };
  const enter = (signal: AbortSignal): Promise<() => void> => {
    if (signal.aborted) return Promise.resolve(() => undefined);
    if (free > 0) {
      free--;
      return Promise.resolve(once());
    }
    return new Promise((resolve) => {
      const onAbort = (): void => {
        waiting.splice(waiting.indexOf(admit), 1);
        resolve(() => undefined);
      };
      const admit = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve(once());
      };
      waiting.push(admit);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  };
  return { enter };
}
