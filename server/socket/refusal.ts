interface Failures {
  /** In a row, without a quiet minute. */
  readonly count: number;
  /** When they happened, of the last minute. */
  readonly recent: readonly number[];
}

export interface RefusalLimits {
  readonly refusalMs: number;
  readonly refusalsPerMinute: number;
}

const MINUTE_MS = 60_000;
const MAX_ADDRESSES = 10_000;
const LONGEST = 30;

/**
 * Counts refused connections by address. Clients that come back at once on every close are slowed down by keeping
 * them waiting for the close. An address that was quiet for a minute starts afresh.
 */
export class Refusals {
  readonly #limits: RefusalLimits;
  readonly #byAddress = new Map<string, Failures>();

  constructor(limits: RefusalLimits) {
    this.#limits = limits;
  }

  /** One more refusal. @returns how long to hold it in milliseconds, or null when even the handshake is too much. */
  count(address: string, now = performance.now()): number | null {
    const known = this.#byAddress.get(address);
    const recent = (known?.recent ?? []).filter((at) => now - at < MINUTE_MS);
    const failures = recent.length === 0 ? 0 : (known?.count ?? 0);
    recent.push(now);
    this.#byAddress.delete(address);
    this.#byAddress.set(address, {
      count: failures + 1,
      recent: recent.slice(-this.#limits.refusalsPerMinute - 1),
    });
    this.#forgetOldest();
    if (recent.length > this.#limits.refusalsPerMinute) return null;
    return this.#limits.refusalMs * Math.min(LONGEST, 2 ** failures);
  }

  #forgetOldest(): void {
    if (this.#byAddress.size <= MAX_ADDRESSES) return;
    const [oldest] = this.#byAddress.keys();
    if (oldest !== undefined) this.#byAddress.delete(oldest);
  }
}
