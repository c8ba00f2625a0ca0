import { type Kysely, sql, type Transaction } from 'kysely';
import type { InputOf, OutputOf } from '#contract/contract.ts';
import { TRIGGER_KINDS } from '#domain/node/definition.ts';
import { AppError } from '#domain/problem.ts';
import type { Database } from '#server/db/schema.ts';
import { spentOf } from '#server/model/budget-check.ts';
import type { Viewer } from '../handler.ts';

type BudgetOut = OutputOf<'budgets', 'put'>;

/** The budgets of an environment: its own first, then those of its workflows. */
export async function listBudgets(
  db: Kysely<Database>,
  viewer: Viewer,
  { limit, offset, workflow_id }: { limit: number; offset: number; workflow_id?: number | undefined },
): Promise<OutputOf<'budgets', 'list'>> {
  let found = budgets(db, viewer);
  if (workflow_id !== undefined) found = found.where('budgets.workflow_id', '=', workflow_id);
  const { total } = await found.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow();
  if (limit === 0) return { items: [], total };
  const rows = await found
    .selectAll('budgets')
    .select('workflows.name as workflow_name')
    .orderBy(sql`budgets.workflow_id nulls first`)
    .orderBy('budgets.id')
    .limit(limit)
    .offset(offset)
    .execute();
  return { items: await Promise.all(rows.map((row) => present(db, viewer, row))), total };
}

const budgets = (db: Kysely<Database>, { environmentId }: Viewer) =>
  db
    .selectFrom('budgets')
    .leftJoin('workflows', 'workflows.id', 'budgets.workflow_id')
    .where('budgets.environment_id', '=', environmentId);

/** @throws AppError `not_found` */
export async function findBudget(db: Kysely<Database>, viewer: Viewer, id: number): Promise<BudgetOut> {
  const row = await budgets(db, viewer)
    .selectAll('budgets')
    .select('workflows.name as workflow_name')
    .where('budgets.id', '=', id)
    .executeTakeFirst();
  if (!row) throw new AppError('not_found', 'Budget not found.');
  return present(db, viewer, row);
}

/**
 * Sets the one budget there is for a workflow, kind of trigger and period. @returns its id
 * @throws AppError `invalid` without any limit, `not_found` for a workflow of somebody else
 */
export async function putBudget(
  trx: Transaction<Database>,
  { environmentId }: Viewer,
  { workflow_id, trigger_kind, period, max_tokens, max_usd }: InputOf<'budgets', 'put'>,
): Promise<number> {
  const limits = { max_tokens: max_tokens ?? null, max_usd: max_usd ?? null };
  if (limits.max_tokens === null && limits.max_usd === null) {
    const msg = 'A budget limits tokens, dollars or both.';
    throw new AppError('invalid', [{ type: 'value_error', loc: ['body', 'max_tokens'], msg, input: null }]);
  }
  needKind(trigger_kind);
  if (workflow_id !== null && workflow_id !== undefined) await needWorkflow(trx, environmentId, workflow_id);
  const { id } = await trx
    .insertInto('budgets')
    .values({
      environment_id: environmentId,
      workflow_id: workflow_id ?? null,
      trigger_kind: trigger_kind || null,
      period,
      ...limits,
    })
    .onConflict((same) =>
      same
        .columns(['environment_id', 'workflow_id', 'trigger_kind', 'period'])
        .doUpdateSet({ ...limits, updated_at: sql<Date>`now()` }),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** A budget for what never starts a run would look as if it held. */
function needKind(kind: string | null | undefined): void {
  if (!kind || KINDS.includes(kind)) return;
  const msg = `Nothing starts runs like this. Choose one of ${KINDS.join(', ')}.`;
  throw new AppError('invalid', [{ type: 'value_error', loc: ['body', 'trigger_kind'], msg, input: kind }]);
}

const KINDS: readonly string[] = TRIGGER_KINDS;

async function needWorkflow(trx: Transaction<Database>, environmentId: number, id: number): Promise<void> {
  const there = await trx
    .selectFrom('workflows')
    .select('id')
    .where('id', '=', id)
    .where('environment_id', '=', environmentId)
    .forKeyShare()
    .executeTakeFirst();
  if (!there) throw new AppError('not_found', 'Workflow not found.');
}

interface BudgetRow {
  readonly id: number;
  readonly workflow_id: number | null;
  readonly workflow_name: string | null;
  readonly trigger_kind: string | null;
  readonly period: 'run' | 'day' | 'month';
  readonly max_tokens: string | null;
  readonly max_usd: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const NOBODY = '00000000-0000-0000-0000-000000000000';

async function present(db: Kysely<Database>, { environmentId }: Viewer, row: BudgetRow): Promise<BudgetOut> {
  // A budget of every run is used by each of them alone.
  const used =
    row.period === 'run'
      ? { tokens: 0, usd: 0 }
      : await spentOf(db, row, { environmentId, originId: NOBODY });
  return {
    id: row.id,
    workflow_id: row.workflow_id,
    workflow_name: row.workflow_name,
    trigger_kind: row.trigger_kind,
    period: row.period,
    max_tokens: row.max_tokens === null ? null : Number(row.max_tokens),
    max_usd: row.max_usd === null ? null : Number(row.max_usd),
    used_tokens: used.tokens,
    used_usd: used.usd,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}
