import { type Kysely, sql } from 'kysely';
import { deleteRuns } from '#server/db/delete-run.ts';
import type { Database } from '#server/db/schema.ts';

type Store = Kysely<Database>;

export interface RetentionLimits {
  /** How long ended runs are kept, in days; 0: for ever. */
  readonly days: number;
  /** How many runs of an environment are kept; 0: all. */
  readonly runs: number;
}

export interface RetentionOptions extends RetentionLimits {
  readonly db: Store;
  readonly onError: (error: unknown) => void;
  readonly onPruned: (runs: number) => void;
}

const FIRST_MS = 60_000;
const ROUND_MS = 600_000;
const PAUSE_MS = 20;
/** Runs looked at, and removed, together. */
const PAGE = 200;
const BLOB_PAGE = 1000;
const NIL = '00000000-0000-0000-0000-000000000000';

/** Removes old runs every ten minutes. @returns the way to stop that. */
export function startRetention(options: RetentionOptions): () => Promise<void> {
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const later = (ms: number): void => {
    // Processes that were started together do not ask together.
    timer = setTimeout(
      () => {
        running = prune(options, stopping.signal)
          .then((runs) => {
            if (runs > 0) options.onPruned(runs);
          })
          .catch(options.onError)
          .then(() => {
            if (!stopping.signal.aborted) later(ROUND_MS);
          });
      },
      ms + Math.random() * 5000,
    ).unref();
  };
  later(FIRST_MS);
  return async () => {
    stopping.abort();
    clearTimeout(timer);
    await running;
  };
}

/**
 * One round: removes ended runs beyond the limits, and then values nothing refers to any more. Does nothing while
 * another process is at it.
 * @returns how many runs were removed
 */
export function prune(
  { db, days, runs }: RetentionLimits & { readonly db: Store },
  signal?: AbortSignal,
): Promise<number> {
  return db.connection().execute(async (own) => {
    const key = sql`hashtextextended('pipewright retention', 0)`;
    const { rows } = await sql<{ got: boolean }>`select pg_try_advisory_lock(${key}) as got`.execute(own);
    if (!rows[0]?.got) return 0;
    try {
      const round = new Round(own, signal);
      if (days > 0) await round.olderThan(days);
      if (runs > 0) await round.beyond(runs);
      await round.orphans();
      await round.blobs();
      return round.removed;
    } finally {
      // A connection that is gone has given the lock back.
      await sql`select pg_advisory_unlock(${key})`.execute(own).catch(() => undefined);
    }
  });
}

interface Bounds {
  /** Ids begin with the time of creation: this one and lower ones. */
  readonly upTo: string;
  readonly endedBefore: Date;
  readonly environmentId: number | null;
}

class Round {
  removed = 0;
  private readonly db: Store;
  private readonly signal: AbortSignal | undefined;

  constructor(db: Store, signal: AbortSignal | undefined) {
    this.db = db;
    this.signal = signal;
  }

  async olderThan(days: number): Promise<void> {
    const endedBefore = new Date(Date.now() - days * 86_400_000);
    await this.remove({ upTo: firstIdOf(endedBefore), endedBefore, environmentId: null });
  }

  async beyond(runs: number): Promise<void> {
    const environments = await this.db.selectFrom('environments').select('id').orderBy('id').execute();
    for (const { id } of environments) {
      if (this.signal?.aborted) return;
      const first = await this.db
        .selectFrom('executions')
        .select('id')
        .where('environment_id', '=', id)
        .orderBy('id', 'desc')
        .offset(runs)
        .limit(1)
        .executeTakeFirst();
      if (first) await this.remove({ upTo: first.id, endedBefore: new Date(), environmentId: id });
    }
  }

  /** Values that have not been referred to for an hour and that no step refers to now. */
  async blobs(): Promise<void> {
    let after: Buffer = Buffer.alloc(0);
    while (!this.signal?.aborted) {
      const page = await this.db
        .selectFrom('blobs')
        .select('hash')
        .where('hash', '>', after)
        .orderBy('hash')
        .limit(BLOB_PAGE)
        .execute();
      const last = page.at(-1);
      if (!last) return;
      // A step that is recorded just now touches its value in the same commit.
      await sql`delete from blobs b where hash > ${after} and hash <= ${last.hash}
        and touched_at < now() - interval '1 hour'
        and not exists (select from steps where output_hash = b.hash)
        and not exists (select from steps where input_hash = b.hash)`.execute(this.db);
      after = last.hash;
      await this.pause();
    }
  }

  /** What came for a run while it was being deleted. */
  async orphans(): Promise<void> {
    for (const table of ['signals', 'approvals', 'awaited_calls']) {
      let removed = BLOB_PAGE;
      while (removed === BLOB_PAGE && !this.signal?.aborted) {
        const { numAffectedRows } = await sql`delete from ${sql.table(table)} where ctid = any(array(
          select o.ctid from ${sql.table(table)} o where o.created_at < now() - interval '1 hour'
            and not exists (select from executions e where e.id = o.execution_id)
          limit ${BLOB_PAGE}))`.execute(this.db);
        removed = Number(numAffectedRows ?? 0);
        await this.pause();
      }
    }
  }

  private async remove(bounds: Bounds): Promise<void> {
    let after = NIL;
    while (!this.signal?.aborted) {
      const page = await pageOf(this.db, bounds, after);
      const last = page.at(-1);
      if (!last) return;
      after = last.id;
      const ids = page.filter((run) => run.removable).map((run) => run.id);
      await deleteRuns(this.db, ids, () => this.pause());
      this.removed += ids.length;
      await this.pause();
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      setTimeout(resolve, PAUSE_MS);
    });
  }
}

/**
 * The next runs within the bounds, and whether they may go: not while they are live, nor while one they were started
 * for, or one that was started for them, is.
 */
async function pageOf(db: Store, { upTo, endedBefore, environmentId }: Bounds, after: string) {
  const { rows } = await sql<{ id: string; removable: boolean }>`
    with recursive page as (
      select id, root_id, finished_at from executions
      where id > ${after}::uuid and id <= ${upTo}::uuid
        ${environmentId === null ? sql`` : sql`and environment_id = ${environmentId}`}
      order by id limit ${PAGE}
    ), below as (
      select id as top, id from page
      union
      select b.top, e.id from below b join executions e on e.parent_id = b.id
    )
    select p.id, p.finished_at is not null and p.finished_at < ${endedBefore}
      and not exists (select from executions r where r.id = p.root_id and r.finished_at is null)
      and not exists (select from below b join executions e on e.id = b.id where b.top = p.id and e.finished_at is null)
      as removable
    from page p order by p.id`.execute(db);
  return rows;
}

/** The lowest id a run created at a time can have. */
function firstIdOf(time: Date): string {
  const hex = Math.max(0, time.getTime()).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
