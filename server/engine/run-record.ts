import type { RunEvent, RunRoot } from '#domain/run/event.ts';
import type { RunOptions } from '#domain/run/option.ts';
import type { ParentStep, RunStatus } from './interface.ts';

/** Times are milliseconds since the epoch; `…Json` fields are JSON text. */
export interface StepRecord {
  readonly node: string;
  readonly scope: string;
  readonly attempt: number;
  readonly n: number;
  /** Order of recording of its end, where its suspension was recorded before. */
  readonly endN: number | null;
  readonly status: 'success' | 'failed' | 'skipped' | 'waiting' | 'cancelled';
  readonly resumeAt: number | null;
  readonly suspensionJson: string | null;
  readonly inputJson: string | null;
  readonly outputJson: string | null;
  readonly errorJson: string | null;
  readonly logsJson: string | null;
  readonly startedAt: number;
  readonly finishedAt: number | null;
}

/** A row of `executions` as it is first written. */
export interface NewRun {
  readonly id: string;
  readonly environmentId: number;
  readonly workflowId: number;
  readonly versionId: number;
  readonly startedBy: number | null;
  readonly triggerNode: string;
  readonly triggerKind: string;
  readonly triggerJson: string;
  readonly idempotencyKey: string | null;
  readonly deadlineAt: number;
  readonly priority: number;
  readonly parent: ParentStep | null;
  readonly options: RunOptions;
  readonly createdAt: number;
}

export interface RowChange {
  readonly status: RunStatus;
  readonly outputJson: string | null;
  readonly replyJson: string | null;
  readonly errorJson: string | null;
  readonly finishedAt: number | null;
  /** Give the run up: nobody owns it afterwards. */
  readonly release: boolean;
  /** Queue the run again for this time. */
  readonly jobAt: number | null;
  /** A person is waited for. */
  readonly interrupted: boolean;
  /** Set when the run has ended. */
  readonly end: RunEnd | null;
}

/** What else follows from the end of a run, in the same commit. */
export interface RunEnd {
  /** The `afterRun` hook is to hear of it. */
  readonly follow: boolean;
  /** It may have started runs nobody waits for now. */
  readonly stopChildren: boolean;
  /** The step that waits for this run, and what it is told. */
  readonly parent: {
    readonly executionId: string;
    readonly node: string;
    readonly scope: string;
    readonly source: string;
    readonly valueJson: string;
  } | null;
}

/** Everything one run wants committed together. */
export interface RunRecord {
  readonly id: string;
  readonly workflowId: number;
  readonly environmentId: number;
  /** Absent for a run nobody waits for. */
  readonly root?: RunRoot;
  readonly token: number;
  /** It holds slots that are free once it is released. */
  readonly hasSlot: boolean;
  /** Of its next job. */
  readonly priority: number;
  /** The stored `next_seq` this record builds on, and the one it leaves. */
  readonly firstSeq: number;
  readonly nextSeq: number;
  /** Set while the run has no row yet. */
  readonly create: NewRun | null;
  readonly change: RowChange;
  readonly steps: readonly StepRecord[];
  readonly events: readonly RunEvent[];
}

/** Whoever produces records of one run. The journal asks for the next one only after the last one is settled. */
export interface RecordSource {
  /** Everything not yet handed over; null when there is nothing. */
  take(): RunRecord | null;
  committed(record: RunRecord): void;
  /** The record was not written and never will be: somebody else has the run, or it cannot be stored. */
  rejected(record: RunRecord, reason: 'lost' | 'unrecordable'): void;
}
