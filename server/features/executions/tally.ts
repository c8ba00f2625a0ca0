import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Db } from '#server/db/connection.ts';

/** Whose runs are counted; null: of every environment, of every workflow. */
export interface TallyScope {
  readonly environmentId: number | null;
  readonly workflowId: number | null;
}

interface Remembered {
  /** Runs with this id or a lower one were counted. */
  readonly upTo: string;
  readonly runs: number;
  /** Which removals had been noted by then. */
  readonly removals: string;
  readonly at: number;
}

interface Counted {
  readonly runs: number;
  readonly older: number;
  readonly excluded: number;
  readonly removals: string;
  readonly notes: number;
}

/** Fewer are counted afresh each time: that takes no longer than remembering would. */
const WORTH_REMEMBERING = 5000;
/** A run is stored within moments of getting its id; what is older than this does not grow any more. */
const SETTLED_MS = 10_000;
/** Should it have grown all the same (a process's clock was behind, a database was away), this is how long that shows. */
const REMEMBERED_MS = 60_000;
const MAX_REMEMBERED = 1000;
const MAX_NOTES = 1000;

const NIL = '00000000-0000-0000-0000-000000000000';
const LIVE = sql`status in ('queued', 'running', 'waiting')`;
const FAILED = sql`status in ('failed', 'cancelled')`;

/**
 * Counts runs. Going through a hundred thousand index entries for every page of a list would be most of its cost, so
 * the number of older runs is remembered: they only become fewer, which the database notes. What is younger is counted
 * every time, in the same snapshot as those notes.
 */
export class RunTally {
  readonly #db: Db;
  readonly #remembered = new Map<string, Remembered>();

  constructor(db: Db) {
    this.#db = db;
  }

  /** All runs, or those that have completed: the ones that neither live nor failed. */
  async count(scope: TallyScope, { completed }: { completed: boolean }): Promise<number> {
    const key = `${scope.environmentId} ${scope.workflowId}`;
    const known = this.#remembered.get(key);
    if (known && Date.now() - known.at < REMEMBERED_MS) {
      const now = await this.#look(scope, { after: known.upTo, settled: null, completed });
      if (now.removals === known.removals) {
        if (now.runs > WORTH_REMEMBERING) this.#remembered.delete(key);
        return known.runs + now.runs - now.excluded;
      }
    }
    const settled = idAt(Date.now() - SETTLED_MS);
    const now = await this.#look(scope, { after: NIL, settled, completed });
    this.#remembered.delete(key);
    if (now.older >= WORTH_REMEMBERING) {
      const { older: runs, removals } = now;
      this.#remembered.set(key, { upTo: settled, runs, removals, at: Date.now() });
    }
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > MAX_REMEMBERED && oldest !== undefined) this.#remembered.delete(oldest);
    if (now.notes > MAX_NOTES) await this.#forgetNotes();
    return now.runs - now.excluded;
  }

  /** One statement, so one snapshot. */
  async #look(
    scope: TallyScope,
    { after, settled, completed }: { after: string; settled: string | null; completed: boolean },
  ): Promise<Counted> {
    const within = scopeOf(scope);
    const older = settled === null ? sql`0` : sql`(count(*) filter (where id <= ${settled}::uuid))::int`;
    const excluded = completed
      ? sql`(select count(*) from executions where ${within} and ${LIVE})
          + (select count(*) from executions where ${within} and ${FAILED})`
      : sql`0`;
    const { rows } = await sql<Counted>`
      select counted.runs, counted.older, (${excluded})::int as excluded, noted.removals, noted.notes
      from (select count(*)::int as runs, ${older} as older from executions where ${within} and id > ${after}::uuid)
        as counted,
      (select count(*)::int as notes, count(*) || ' ' || coalesce(max(id), 0) as removals from run_removals) as noted
    `.execute(this.#db);
    const [row] = rows;
    if (!row) throw new Error('An aggregate gave no row.');
    return row;
  }

  async #forgetNotes(): Promise<void> {
    await sql`delete from run_removals where created_at < now() - interval '5 minutes'`.execute(this.#db);
  }
}

const tallies = new WeakMap<Db, RunTally>();

/** What is remembered goes with the database it was counted in. */
export function tallyOf(db: Db): RunTally {
  const known = tallies.get(db) ?? new RunTally(db);
  tallies.set(db, known);
  return known;
}

function scopeOf({ environmentId, workflowId }: TallyScope): RawBuilder<SqlBool> {
  const inEnvironment = environmentId === null ? sql`true` : sql`environment_id = ${environmentId}`;
  const ofWorkflow = workflowId === null ? sql`true` : sql`workflow_id = ${workflowId}`;
  return sql<SqlBool>`${inEnvironment} and ${ofWorkflow}`;
}

/** The lowest id a run created at that time can have. */
function idAt(milliseconds: number): string {
  const hex = milliseconds.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
