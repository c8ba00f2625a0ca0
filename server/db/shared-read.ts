/**
 * Reads that are asked for by many at once are made once. A call never joins a read that has begun already, only the
 * one that begins next, so nobody gets an answer older than the question: there is nothing to invalidate.
 */
export class SharedReads<T> {
  readonly #running = new Map<string, Promise<T>>();
  readonly #next = new Map<string, Promise<T>>();

  /** What `load` finds; calls with the same `key` must have loads that find the same. Rejects as `load` does. */
  read(key: string, load: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key);
    if (!running) return this.#begin(key, load);
    let next = this.#next.get(key);
    if (!next) {
      const begin = (): Promise<T> => {
        this.#next.delete(key);
        // Somebody who came in between may have begun it: that is after everybody who waits here asked.
        return this.#running.get(key) ?? this.#begin(key, load);
      };
      next = running.then(begin, begin);
      this.#next.set(key, next);
    }
    return next;
  }

  #begin(key: string, load: () => Promise<T>): Promise<T> {
    const read = load().finally(() => this.#running.delete(key));
    this.#running.set(key, read);
    return read;
  }
}
