import { type Kysely, sql } from 'kysely';
import { StepError } from '#domain/node/executor.ts';
import type { Database } from '#server/db/schema.ts';
import { costOf, type Price } from './price.ts';

/** Whose call it is, as budgets see it. */
export interface Spender {
  readonly environmentId: number;
  readonly workflowId: number;
  readonly triggerKind: string;
  /** The run that everything began with, and how that was started. */
  readonly originId: string;
  readonly originKind: string;
}

export interface BudgetRow {
  readonly id: number;
  readonly workflow_id: number | null;
  readonly trigger_kind: string | null;
  readonly period: 'run' | 'day' | 'month';
  readonly max_tokens: string | null;
  readonly max_usd: string | null;
}

export interface Spent {
  readonly tokens: number;
  readonly usd: number;
}

/** What a call may need. */
export interface Need {
  readonly model: string;
  readonly inputTokens: number;
  /** Null: as many as are left, up to a usual answer. */
  readonly maxOutput: number | null;
  readonly price: Price | null;
}

/** What is set aside for a call until its end. */
export interface Reserved extends Spent {
  /** The answer may have so many tokens; null: no budget says. */
  readonly maxOutput: number | null;
}

/** Of an answer whose length nobody has limited. */
const USUAL_OUTPUT = 4_096;
/** With less no answer is worth asking for. */
const LEAST_OUTPUT = 256;

/**
 * The budgets a call counts for, locked until the transaction ends: those who come after see what it reserved.
 */
export async function lockBudgets(trx: Kysely<Database>, spender: Spender): Promise<BudgetRow[]> {
  const { environmentId, workflowId, triggerKind, originKind } = spender;
  return trx
    .selectFrom('budgets')
    .select(['id', 'workflow_id', 'trigger_kind', 'period', 'max_tokens', 'max_usd'])
    .where('environment_id', '=', environmentId)
    .where((where) => where.or([where('workflow_id', 'is', null), where('workflow_id', '=', workflowId)]))
    .where((where) =>
      where.or([where('trigger_kind', 'is', null), where('trigger_kind', 'in', [triggerKind, originKind])]),
    )
    .orderBy('id')
    .forUpdate()
    .execute();
}

/** What was spent and is reserved within a budget. `originId`: for budgets of every run, with all it has started. */
export async function spentOf(
  db: Kysely<Database>,
  { workflow_id, trigger_kind, period }: Pick<BudgetRow, 'workflow_id' | 'trigger_kind' | 'period'>,
  { environmentId, originId }: Pick<Spender, 'environmentId' | 'originId'>,
): Promise<Spent> {
  const since = sql`date_trunc(${period === 'run' ? 'day' : period}, now() at time zone 'utc') at time zone 'utc'`;
  const within =
    period === 'run' ? sql`coalesce(origin_id, root_id) = ${originId}::uuid` : sql`started_at >= ${since}`;
  const { rows } = await sql<{ tokens: string; usd: string }>`
    select
      coalesce(sum(case
        when status <> 'running' then input_tokens + output_tokens
        when expires_at > now() then reserved_tokens else 0 end), 0) as tokens,
      coalesce(sum(case
        when status <> 'running' then cost_usd
        when expires_at > now() then reserved_usd else 0 end), 0) as usd
    from llm_calls
    where environment_id = ${environmentId} and ${within}
      ${workflow_id === null ? sql`` : sql`and workflow_id = ${workflow_id}`}
      ${trigger_kind === null ? sql`` : sql`and ${trigger_kind} in (trigger_kind, origin_kind)`}`.execute(db);
  return { tokens: Number(rows[0]?.tokens ?? 0), usd: Number(rows[0]?.usd ?? 0) };
}

/**
 * Sets aside what a call may need. Where nobody limited the answer it may be as long as the budget allows.
 * A model without a price costs nothing on paper: where dollars alone limit what is spent it is not asked at all, and
 * where tokens are limited too it is those that hold.
 * @throws StepError `budget_exceeded` or `model_without_price`, permanent
 */
export function reserve(budgets: readonly (readonly [BudgetRow, Spent])[], need: Need): Reserved {
  const { inputTokens, price } = need;
  const blind = price === null && budgets.find(([{ max_tokens }]) => max_tokens === null);
  if (blind) throw withoutPrice(need.model, blind[0]);
  const input = { input: inputTokens, cached: 0, output: 0 };
  const room = Math.min(...budgets.map(([budget, spent]) => roomFor(budget, spent, need)));
  const maxOutput = need.maxOutput ?? Math.min(USUAL_OUTPUT, room);
  if (maxOutput > room || (need.maxOutput === null && room < LEAST_OUTPUT)) {
    const tightest = budgets.find(([budget, spent]) => roomFor(budget, spent, need) === room);
    if (tightest) throw exceeded(...tightest);
  }
  return {
    tokens: inputTokens + maxOutput,
    usd: costOf(price, { ...input, output: maxOutput }),
    maxOutput,
  };
}

/** How many tokens an answer may have within one budget; below 0: not even the prompt fits. */
function roomFor(budget: BudgetRow, spent: Spent, { inputTokens, price }: Need): number {
  const byTokens =
    budget.max_tokens === null ? Infinity : Number(budget.max_tokens) - spent.tokens - inputTokens;
  if (budget.max_usd === null || price === null) return byTokens;
  const left =
    Number(budget.max_usd) - spent.usd - costOf(price, { input: inputTokens, cached: 0, output: 0 });
  if (left < 0) return -1;
  const byMoney = price.output === 0 ? Infinity : Math.floor((left * 1_000_000) / price.output);
  return Math.min(byTokens, byMoney);
}

function withoutPrice(model: string, budget: BudgetRow): StepError {
  return new StepError(
    'model_without_price',
    `The model was not asked: the budget of ${whoseOf(budget)} ${PERIODS[budget.period]} is in US dollars, and “${model}” has no price, so nobody can tell whether it holds. Give the model a price under Models (0 where it costs nothing), or limit tokens as well.`,
    { permanent: true },
  );
}

const whoseOf = ({ workflow_id }: BudgetRow): string =>
  workflow_id === null ? 'the environment' : 'this workflow';

const PERIODS = { run: 'for each run', day: 'for today', month: 'for this month' } as const;

function exceeded(budget: BudgetRow, spent: Spent): StepError {
  const limits = [
    budget.max_tokens === null ? [] : `${spent.tokens} of ${budget.max_tokens} tokens`,
    budget.max_usd === null
      ? []
      : `${spent.usd.toFixed(4)} of ${Number(budget.max_usd).toFixed(4)} US dollars`,
  ].flat();
  return new StepError(
    'budget_exceeded',
    `The model was not asked: the budget of ${whoseOf(budget)} ${PERIODS[budget.period]} does not allow for this call (${limits.join(' and ')} are spent or reserved). Raise the budget, ask for shorter answers, or wait.`,
    { permanent: true },
  );
}
