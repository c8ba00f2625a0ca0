import type { Pool } from 'pg';
import type { EngineLog } from './interface.ts';

export interface ForgottenOptions {
  readonly pool: Pool;
  readonly processId: () => string;
  /** Whether this process drives the run, or is about to. */
  readonly isInHand: (executionId: string) => boolean;
  readonly onCancel: (executionIds: readonly string[]) => void;
  readonly log: EngineLog;
}

const OWNED =
  'select id, owner, cancel_requested_at is not null as cancelled from executions where owner = any($1::uuid[])';

const GIVE_BACK = `
with given as (
  update executions set owner = null
  where id = any($2::uuid[]) and owner = any($1::uuid[]) and status in ('queued', 'running', 'waiting')
  returning id
), slot as (
  delete from run_slots where execution_id in (select id from given)
)
select (select count(*)::int from given) as runs, count(*) from graphile_worker.add_jobs((
  select array_agg(('drive', json_build_object('id', id), null, now(), 25, 'run:' || id, 0, null)::graphile_worker.job_spec)
  from given))
where exists (select from given)`;

interface Owned {
  readonly id: string;
  readonly owner: string;
  readonly cancelled: boolean;
}

/**
 * Finds runs that are this process's in the database while it knows nothing of them: a connection that broke between
 * a commit and its answer makes such runs, and so does a process that has not yet heard that it was taken for dead.
 * They go back into the queue.
 */
export class Forgotten {
  private readonly options: ForgottenOptions;
  /** Not in hand at the last look; one that is seen twice is forgotten, not just between two hands. */
  private suspects: ReadonlySet<string> = new Set();
  /** Every id this process has had. */
  private readonly ids = new Set<string>();

  constructor(options: ForgottenOptions) {
    this.options = options;
  }

  async look(): Promise<void> {
    const { pool, processId, isInHand, onCancel, log } = this.options;
    const owner = processId();
    this.ids.add(owner);
    const ids = [...this.ids];
    const { rows } = await pool.query<Owned>(OWNED, [ids]);
    const cancelled = rows.filter((row) => row.cancelled);
    if (cancelled.length > 0) onCancel(cancelled.map((row) => row.id));
    // Nothing can be recorded under an id this process no longer has.
    const former = rows.filter((row) => row.owner !== owner).map((row) => row.id);
    const unknown = rows.flatMap((row) => (row.owner !== owner || isInHand(row.id) ? [] : row.id));
    const forgotten = [...former, ...unknown.filter((id) => this.suspects.has(id))];
    this.suspects = new Set(unknown);
    if (forgotten.length === 0) return;
    const given = await pool.query<{ runs: number }>(GIVE_BACK, [ids, forgotten]);
    log('warn', 'Runs this process owned without knowing were queued again.', {
      runs: given.rows[0]?.runs ?? 0,
    });
  }
}
