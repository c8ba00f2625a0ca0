import { BLAME_ALONE, BLAME_IN_CROWD, FEW } from '../blame.ts';
import type { Claimed } from '../claim.ts';
import type { NewRun, RunRecord } from '../run-record.ts';
import { stepKey } from '../step-key.ts';
import type { RunHead, StoredSuspension } from '../stored-run.ts';
import type { StoredSignal } from '../suspended-step.ts';
import type { Defect } from './defect.ts';
import { JobTable } from './job-table.ts';
import { storeRecords } from './statement.ts';
import {
  isFinalStatus,
  isLive,
  type JobRow,
  newRow,
  type ProcessRow,
  type RunRow,
  storedStep,
} from './table.ts';

export interface DatabaseOptions {
  readonly now: () => number;
  readonly defect: Defect | null;
  readonly onDue: (job: JobRow) => void;
  /** A record is about to be applied. */
  readonly onPass: (processId: string, record: RunRecord) => void;
  /** A statement has committed something about these runs. */
  readonly onCommit: (rows: readonly RunRow[]) => void;
  readonly onCancel: (row: RunRow) => void;
  readonly onSignal: (row: RunRow) => void;
}

/** The tables in memory. Every method is one statement: it happens as a whole, or throws and leaves nothing. */
export class Database {
  readonly runs = new Map<string, RunRow>();
  readonly processes = new Map<string, ProcessRow>();
  readonly jobs: JobTable;
  readonly options: DatabaseOptions;

  constructor(options: DatabaseOptions) {
    this.options = options;
    this.jobs = new JobTable(options.onDue);
  }

  get now(): number {
    return this.options.now();
  }

  has(defect: Defect): boolean {
    return this.options.defect === defect;
  }

  live(): RunRow[] {
    return [...this.runs.values()].filter(isLive);
  }

  write(processId: string, records: readonly RunRecord[]): Set<string> {
    return storeRecords(this, processId, records);
  }

  alreadyWritten(records: readonly RunRecord[]): Set<string> {
    const done = records.filter((record) => {
      const row = this.runs.get(record.id);
      if (!row || record.events.length === 0 || this.has('answer-forgotten')) return false;
      return row.nextSeq === record.nextSeq && row.token === record.token;
    });
    return new Set(done.map((record) => record.id));
  }

  /** Stores a new run; with an owner it has no job. @returns the id of the run with its key, new or not. */
  insert(run: NewRun, owner: string | null): { executionId: string; isNew: boolean } {
    for (const row of this.runs.values()) {
      const isSame = row.run.workflowId === run.workflowId && row.run.idempotencyKey === run.idempotencyKey;
      if (run.idempotencyKey !== null && isSame) return { executionId: row.run.id, isNew: false };
    }
    const row = newRow(run, {
      owner,
      status: owner === null ? 'queued' : 'running',
      token: owner === null ? 0 : 1,
    });
    this.runs.set(run.id, row);
    if (owner === null) this.jobs.add(run.id, this.now);
    this.options.onCommit([row]);
    return { executionId: run.id, isNew: true };
  }

  claim(id: string, processId: string): Claimed | null {
    const row = this.runs.get(id);
    if (!row || row.owner !== null || isFinalStatus(row.status)) return null;
    row.owner = processId;
    row.token += 1;
    row.status = 'running';
    const steps = [...row.steps.values()].sort((a, b) => a.n - b.n).map(storedStep);
    if (this.has('record-forgotten')) {
      const at = steps.findLastIndex((step) => step.status === 'success' && step.node.startsWith('call'));
      if (at >= 0) steps.splice(at, 1);
    }
    return { head: this.headOf(row), steps };
  }

  private headOf(row: RunRow): RunHead {
    const { run } = row;
    return {
      ...run,
      rootId: run.parent?.rootId ?? run.id,
      depth: run.parent?.depth ?? 0,
      hasSlot: false,
      trigger: JSON.parse(run.triggerJson),
      token: row.token,
      nextSeq: row.nextSeq,
      losses: row.losses,
      cancelRequested: row.cancelAt !== null && !this.has('cancel-forgotten'),
      reply: row.replyJson === null ? null : JSON.parse(row.replyJson),
    };
  }

  signals(id: string): StoredSignal[] {
    return [...(this.runs.get(id)?.signals.values() ?? [])];
  }

  /** @returns false when this source has signalled already. */
  signal(id: string, { node, scope, source, value }: StoredSignal): boolean {
    const row = this.runs.get(id);
    const key = stepKey(node, scope, 0) + source;
    if (!row || row.signals.has(key)) return false;
    const isEarly = ![...row.steps.values()].some(
      (step) => step.node === node && step.scope === scope && step.status === 'waiting',
    );
    if (isEarly && this.has('early-signal-lost')) return true;
    row.signals.set(key, { node, scope, source, value });
    if (!this.has('signal-without-job')) this.jobs.add(id, this.now);
    this.options.onSignal(row);
    return true;
  }

  /** @returns the run, if it has not ended. */
  requestCancel(id: string): Pick<RunRow, 'status' | 'owner'> | undefined {
    const row = this.runs.get(id);
    if (!row || isFinalStatus(row.status)) return undefined;
    row.cancelAt ??= this.now;
    return this.face(id);
  }

  /** A copy, as an answer is. */
  face(id: string): Pick<RunRow, 'status' | 'owner'> | undefined {
    const row = this.runs.get(id);
    return row && { status: row.status, owner: row.owner };
  }

  /** What a dead process left. @returns how many runs were freed; null when it lives after all, or is gone already. */
  free(processId: string): number | null {
    const process = this.processes.get(processId);
    if (!process || process.isLocked) return null;
    this.processes.delete(processId);
    this.jobs.unlock(processId);
    const left = this.live().filter((row) => row.owner === processId);
    for (const row of left) {
      row.owner = null;
      row.losses += left.length <= FEW ? BLAME_ALONE : BLAME_IN_CROWD;
      if (!this.has('takeover-without-job')) this.jobs.add(row.run.id, this.now);
    }
    this.options.onCommit(left);
    return left.length;
  }

  /** Runs a process owns without knowing go back into the queue. */
  giveBack(processId: string, ids: readonly string[]): void {
    for (const row of this.live()) {
      if (row.owner !== processId || !ids.includes(row.run.id)) continue;
      row.owner = null;
      this.jobs.add(row.run.id, this.now);
    }
  }

  /** Live runs nobody owns and no job will ever drive get one. @returns how many. */
  requeueStrays(): number {
    const strays = this.live().filter((row) => this.isStray(row));
    for (const row of strays) {
      row.owner = null;
      this.jobs.add(row.run.id, this.now);
    }
    return strays.length;
  }

  private isStray(row: RunRow): boolean {
    if (row.owner !== null && this.processes.has(row.owner)) return false;
    const job = this.jobs.byRun(row.run.id);
    // What somebody unknown has locked will never be done.
    if (job && (job.lockedBy === null || this.processes.has(job.lockedBy))) return false;
    if (row.status !== 'waiting') return true;
    if (row.wakeAt !== null && row.wakeAt < this.now) return true;
    return [...row.steps.values()].some((step) => {
      if (step.status !== 'waiting' || step.suspensionJson === null) return false;
      const stored = JSON.parse(step.suspensionJson) as StoredSuspension;
      if (stored.kind !== 'suspend') return false;
      const own = [...row.signals.values()].filter(
        (one) => one.node === step.node && one.scope === step.scope,
      );
      return own.length >= stored.suspension.sources.length;
    });
  }
}
