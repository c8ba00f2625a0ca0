import { type Kysely, sql } from 'kysely';
import type { Database } from './schema.ts';

/** What belongs to runs, by `execution_id`. There are no foreign keys: they would cost every recorded step. */
const RUN_TABLES = [
  'steps',
  'step_calls',
  'api_calls',
  'event_chunks',
  'signals',
  'approvals',
  'awaited_calls',
  'run_slots',
  'chat_visits',
  'chat_deliveries',
] as const;
const MAX_ROWS = 1000;

/**
 * Removes runs with everything that belongs to them, at most 1,000 rows at once. The runs themselves go last, so
 * that nothing is left behind by a process that dies on the way.
 * @param pause waited for after every full batch
 */
export async function deleteRuns(
  db: Kysely<Database>,
  ids: readonly string[],
  pause: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  if (ids.length === 0) return;
  for (const table of RUN_TABLES) {
    while ((await deleteSome(db, table, ids)) === MAX_ROWS) await pause();
  }
  await db.transaction().execute(async (trx) => {
    // Whoever still drives one of them can record nothing from here on.
    await sql`select from executions where id = any(${ids}::uuid[]) order by id for update`.execute(trx);
    for (const table of RUN_TABLES) {
      await sql`delete from ${sql.table(table)} where execution_id = any(${ids}::uuid[])`.execute(trx);
    }
    await sql`delete from executions where id = any(${ids}::uuid[])`.execute(trx);
  });
}

async function deleteSome(
  db: Kysely<Database>,
  table: (typeof RUN_TABLES)[number],
  ids: readonly string[],
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from ${sql.table(table)} where ctid = any(array(
      select ctid from ${sql.table(table)} where execution_id = any(${ids}::uuid[]) limit ${MAX_ROWS}))`.execute(
    db,
  );
  return Number(numAffectedRows ?? 0);
}
