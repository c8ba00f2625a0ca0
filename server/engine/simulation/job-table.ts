import type { JobRow } from './table.ts';

/** The queue's table: one job for a run at most that nobody works on yet. */
export class JobTable {
  private readonly rows = new Map<number, JobRow>();
  private readonly onDue: (job: JobRow) => void;
  private last = 0;

  /** @param onDue a job has been set a time, or is free again */
  constructor(onDue: (job: JobRow) => void) {
    this.onDue = onDue;
  }

  /** Jobs that somebody will do, or could. */
  open(isKnown: (lockedBy: string) => boolean): number {
    return [...this.rows.values()].filter((job) => job.lockedBy === null || isKnown(job.lockedBy)).length;
  }

  get(id: number): JobRow | undefined {
    return this.rows.get(id);
  }

  /** Replaces the run's job; one that is being worked on is left to its end, without its key. */
  add(runId: string, runAt: number): void {
    const job = this.byRun(runId);
    if (job && job.lockedBy === null) {
      job.runAt = runAt;
      this.onDue(job);
      return;
    }
    if (job) job.key = null;
    this.last += 1;
    const added: JobRow = { id: this.last, runId, key: `run:${runId}`, runAt, lockedBy: null };
    this.rows.set(added.id, added);
    this.onDue(added);
  }

  remove(runId: string): void {
    const job = this.byRun(runId);
    if (!job) return;
    if (job.lockedBy === null) this.rows.delete(job.id);
    else job.key = null;
  }

  byRun(runId: string): JobRow | undefined {
    const key = `run:${runId}`;
    for (const job of this.rows.values()) if (job.key === key) return job;
    return undefined;
  }

  /** Its work is done. The queue asks neither who had locked the job nor whether it still is. */
  complete(id: number): void {
    this.rows.delete(id);
  }

  /** Its work failed: it is tried again, unless it was replaced meanwhile. */
  fail(id: number, runAt: number): void {
    const job = this.rows.get(id);
    if (!job) return;
    job.lockedBy = null;
    if (job.key === null) this.rows.delete(id);
    else {
      job.runAt = runAt;
      this.onDue(job);
    }
  }

  /** Gives back what somebody had taken and will not do. */
  unlock(lockedBy: string, ids: readonly number[] = [...this.rows.keys()]): void {
    for (const id of ids) {
      const job = this.rows.get(id);
      if (job?.lockedBy !== lockedBy) continue;
      if (job.key === null) this.rows.delete(id);
      else {
        job.lockedBy = null;
        this.onDue(job);
      }
    }
  }
}
