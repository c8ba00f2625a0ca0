import type { StepUsage } from './usage.ts';

/** A card's state, as `data-state` shows it. */
export type CardState =
  | 'idle'
  | 'queued'
  | 'running'
  | 'waiting'
  | 'success'
  | 'failed'
  | 'skipped'
  | 'cancelled';

/** How far a loop is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** How the repetitions of a node in a loop stand. */
export interface Tally {
  /** The innermost node that repeats this one. */
  readonly loop: string;
  /** How deep: 1 in a loop, 2 in a loop in a loop. */
  readonly depth: number;
  readonly counts: Readonly<Partial<Record<CardState, number>>>;
  /** Repetitions that have ended, and how many there will be as far as it is known. */
  readonly done: number;
  readonly total: number | null;
}

/** What the canvas knows of one step of the shown run. */
export interface StepView {
  readonly state: CardState;
  /** In a loop, of all repetitions together. */
  readonly durationMs: number | null;
  readonly error: string | null;
  readonly errorCode: string | null;
  readonly attempt: number;
  /**
   * Items by output port that was taken, in a loop how often; ports not in it were not taken. Null while the step is
   * not at its end.
   */
  readonly taken: Readonly<Record<string, number>> | null;
  /** When the step started, ms since the epoch by this browser's clock; null unless it runs. */
  readonly startedAt: number | null;
  /** End of a wait, ms since the epoch. */
  readonly until: number | null;
  /** What a waiting step wants people to see: a prompt, an address to call. */
  readonly shown: Readonly<Record<string, unknown>> | null;
  /** Of a loop. */
  readonly progress: Progress | null;
  /** Of a node in a loop. */
  readonly tally: Tally | null;
  /** Of a step that asked models; in a loop, of all repetitions together. */
  readonly usage: StepUsage | null;
}

export const FRESH: StepView = {
  state: 'idle',
  durationMs: null,
  error: null,
  errorCode: null,
  attempt: 1,
  taken: null,
  startedAt: null,
  until: null,
  shown: null,
  progress: null,
  tally: null,
  usage: null,
};

const ENDED: ReadonlySet<CardState> = new Set(['success', 'failed', 'skipped', 'cancelled']);
export const isEnded = (state: CardState): boolean => ENDED.has(state);

/** The question a waiting step asks a person; null when it waits for something else. */
export function promptOf(step: StepView): string | null {
  if (step.state !== 'waiting' && !(step.tally?.counts.waiting ?? 0)) return null;
  const prompt = step.shown?.['prompt'];
  return typeof prompt === 'string' ? prompt : null;
}

/** The first node that waits for a person. */
export const askingNode = (steps: Readonly<Record<string, StepView>>): string | null =>
  Object.entries(steps).find(([, step]) => promptOf(step) !== null)?.[0] ?? null;
