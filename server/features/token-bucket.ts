interface Bucket {
  left: number;
  /** `performance.now()` of the last take. */
  at: number;
}

const MAX_BUCKETS = 50_000;

/** Token buckets by name: a full minute's worth at once, refilled evenly. The longest unused ones are forgotten. */
export class Buckets {
  readonly #perMinute: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  /** @returns 0 when one more is allowed, else the whole seconds until it is. */
  take(name: string, perMinute = this.#perMinute, now = performance.now()): number {
    if (perMinute === 0) return 0;
    const bucket = this.#buckets.get(name) ?? { left: perMinute, at: now };
    const perMs = perMinute / 60_000;
    bucket.left = Math.min(perMinute, bucket.left + (now - bucket.at) * perMs);
    bucket.at = now;
    this.#keep(name, bucket);
    if (bucket.left < 1) return Math.max(1, Math.ceil((1 - bucket.left) / perMs / 1000));
    bucket.left -= 1;
    return 0;
  }

  #keep(name: string, bucket: Bucket): void {
    this.#buckets.delete(name);
    this.#buckets.set(name, bucket);
    if (this.#buckets.size <= MAX_BUCKETS) return;
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}
