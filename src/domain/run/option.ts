import type { Outputs } from './fact.ts';

/** Where a run comes from that another one has begun, through the API or by failing: nobody waits for it. */
export interface RunOrigin {
  /** The run that everything began with. */
  readonly run: string;
  /** How that one was started. */
  readonly kind: string;
  /** How many runs have begun one another until this one. */
  readonly depth: number;
}

/** How a run differs from a plain one. All but `origin`, `countsWaits` and `request` is for debugging and only concerns steps outside loops. */
export interface RunOptions {
  /** What has begun the run, where that was another run. */
  readonly origin?: RunOrigin;
  /** Outputs by node id that are taken as they are: the node does not run. */
  readonly given?: Readonly<Record<string, Outputs>>;
  /** Inputs by node id, in place of what its edges bring. */
  readonly inputs?: Readonly<Record<string, Outputs>>;
  /** Nothing runs but what this node needs, and it. */
  readonly until?: string;
  /** Only this node runs, with `inputs`; what its templates name comes from `given`. */
  readonly only?: string;
  /** Nodes take their pinned outputs. */
  readonly usePins?: boolean;
  /** Time spent waiting counts against the run's deadline. */
  readonly countsWaits?: boolean;
  /** A digest of what was asked with the run's idempotency key. */
  readonly request?: string;
}
