import { enqueueTurn } from './turn.ts';

/** Time, chance and order of work, as the engine uses them. A simulation gives it others. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  /** Runs `work` after that many milliseconds. @returns what calls it off. */
  after(ms: number, work: () => void): () => void;
  /** Runs `work` soon, in the order of asking, with room for sockets and timers in between. */
  turn(work: () => void): void;
  /** Resolves once everything that is ready in this turn of the loop has had its say. */
  breath(): Promise<void>;
}

export const systemClock: Clock = {
  now: Date.now,
  random: Math.random,
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
  turn: enqueueTurn,
  breath: () =>
    new Promise((resolve) => {
      setImmediate(resolve);
    }),
};

/** Waits that grow from 20 ms to 1 s. */
export function backoffOn(clock: Clock, attempt: number): Promise<void> {
  const ms = Math.min(1000, 20 * 2 ** Math.min(attempt, 10));
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}
