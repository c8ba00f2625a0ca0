import { sql } from 'kysely';
import type { Db } from '#server/db/connection.ts';
import { publishEpic, updatesOf } from './epic-event.ts';
import { recount, unblockDependents } from './progress.ts';
import { NOW, presentEpic, type TaskRow, type Trx, taskRows } from './row.ts';
import { standing } from './task-change.ts';

const EVERY_MS = 1000;
const BATCH = 50;
const MAX_SUMMARY = 500;

interface Ended {
  readonly id: string;
  readonly epic_id: string;
}

/** Takes the runs that tasks are linked with into account once they have ended, wherever they were driven. */
export function startRunWatch(db: Db): () => Promise<void> {
  let work: Promise<void> | null = null;
  const timer = setInterval(() => {
    // What fails now is found again in the next round.
    work ??= settleEnded(db)
      .catch(() => undefined)
      .finally(() => {
        work = null;
      });
  }, EVERY_MS);
  return async () => {
    clearInterval(timer);
    await work;
  };
}

/** One look at the tasks whose runs have ended. */
export async function settleEnded(db: Db): Promise<void> {
  const { rows } = await sql<Ended>`
    select tasks.id, tasks.epic_id from tasks join executions on executions.id = tasks.execution_id
    where tasks.awaits_run and executions.status in ('completed', 'failed', 'cancelled')
    order by tasks.epic_id, tasks.id limit ${BATCH}
  `.execute(db);
  for (const task of rows) await db.transaction().execute((trx) => settle(trx, task));
}

/** The end of a run, as its task takes it over. Tokens and costs join when runs have them. */
interface RunEnd {
  readonly status: 'completed' | 'failed' | 'cancelled';
  readonly output: unknown;
  readonly error: { readonly message?: string } | null;
  readonly duration_ms: number;
}

async function settle(trx: Trx, { id, epic_id }: Ended): Promise<void> {
  const epic = await trx
    .selectFrom('epics')
    .select('id')
    .where('id', '=', epic_id)
    .forUpdate()
    .executeTakeFirst();
  if (!epic) return;
  // Another process may have been first, and the link may have changed.
  const task = await taskRows(trx)
    .where('tasks.id', '=', id)
    .where('awaits_run', '=', true)
    .executeTakeFirst();
  const run = task?.execution_id ? await findEnd(trx, task.execution_id) : undefined;
  if (!task || !run) return;
  await trx
    .updateTable('tasks')
    .set({ duration_ms: run.duration_ms, awaits_run: false, updated_at: NOW, ...outcome(task, run) })
    .where('id', '=', id)
    .execute();
  const freed = run.status === 'completed' ? await unblockDependents(trx, epic_id, [id]) : [];
  await recount(trx, epic_id);
  await publishEpic(trx, epic_id, [
    ...(await updatesOf(trx, [id])),
    ...(await updatesOf(trx, freed)),
    { type: 'epic_updated', data: await presentEpic(trx, epic_id) },
  ]);
}

async function findEnd(trx: Trx, executionId: string): Promise<RunEnd | undefined> {
  const { rows } = await sql<RunEnd>`
    select status, output, error,
      greatest(0, floor(extract(epoch from finished_at - coalesce(started_at, created_at)) * 1000))::float8
        as duration_ms
    from executions where id = ${executionId} and status in ('completed', 'failed', 'cancelled')
      and finished_at is not null
  `.execute(trx);
  return rows[0];
}

/** A running task ends as its run did; what somebody has said about a task by hand stays. */
function outcome(task: TaskRow, run: RunEnd) {
  if (task.status !== 'running') return {};
  const message = run.error?.message;
  return {
    ...standing(task, run.status),
    ...(run.status === 'completed' &&
      task.result_summary === null && { result_summary: summaryOf(run.output) }),
    ...(run.status === 'failed' &&
      task.error_message === null && { error_message: message ?? 'The run failed.' }),
  };
}

function summaryOf(output: unknown): string | null {
  if (output === null) return null;
  const text = typeof output === 'string' ? output : JSON.stringify(output);
  return text.length > MAX_SUMMARY ? `${text.slice(0, MAX_SUMMARY).replace(/[\uD800-\uDBFF]$/, '')}…` : text;
}
