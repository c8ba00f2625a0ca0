/** What a suspended step is told when it goes on. */
export interface Resumed {
  /** `until` came first. */
  readonly timedOut: boolean;
  /** By source. */
  readonly signals: Readonly<Record<string, unknown>>;
  /** What the step wanted kept. */
  readonly kept: unknown;
}

/**
 * The step lets go of its worker until every source has signalled, or `until` (ms since the epoch) has come. Then the
 * executor is called again, with `resumed`.
 */
export interface Suspend {
  readonly kind: 'suspend';
  readonly sources: readonly string[];
  readonly until: number | null;
  /** A person is waited for: the run shows as interrupted. */
  readonly human?: boolean;
  /** JSON; handed back in `resumed`. */
  readonly kept?: unknown;
  /** What the run view shows meanwhile, such as a prompt and where to answer. JSON. */
  readonly shown?: Readonly<Record<string, unknown>>;
}
