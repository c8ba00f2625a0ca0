import type { RunEvent } from '#domain/run/event.ts';
import type { RunStatus } from '../interface.ts';
import type { NewRun, StepRecord } from '../run-record.ts';
import type { StoredStep, StoredSuspension } from '../stored-run.ts';
import type { StoredSignal } from '../suspended-step.ts';

/** A row of `executions`. Times are virtual milliseconds since the epoch, `…Json` fields JSON text. */
export interface RunRow {
  readonly run: NewRun;
  status: RunStatus;
  outputJson: string | null;
  errorJson: string | null;
  replyJson: string | null;
  owner: string | null;
  token: number;
  nextSeq: number;
  losses: number;
  finishedAt: number | null;
  wakeAt: number | null;
  interrupted: boolean;
  cancelAt: number | null;
  /** When its end was committed, by the time of the simulation. */
  endedAt: number | null;
  readonly steps: Map<string, StepRecord>;
  readonly events: RunEvent[];
  readonly signals: Map<string, StoredSignal>;
}

/** A row of the queue. */
export interface JobRow {
  readonly id: number;
  readonly runId: string;
  /** Null: it was replaced while somebody worked on it. */
  key: string | null;
  runAt: number;
  lockedBy: string | null;
}

/** A row of `processes`. */
export interface ProcessRow {
  readonly id: string;
  /** Its session holds the lock that shows it is alive. */
  isLocked: boolean;
}

const FINAL: ReadonlySet<RunStatus> = new Set(['completed', 'failed', 'cancelled']);
export const isFinalStatus = (status: RunStatus): boolean => FINAL.has(status);
export const isLive = (row: RunRow): boolean => !FINAL.has(row.status);

/** A statement that the database refuses, or cannot be reached for. */
export class DatabaseError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export function newRow(run: NewRun, first: Pick<RunRow, 'owner' | 'status' | 'token'>): RunRow {
  return {
    run,
    ...first,
    outputJson: null,
    errorJson: null,
    replyJson: null,
    nextSeq: 1,
    losses: 0,
    finishedAt: null,
    wakeAt: null,
    interrupted: false,
    cancelAt: null,
    endedAt: null,
    steps: new Map(),
    events: [],
    signals: new Map(),
  };
}

const stored = new WeakMap<StepRecord, StoredStep>();

/** The row of a step as a claim reads it. Rows are replaced, never changed. */
export function storedStep(step: StepRecord): StoredStep {
  let read = stored.get(step);
  if (!read) {
    read = readStep(step);
    stored.set(step, read);
  }
  return read;
}

function readStep(step: StepRecord): StoredStep {
  const read = (text: string | null): unknown => (text === null ? null : JSON.parse(text));
  const { node, scope, attempt, n, endN, status, resumeAt, startedAt, finishedAt } = step;
  return {
    node,
    scope,
    attempt,
    n,
    endN,
    status,
    resumeAt,
    startedAt,
    finishedAt,
    suspension: read(step.suspensionJson) as StoredSuspension | null,
    output: read(step.outputJson),
    error: read(step.errorJson),
  };
}
