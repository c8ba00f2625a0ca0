import type { Pool, PoolClient } from 'pg';

interface LimitRow {
  readonly key: string;
  readonly slots: number;
}

const LIMITS = `
select 'workflow:' || id as key, max_concurrent_runs as slots from workflows where max_concurrent_runs is not null
union all
select 'environment:' || id, max_concurrent_runs from environments where max_concurrent_runs is not null`;

const KEYS = `
select 'workflow:' || e.workflow_id as workflow, 'environment:' || e.environment_id as environment,
  e.cancel_requested_at is not null as cancelled
from executions e where e.id = $1 and e.owner is null and e.status in ('queued', 'running', 'waiting')
for update skip locked`;

/** As many runs as have a free slot, the most urgent first. They get a job and try. */
const WAKE = `
with free as (
  select l.key, l.slots - (select count(*) from run_slots s where s.key = l.key) as n
  from unnest($1::text[], $2::int[]) as l(key, slots)
), next as (
  select h.id from free f cross join lateral (
    select e.id from executions e
    where e.held and f.key in ('workflow:' || e.workflow_id, 'environment:' || e.environment_id)
    order by e.priority desc, e.id limit greatest(0, f.n)
  ) h
), woken as (
  update executions e set held = false from next n where e.id = n.id and e.held
  returning e.id, e.priority
)
select count(*) from graphile_worker.add_jobs((
  select array_agg(('drive', json_build_object('id', id), null, now(), 25, 'run:' || id, -priority, null)::graphile_worker.job_spec)
  from woken))
where exists (select from woken)`;

/**
 * How many runs of a workflow or an environment are driven at once. Only limited ones hold slots; a run that finds
 * none is held, without a job, until one is free.
 */
export class Slots {
  private readonly pool: Pool;
  private limits = new Map<string, number>();

  constructor(pool: Pool) {
    this.pool = pool;
  }

  get areLimited(): boolean {
    return this.limits.size > 0;
  }

  isLimited(run: { readonly workflowId: number; readonly environmentId: number }): boolean {
    return (
      this.limits.has(`workflow:${run.workflowId}`) || this.limits.has(`environment:${run.environmentId}`)
    );
  }

  /** Reads the limits anew, and wakes held runs where slots are free. */
  async refresh(): Promise<void> {
    const { rows } = await this.pool.query<LimitRow>(LIMITS);
    const before = this.limits;
    this.limits = new Map(rows.map((row) => [row.key, row.slots]));
    await this.wake();
    if (before.size > rows.length) await this.wakeUnlimited();
  }

  /** Gives held runs the slots that are free. */
  async wake(): Promise<void> {
    if (!this.areLimited) return;
    await this.pool.query(WAKE, [[...this.limits.keys()], [...this.limits.values()]]);
  }

  /** Those of the given runs for which nothing is limited. */
  async unlimited(ids: readonly string[]): Promise<string[]> {
    const { rows } = await this.pool.query<{ id: string; workflow_id: number; environment_id: number }>(
      'select id, workflow_id, environment_id from executions where id = any($1::uuid[])',
      [ids],
    );
    return rows
      .filter((row) => !this.isLimited({ workflowId: row.workflow_id, environmentId: row.environment_id }))
      .map((row) => row.id);
  }

  /** Takes the slots of a limited run and claims it with them; null when there is none free, or nothing to claim. */
  async take<T>(id: string, claim: (client: PoolClient) => Promise<T[]>): Promise<T[] | null> {
    const client = await this.pool.connect();
    try {
      await client.query('begin');
      const claimed = await this.takeWith(client, id, claim);
      await client.query('commit');
      return claimed;
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }

  private async takeWith<T>(
    client: PoolClient,
    id: string,
    claim: (client: PoolClient) => Promise<T[]>,
  ): Promise<T[] | null> {
    const found = await client.query<{ workflow: string; environment: string; cancelled: boolean }>(KEYS, [
      id,
    ]);
    const [row] = found.rows;
    if (!row) return null;
    // A run that only has to be ended needs no slot.
    if (row.cancelled) return claim(client);
    const keys = [row.environment, row.workflow].filter((key) => this.limits.has(key));
    for (const key of keys) {
      await client.query("select pg_advisory_xact_lock(hashtextextended('pipewright slot ' || $1, 0))", [
        key,
      ]);
      const taken = await client.query(
        `insert into run_slots (key, execution_id)
         select $1::text, $2::uuid where (select count(*) from run_slots where key = $1 and execution_id <> $2) < $3
         on conflict do nothing`,
        [key, id, this.limits.get(key)],
      );
      if (taken.rowCount === 1) continue;
      await client.query('delete from run_slots where execution_id = $1', [id]);
      await client.query('update executions set held = true where id = $1', [id]);
      return null;
    }
    return claim(client);
  }

  /** What was held for a limit that is gone. */
  private async wakeUnlimited(): Promise<void> {
    await this.pool.query(
      `with woken as (
         update executions e set held = false
         where e.held and not ('workflow:' || e.workflow_id = any($1::text[]) or 'environment:' || e.environment_id = any($1::text[]))
         returning e.id
       )
       select count(*) from graphile_worker.add_jobs((
         select array_agg(('drive', json_build_object('id', id), null, now(), 25, 'run:' || id, 0, null)::graphile_worker.job_spec)
         from woken))
       where exists (select from woken)`,
      [[...this.limits.keys()]],
    );
  }
}
