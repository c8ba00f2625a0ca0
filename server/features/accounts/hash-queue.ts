import { AppError } from '#domain/problem.ts';

/**
 * Lets `width` tasks run at once and `length` more wait; the next is refused. Password hashes are costly on purpose,
 * so without this a few hundred sign-ins would take all processors and memory.
 */
export class HashQueue {
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #width: number;
  readonly #length: number;

  constructor(width: number, length: number) {
    this.#width = width;
    this.#length = length;
  }

  /** @throws AppError `unavailable` when too many wait already; else whatever `task` throws. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running < this.#width) this.#running += 1;
    else await this.#wait();
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }

  #wait(): Promise<void> {
    if (this.#waiting.length >= this.#length) {
      throw new AppError('unavailable', 'Too many sign-ins at once. Try again in a moment.', {
        retryAfterSeconds: 2,
      });
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
