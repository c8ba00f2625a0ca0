import type { Pool } from 'pg';
import { limitOf, type OwnQuotas, quotaRefusal } from '#domain/access/quota.ts';
import { EngineError } from './interface.ts';
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
  private own = new Map<number, OwnQuotas>();

  constructor(pool: Pool) {
    this.pool = pool;
  }

  async refresh(): Promise<void> {
    const { rows } = await this.pool.query<{ environment_id: number; n: number }>(
      `select environment_id, count(*)::int as n from executions where status = 'queued' group by environment_id`,
    );
    this.queued = new Map(rows.map((row) => [row.environment_id, row.n]));
    const own = await this.pool.query<{ id: number; quotas: OwnQuotas }>(
      'select id, quotas from environments where quotas is not null',
    );
    this.own = new Map(own.rows.map((row) => [row.id, row.quotas]));
  }

  /**
   * Costs nothing until an environment seems to have as much queued as it may; then it is counted.
   * @throws EngineError `full`
   */
  async refuseBeyond({ environmentId }: NewRun): Promise<void> {
    const limit = limitOf('queued_runs', this.own.get(environmentId) ?? null);
    if ((this.queued.get(environmentId) ?? 0) < limit) return;
    const { rows } = await this.pool.query<{ n: number }>(
      "select count(*)::int as n from executions where environment_id = $1 and status = 'queued'",
      [environmentId],
    );
    const queued = rows[0]?.n ?? 0;
    this.queued.set(environmentId, queued);
    if (queued >= limit) throw new EngineError('full', quotaRefusal('queued_runs', limit));
  }

  /** Of the job of a new run, which is counted from now on. Lower goes first. */
  jobPriority({ environmentId, priority }: NewRun): number {
    const before = this.queued.get(environmentId) ?? 0;
    this.queued.set(environmentId, before + 1);
    return Math.min(LONGEST, Math.floor(before / STEP)) - priority;
  }
}
