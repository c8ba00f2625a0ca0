import type { Outputs } from './fact.ts';

/** How a run differs from a plain one. All but `countsWaits` is for debugging and only concerns steps outside loops. */
export interface RunOptions {
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
}
