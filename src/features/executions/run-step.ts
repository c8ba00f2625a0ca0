import type { StepState } from '#domain/run/event.ts';

/** What a waiting step wants people to know, such as an address to call. */
export type Shown = Readonly<Record<string, unknown>>;

/** Where one node of a run stands; of a node in a loop, all repetitions together. Times are ms since the epoch. */
export interface RunStep {
  readonly nodeId: string;
  readonly title: string;
  /** The node type's name. */
  readonly type: string;
  readonly state: StepState;
  /** How often it was tried; 1 in loops, where every repetition counts its own. */
  readonly attempt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly error: string;
  readonly errorCode: string | null;
  /** When a waiting step goes on. */
  readonly resumeAt: number | null;
  readonly shown: Shown | null;
  /** By scope, in the order they began; null outside loops. */
  readonly repetitions: ReadonlyMap<string, RunStep> | null;
}
