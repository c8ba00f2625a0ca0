/** Lets only so many tasks run at once, so that a thousand clients coming back do not take every connection. */
export class Gate {
  readonly #waiting: (() => void)[] = [];
  #free: number;
  constructor(places: number) {
    this.#free = places;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
