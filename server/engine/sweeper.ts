import { setTimeout as delay } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { ABANDONED_LOSSES, BLAME_ALONE, BLAME_IN_CROWD, FEW } from './blame.ts';
import type { EngineLog } from './interface.ts';
import type { EngineMeter } from './meter.ts';
import { LOCK_SPACE } from './process.ts';

const SWEEP_MS = 1000;
/** A process must look dead twice, this far apart: its connection may only be changing. */
const SECOND_LOOK_MS = 500;
const STRAY_EVERY = 10;

export interface SweeperOptions {
  readonly pool: Pool;
  readonly processId: () => string;
  readonly log: EngineLog;
  /** Called in every round. */
  readonly onRound: () => Promise<void>;
  /** Called in every tenth round. */
  readonly onTenthRound: () => Promise<void>;
  readonly meter: EngineMeter;
}

const DEAD = `
select p.id from processes p
where p.id <> $1::uuid and not exists (
  select from pg_locks l
  where l.locktype = 'advisory' and l.classid = $2::oid and l.objid::bigint = p.lock_key and l.objsubid = 2 and l.granted
    and l.database = (select oid from pg_database where datname = current_database()))`;

/** Frees what a dead process left: its runs go back into the queue, its jobs are unlocked. */
const FREE = `
with suspect as (
  select id, count(*) over () as n from executions
  where owner = $1::uuid and status in ('queued', 'running', 'waiting')
)
update executions e
set owner = null, losses = case when $2 and e.status = 'running' then ${ABANDONED_LOSSES} else e.losses end
  + case when s.n <= ${FEW} then ${BLAME_ALONE} else ${BLAME_IN_CROWD} end
from suspect s where e.id = s.id
returning e.id`;

/**
 * What a process has left, and whether it was gone for longer than the settings allow: then what it had in hand is
 * given up. The time is noted every ten seconds only, hence the allowance.
 */
const LOCK_DEAD = `
select lock_key, graphile_ids, coalesce(seen_at < now() - interval '15 seconds' - make_interval(secs => nullif((
  select (value #>> '{}')::float8 from settings where name = 'zombie_execution_threshold_seconds'), 0)), false) as abandoned
from processes where id = $1 for update skip locked`;

const REQUEUE = `
select count(*) from graphile_worker.add_jobs((
  select array_agg(('drive', json_build_object('id', id), null, now(), 25, 'run:' || id, 0, null)::graphile_worker.job_spec)
  from unnest($1::uuid[]) as id))`;

/** Live runs that nobody owns and no job will ever drive; every one of them is somebody's bug or a lost commit. */
const STRAY = `
select e.id from executions e
where e.created_at < now() - interval '10 seconds' and (
    (e.status in ('queued', 'running') and not e.held)
    -- A waiting run has a job only if a time was set for it, and then until that time has come.
    or (e.status = 'waiting' and e.wake_at < now() - interval '10 seconds')
    or (e.status = 'waiting' and exists (
      select from signals g join steps s using (execution_id, node_id, scope)
      where g.execution_id = e.id and s.status = 'waiting' and g.created_at < now() - interval '10 seconds'
        and (select count(*) from signals a where (a.execution_id, a.node_id, a.scope) = (s.execution_id, s.node_id, s.scope))
          >= json_array_length(s.suspension -> 'suspension' -> 'sources')))
  )
  and (e.owner is null or not exists (select from processes p where p.id = e.owner))
  and not exists (
    select from graphile_worker._private_jobs j
    where j.key = 'run:' || e.id and (j.locked_by is null or exists (
      select from processes p where p.graphile_ids::jsonb ? j.locked_by)))
limit 500`;

/** Looks once a second for processes that have died, in every process. */
export class Sweeper {
  private readonly options: SweeperOptions;
  private readonly stopped = new AbortController();
  private loop: Promise<void> = Promise.resolve();
  private others = true;

  constructor(options: SweeperOptions) {
    this.options = options;
  }

