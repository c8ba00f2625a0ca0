import { type SqlBool, sql } from 'kysely';
import type { Db } from '#server/db/connection.ts';
import { usageOfRuns } from '#server/model/usage.ts';
import { seesEverything, type Viewer } from '../handler.ts';
import { type ExecutionOut, executionColumns, executionOutOf, LIVE, type Stored, storedAs } from './store.ts';
import { type TallyScope, tallyOf } from './tally.ts';

export interface ListRequest {
  readonly limit: number;
  readonly offset: number;
  readonly workflow_slug?: string | undefined;
  readonly status?: string | undefined;
}

/** Newest first. Filters that match nothing known give an empty page. */
export async function listExecutions(db: Db, viewer: Viewer, request: ListRequest) {
  const { limit, offset, workflow_slug, status } = request;
  const stored = status ? storedAs(status) : null;
  if (status && !stored) return { items: [], total: 0 };
  const workflowId = workflow_slug ? await workflowIdOf(db, workflow_slug) : null;
  if (workflow_slug && workflowId === null) return { items: [], total: 0 };
  const scope = { environmentId: seesEverything(viewer) ? null : viewer.environmentId, workflowId };
  const found = { scope, stored };
  // Far down the list the number of runs is needed to begin at the nearer end; else there is no need to wait for it.
  if (offset < FAR) {
    const [total, ids] = await Promise.all([count(db, found), pageFromTop(db, found, { limit, offset })]);
    return { items: await shown(db, ids), total };
  }
  const total = await count(db, found);
  const rest = Math.max(0, Math.min(limit, total - offset));
  const ids =
    offset < total / 2
      ? await pageFromTop(db, found, { limit: rest, offset })
      : (await pageOf(db, found, 'asc', { limit: rest, offset: total - offset - rest })).toReversed();
  return { items: await shown(db, ids), total };
}

const FAR = 1000;

interface Found {
  readonly scope: TallyScope;
  readonly stored: { readonly words: Stored[]; readonly interrupted: boolean } | null;
}

interface Stretch {
  readonly limit: number;
  readonly offset: number;
}

async function workflowIdOf(db: Db, slug: string): Promise<number | null> {
  const row = await db.selectFrom('workflows').select('id').where('slug', '=', slug).executeTakeFirst();
  return row?.id ?? null;
}

/** Without the join: only what is shown needs the workflows' names. */
function filtered(db: Db, { scope, stored }: Found) {
  const { environmentId, workflowId } = scope;
  let query = db.selectFrom('executions');
  if (environmentId !== null) query = query.where('environment_id', '=', environmentId);
  if (workflowId !== null) query = query.where('workflow_id', '=', workflowId);
  if (!stored) return query;
  query = query.where('status', 'in', stored.words);
  // A run that has ended is shown by its end, whatever it waited for before.
  if (stored.interrupted) return query.where('interrupted', '=', true);
  return stored.words.some((word) => LIVE.includes(word)) ? query.where('interrupted', '=', false) : query;
}

async function count(db: Db, found: Found): Promise<number> {
  const completed = found.stored?.words.includes('completed') ?? false;
  if (!found.stored || completed) return tallyOf(db).count(found.scope, { completed });
  const { total } = await filtered(db, found)
    .select(sql<number>`count(*)::int`.as('total'))
    .executeTakeFirstOrThrow();
  return total;
}

const pageFromTop = (db: Db, found: Found, stretch: Stretch): Promise<string[]> =>
  pageOf(db, found, 'desc', stretch);

/** Ids are made of the time of creation, so their order is that of creation and one index gives it. */
async function pageOf(
  db: Db,
  found: Found,
  direction: 'asc' | 'desc',
  { limit, offset }: Stretch,
): Promise<string[]> {
  if (limit === 0) return [];
  const rows = await filtered(db, found)
    .select('id')
    .orderBy('id', direction)
    .limit(limit)
    .offset(offset)
    .execute();
  return rows.map(({ id }) => id);
}

async function shown(db: Db, ids: readonly string[]): Promise<ExecutionOut[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('executions')
    .innerJoin('workflows', 'workflows.id', 'executions.workflow_id')
    .select(executionColumns)
    .where(sql<SqlBool>`executions.id = any(${ids}::uuid[])`)
    .orderBy('executions.id', 'desc')
    .execute();
  const usage = await usageOfRuns(db, ids);
  return rows.map((row) => executionOutOf(row, usage.get(row.id)));
}
