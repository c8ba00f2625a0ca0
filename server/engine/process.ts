import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Lease } from './call-step.ts';
import { backoff } from './database-error.ts';
import type { EngineLog } from './interface.ts';

/** First half of every process's advisory lock; the second is its `lock_key`. */
export const LOCK_SPACE = 0x70697065;

/** How long a process tries to get its own lock back before it takes a new identity. */
const RECLAIM_TRIES = 12;

/** PostgreSQL ends the session, and so frees the lock, of a process that has given no sign of life for so long. */
const LEASE_MS = 10_000;
const BEAT_MS = 3000;

export interface ProcessOptions {
  readonly url: string;
  readonly role: string;
  readonly log: EngineLog;
  /** This process was taken for dead: it has a new id, and its runs are somebody else's. */
  readonly onReplaced: () => void;
}

/**
 * This process as the others see it: a row in `processes` and a session advisory lock on a connection of its own.
 * As long as the lock is held the process counts as alive. A process that stands still loses it after ten seconds.
 * When only the connection breaks, the process takes its lock back and nothing is lost; when somebody was faster, it
 * goes on under a new id.
 */
export class ProcessIdentity implements Lease {
  private readonly options: ProcessOptions;
  private client: pg.Client | null = null;
  private current = randomUUID();
  private lockKey = 0;
  private graphileIds: string[] = [];
  private isClosed = false;
  /** When the last sign of life that was answered was given. */
  private heard = moment();
  private beating: NodeJS.Timeout | undefined;
  private waiting: (() => void)[] = [];

  constructor(options: ProcessOptions) {
    this.options = options;
  }

  get id(): string {
    return this.current;
  }

  get isCertain(): boolean {
    const now = moment();
    // One clock stands still while the machine sleeps, the other one can be set.
    return Math.max(now.steady - this.heard.steady, now.wall - this.heard.wall) < LEASE_MS;
  }

  ascertain(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      if (this.waiting.length === 1) void this.beat();
    });
  }

  /** @throws when the database cannot be reached. */
  async register(): Promise<void> {
    const client = await this.connect();
    const at = moment();
    await this.enrol(client);
    this.watch(client, at);
    this.beating = setInterval(() => void this.beat(), BEAT_MS);
  }

  /** The ids under which this process's queue locks jobs. */
  async setGraphileIds(ids: string[]): Promise<void> {
    this.graphileIds = ids;
    // With the connection gone they are written when it is back.
    if (this.client) await this.writeGraphileIds(this.client).catch(() => undefined);
  }

  private async writeGraphileIds(client: pg.Client): Promise<void> {
    await client.query('update processes set graphile_ids = $2::json where id = $1', [
      this.current,
      JSON.stringify(this.graphileIds),
    ]);
  }

  /** Signs off; runs this process still owns are left for the others to find. */
  async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.beating);
    const { client } = this;
    this.client = null;
    if (!client) return;
    try {
      await client.query(
        `delete from processes where id = $1
         and not exists (select from executions where owner = $1 and status in ('queued', 'running', 'waiting'))`,
        [this.current],
      );
    } finally {
      await client.end();
    }
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.options.url,
      keepAlive: true,
      connectionTimeoutMillis: 5000,
      application_name: 'pipewright process',
      query_timeout: LEASE_MS,
    });
    client.on('error', () => undefined);
    await client.connect();
    await client.query(`set idle_session_timeout = ${LEASE_MS}`);
    return client;
  }

  /** The row becomes visible only with its lock held, so nobody ever sees it unlocked. */
  private async enrol(client: pg.Client): Promise<void> {
    this.current = randomUUID();
    const { rows } = await client.query<{ lock_key: number }>(
      `with mine as (insert into processes (id, role, graphile_ids) values ($1, $2, $3::json) returning lock_key)
       select lock_key, pg_advisory_lock($4, lock_key) from mine`,
      [this.current, this.options.role, JSON.stringify(this.graphileIds), LOCK_SPACE],
    );
    this.lockKey = rows[0]?.lock_key ?? 0;
  }

  private async beat(): Promise<void> {
    const { client } = this;
    if (!client) return;
    const at = moment();
    try {
      await client.query('select 1');
      if (this.client === client) this.hear(at);
    } catch {
      // Nobody answers at the other end: reconnecting starts when the connection is given up.
      await client.end().catch(() => undefined);
    }
  }

  private hear(at: Moment): void {
    this.heard = at;
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** @param at when the lock was taken, at the latest */
  private watch(client: pg.Client, at: Moment): void {
    this.client = client;
    this.hear(at);
    client.once('end', () => {
      if (this.client !== client || this.isClosed) return;
      this.client = null;
      this.options.log('warn', 'The connection that shows this process is alive was lost.');
      void this.reconnect();
    });
  }

  private async reconnect(): Promise<void> {
    for (let attempt = 0; !this.isClosed; attempt += 1) {
      let client: pg.Client | null = null;
      try {
        client = await this.connect();
        const at = moment();
        if (!(await this.reclaim(client))) {
          await this.enrol(client);
          this.options.log('warn', 'This process was taken for dead and goes on under a new id.');
          this.options.onReplaced();
        }
        await this.writeGraphileIds(client);
        this.watch(client, at);
        return;
      } catch {
        await client?.end().catch(() => undefined);
        await backoff(attempt);
      }
    }
  }

  /** @returns whether this process is still the one it was. */
  private async reclaim(client: pg.Client): Promise<boolean> {
    for (let attempt = 0; attempt < RECLAIM_TRIES; attempt += 1) {
      // The old session may need a moment to notice that it is over.
      const { rows } = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1, $2) as held', [
        LOCK_SPACE,
        this.lockKey,
      ]);
      if (rows[0]?.held) {
        const row = await client.query('select from processes where id = $1', [this.current]);
        if (row.rowCount === 1) return true;
        await client.query('select pg_advisory_unlock($1, $2)', [LOCK_SPACE, this.lockKey]);
        return false;
      }
      await backoff(attempt);
    }
    return false;
  }
}

interface Moment {
  readonly steady: number;
  readonly wall: number;
}

const moment = (): Moment => ({ steady: performance.now(), wall: Date.now() });
