import type { Reply } from '../node/executor.ts';
import type { StepState } from './event.ts';
import type { Failure, FinalStatus, Outputs } from './fact.ts';
import type { RunPlan } from './planned.ts';

export const TOKEN_NONE = 0;
export const TOKEN_TAKEN = 1;
export const TOKEN_SKIPPED = 2;

/** Where one step is. */
export interface StepProgress {
  state: StepState;
  attempt: number;
  /** Incoming edges that carry a token already, and how many of those are taken. */
  arrived: number;
  taken: number;
  /** What the node gave; for a wait, what it will give. */
  outputs: Outputs | null;
  error: Failure | null;
  /** Ends of waits and pauses, ms since the epoch. */
  until: number | null;
}

/** A run as its facts tell it. Only `advance` changes it. */
export interface RunState {
  status: 'running' | FinalStatus;
  /** By node index of the plan. */
  readonly steps: StepProgress[];
  /** By edge index of the plan. */
  readonly tokens: Uint8Array;
  /** Steps that are not yet at an end. */
  open: number;
  trigger: unknown;
  /** Outputs of every finished node by node id: what templates see. */
  readonly outputs: Record<string, Outputs>;
  reply: Reply | null;
  error: Failure | null;
}

const fresh = (): StepProgress => ({
  state: 'pending',
  attempt: 0,
  arrived: 0,
  taken: 0,
  outputs: null,
  error: null,
  until: null,
});

/** The state of a run about which nothing is known yet. */
export function emptyState(plan: RunPlan): RunState {
  return {
    status: 'running',
    steps: plan.nodes.map(fresh),
    tokens: new Uint8Array(plan.edges.length),
    open: plan.nodes.length,
    trigger: null,
    outputs: Object.create(null) as Record<string, Outputs>,
    reply: null,
    error: null,
  };
}
