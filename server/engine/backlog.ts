import type { Pool } from 'pg';
import type { NewRun } from './run-record.ts';

/** So many queued runs of one environment push its next ones one place back. */
const STEP = 25;
const LONGEST = 1000;

/**
 * How much every environment has queued. Whoever floods the queue lines up behind itself: its later runs get a lower
 * urgency, so that the first run of somebody else is next.
 */
export class Backlog {
  private readonly pool: Pool;
  private queued = new Map<number, number>();

  constructor(pool: Pool) {
    this.pool = pool;
  }

  async refresh(): Promise<void> {
    const { rows } = await this.pool.query<{ environment_id: number; n: number }>(
      `select environment_id, count(*)::int as n from executions where status = 'queued' group by environment_id`,
    );
    this.queued = new Map(rows.map((row) => [row.environment_id, row.n]));
  }

  /** Of the job of a new run, which is counted from now on. Lower goes first. */
  jobPriority({ environmentId, priority }: NewRun): number {
    const before = this.queued.get(environmentId) ?? 0;
    this.queued.set(environmentId, before + 1);
    return Math.min(LONGEST, Math.floor(before / STEP)) - priority;
  }
}
