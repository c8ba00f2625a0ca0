import type { Pool } from 'pg';
import { LOCK_SPACE } from '#server/engine/process.ts';
import { pause } from './client.ts';

/** Running, but the process that drives them is gone. */
const ORPHANS = `
select e.id, e.owner_token as token from executions e
where e.status = 'running' and e.owner is not null and not exists (
  select from processes p join pg_locks l on l.locktype = 'advisory' and l.classid = $1::oid
    and l.objid::bigint = p.lock_key and l.objsubid = 2 and l.granted
    and l.database = (select oid from pg_database where datname = current_database())
  where p.id = e.owner)`;
const TAKEN =
  'select id, owner_token as token, owner is not null as owned, status from executions where id = any($1::uuid[])';

interface Orphan {
  readonly token: number;
  readonly since: number;
}

const LOOK_EVERY_MS = 100;
/** A run is laid at the door of a kill this long before it was found without a driver. */
const KILL_TO_SIGHT_MS = 1500;

/** Measures how long runs of dead processes wait for another one to go on with them. */
export class TakeoverWatch {
  /** Milliseconds from the death of a process to another one's claim, one entry per run. */
  readonly times: number[] = [];
  private readonly orphans = new Map<string, Orphan>();
  private readonly pool: Pool;
  private killedAt = 0;
  private isOver = false;
  private loop: Promise<void>;

  constructor(pool: Pool) {
    this.pool = pool;
    this.loop = this.watch();
  }

  /** A process has just been killed. */
  killed(at: number): void {
    this.killedAt = at;
  }

  /** Runs that still wait. */
  get waiting(): number {
    return this.orphans.size;
  }

  async close(): Promise<void> {
    this.isOver = true;
    await this.loop;
  }

  private async watch(): Promise<void> {
    while (!this.isOver) {
      // While the database is away nothing can be seen, nor taken over.
      await this.look().catch(() => undefined);
      await pause(LOOK_EVERY_MS);
    }
  }

  private async look(): Promise<void> {
    const found = await this.pool.query<{ id: string; token: number }>(ORPHANS, [LOCK_SPACE]);
    const now = Date.now();
    const since = now - this.killedAt < KILL_TO_SIGHT_MS ? this.killedAt : now;
    for (const { id, token } of found.rows) {
      if (!this.orphans.has(id)) this.orphans.set(id, { token, since });
    }
    if (this.orphans.size === 0) return;
    const { rows } = await this.pool.query<{ id: string; token: number; owned: boolean; status: string }>(
      TAKEN,
      [[...this.orphans.keys()]],
    );
    for (const { id, token, status } of rows) {
      const orphan = this.orphans.get(id);
      if (!orphan) continue;
      const isTaken = token > orphan.token;
      const hasEnded = ['completed', 'failed', 'cancelled'].includes(status);
      if (!isTaken && !hasEnded) continue;
      this.orphans.delete(id);
      if (isTaken) this.times.push(Date.now() - orphan.since);
    }
  }
}
