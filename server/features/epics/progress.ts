import { sql } from 'kysely';
import { NOW, type Trx } from './row.ts';

/**
 * Counts and sums the tasks of an epic anew. The epic has to be locked, so that two changes at once do not both count
 * what was before the other.
 */
export async function recount(trx: Trx, epicId: string): Promise<void> {
  await sql`
    update epics set total_tasks = now.total, completed_tasks = now.completed, failed_tasks = now.failed,
      spent_tokens = now.tokens, spent_usd = now.usd, updated_at = clock_timestamp()
    from (
      select count(*)::int as total,
        count(*) filter (where status = 'completed')::int as completed,
        count(*) filter (where status = 'failed')::int as failed,
        coalesce(sum(actual_tokens), 0) as tokens,
        -- Sums of cents in binary end in …0000001.
        round(coalesce(sum(actual_usd), 0)::numeric, 8)::float8 as usd
      from tasks where epic_id = ${epicId}
    ) as now
    where epics.id = ${epicId}
  `.execute(trx);
}

const isFree = sql<boolean>`not exists (
  select from unnest(tasks.depends_on) as needed (id)
  left join tasks as other on other.id = needed.id and other.epic_id = tasks.epic_id
  where other.status is distinct from 'completed'
)`;

/** Blocked tasks that wait for one of these, and for nothing else any more, become pending. @returns their ids. */
export async function unblockDependents(
  trx: Trx,
  epicId: string,
  taskIds: readonly string[],
): Promise<string[]> {
  if (taskIds.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    update tasks set status = 'pending', updated_at = ${NOW}
    where epic_id = ${epicId} and status = 'blocked' and depends_on && ${[...taskIds]}::text[] and ${isFree}
    returning id
  `.execute(trx);
  return rows.map(({ id }) => id);
}

/**
 * Takes deleted tasks out of what others depend on; those that are blocked by nothing any more become pending.
 * @returns the ids of the tasks that changed.
 */
export async function forgetDependencies(
  trx: Trx,
  epicId: string,
  deleted: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update tasks set updated_at = ${NOW}, depends_on = array(
      select needed.id from unnest(depends_on) with ordinality as needed (id, n)
      where needed.id <> all (${[...deleted]}::text[]) order by needed.n
    )
    where epic_id = ${epicId} and depends_on && ${[...deleted]}::text[]
    returning id
  `.execute(trx);
  const ids = rows.map(({ id }) => id);
  if (ids.length > 0) {
    await sql`update tasks set status = 'pending' where id = any (${ids}::text[]) and status = 'blocked' and ${isFree}
    `.execute(trx);
  }
  return ids;
}

/** Whether every one of these is a completed task of the epic. */
export async function areCompleted(trx: Trx, epicId: string, taskIds: readonly string[]): Promise<boolean> {
  if (taskIds.length === 0) return true;
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from tasks
    where epic_id = ${epicId} and id = any (${[...taskIds]}::text[]) and status = 'completed'
  `.execute(trx);
  return rows[0]?.n === taskIds.length;
}