  /** No other process was registered a moment ago. One that has just come asks for itself at first. */
  get isAlone(): boolean {
    return !this.others;
  }

  start(): void {
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    for (let round = 0; !this.stopped.signal.aborted; round += 1) {
      try {
        await this.options.onRound();
        await this.sweep();
        if (round % STRAY_EVERY === STRAY_EVERY - 1) {
          await this.requeueStrays();
          await this.options.pool.query('update processes set seen_at = now() where id = $1', [
            this.options.processId(),
          ]);
          await this.options.onTenthRound();
        }
      } catch (error) {
        this.options.log('warn', 'Looking for dead processes failed; trying again.', {
          error: String(error),
        });
      }
      await this.pause(SWEEP_MS);
    }
  }

  private pause(ms: number): Promise<void> {
    return delay(ms, undefined, { signal: this.stopped.signal }).catch(() => undefined);
  }

  private async sweep(): Promise<void> {
    const others = await this.options.pool.query('select from processes where id <> $1 limit 1', [
      this.options.processId(),
    ]);
    this.others = others.rowCount !== 0;
    const suspects = await this.dead();
    if (suspects.length === 0) return;
    await this.pause(SECOND_LOOK_MS);
    if (this.stopped.signal.aborted) return;
    const still = new Set(await this.dead());
    for (const id of suspects) if (still.has(id)) await this.takeOver(id);
  }

  private async dead(): Promise<string[]> {
    const { rows } = await this.options.pool.query<{ id: string }>(DEAD, [
      this.options.processId(),
      LOCK_SPACE,
    ]);
    return rows.map((row) => row.id);
  }

  private async takeOver(id: string): Promise<void> {
    const client = await this.options.pool.connect();
    try {
      await client.query('begin');
      const freed = await this.free(client, id);
      await client.query('commit');
      if (freed === null) return;
      this.options.meter.runsTakenOver(freed);
      this.options.log('warn', 'A process has died; its runs are continued elsewhere.', {
        process: id,
        runs: freed,
      });
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }

  /** @returns how many runs were freed; null when the process lives after all, or is gone already. */
  private async free(client: PoolClient, id: string): Promise<number | null> {
    const row = await client.query<{ lock_key: number; graphile_ids: string[]; abandoned: boolean }>(
      LOCK_DEAD,
      [id],
    );
    const [dead] = row.rows;
    if (!dead) return null;
    const lock = await client.query<{ free: boolean }>('select pg_try_advisory_xact_lock($1, $2) as free', [
      LOCK_SPACE,
      dead.lock_key,
    ]);
    if (!lock.rows[0]?.free) return null;
    const ids = dead.graphile_ids;
    if (ids.length > 0) {
      // Jobs that were replaced while they ran would stay behind for ever.
      await client.query(
        'delete from graphile_worker._private_jobs where locked_by = any($1::text[]) and key is null',
        [ids],
      );
      await client.query('select graphile_worker.force_unlock_workers($1::text[])', [ids]);
    }
    const freed = await client.query<{ id: string }>(FREE, [id, dead.abandoned]);
    await client.query('delete from run_slots where execution_id = any($1::uuid[])', [
      freed.rows.map((one) => one.id),
    ]);
    if (freed.rows.length > 0) await client.query(REQUEUE, [freed.rows.map((one) => one.id)]);
    await client.query('delete from processes where id = $1', [id]);
    return freed.rows.length;
  }

  private async requeueStrays(): Promise<void> {
    const { rows } = await this.options.pool.query<{ id: string }>(STRAY);
    if (rows.length === 0) return;
    const ids = rows.map((row) => row.id);
    this.options.log('warn', 'Runs without an owner and without a job were queued again.', {
      runs: ids.length,
    });
    await this.options.pool.query(
      'update executions set owner = null where id = any($1::uuid[]) and owner is not null and not exists (select from processes p where p.id = owner)',
      [ids],
    );
    await this.options.pool.query(REQUEUE, [ids]);
  }
}
