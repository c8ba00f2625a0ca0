import { sql } from 'kysely';
import type { Db } from '#server/db/connection.ts';
import type { StepPlace } from '#server/engine/interface.ts';
import { pageBudget } from '#server/features/chat/page-usage.ts';
import { originOf } from '#server/run-start/run-origin.ts';
import { lockBudgets, reserve, spentOf } from './budget-check.ts';
import { costOf, type Price, priceOf, type Tokens } from './price.ts';

/** Whose call it is. */
export type CallPlace = Pick<
  StepPlace,
  | 'environmentId'
  | 'workflowId'
  | 'executionId'
  | 'rootId'
  | 'rootWorkflowId'
  | 'node'
  | 'scope'
  | 'call'
  | 'triggerKind'
>;

/** A call that is about to be made. */
export interface PlannedCall {
  readonly place: CallPlace;
  readonly provider: string;
  readonly model: string;
  readonly credentialId: number;
  /** Of the prompt, estimated. */
  readonly inputTokens: number;
  readonly maxOutput: number | null;
  readonly timeoutMs: number;
}

/** A call in the ledger. */
export interface OpenCall {
  readonly id: string;
  readonly price: Price | null;
  /** The answer may have so many tokens; null: as many as the provider likes. */
  readonly maxOutput: number | null;
}

export interface EndedCall {
  /** Null: it went well. */
  readonly errorCode: string | null;
  readonly tokens: Tokens;
  readonly isEstimated: boolean;
  readonly durationMs: number;
}

/** What a process that dies may leave reserved, beyond the time the call had. */
const GRACE_MS = 30_000;

/**
 * Writes down a call before it is made, with what it may need set aside from every budget it counts for.
 * @throws StepError `budget_exceeded` or `model_without_price`; then no call may be made
 */
export async function openCall(db: Db, call: PlannedCall): Promise<OpenCall> {
  const { place, inputTokens, maxOutput } = call;
  const price = await priceOf(db, call.model);
  return db.transaction().execute(async (trx) => {
    const origin = await originOf(trx, place.rootId, place.triggerKind);
    const spender = { ...place, originId: origin.run, originKind: origin.kind };
    const budgets = await lockBudgets(trx, spender);
    const found = [];
    for (const budget of budgets) found.push([budget, await spentOf(trx, budget, spender)] as const);
    // Whoever has no account spends from the budget of the page they are on, too.
    const page = await pageBudget(trx, origin.run);
    if (page) found.push(page);
    const reserved =
      found.length === 0
        ? { tokens: 0, usd: 0, maxOutput }
        : reserve(found, { model: call.model, inputTokens, maxOutput, price });
    const { id } = await trx
      .insertInto('llm_calls')
      .values({
        environment_id: place.environmentId,
        workflow_id: place.workflowId,
        execution_id: place.executionId,
        root_id: place.rootId,
        origin_id: origin.run === place.rootId ? null : origin.run,
        origin_kind: origin.kind,
        node_id: place.node,
        scope: place.scope,
        step_key: place.call,
        trigger_kind: place.triggerKind,
        provider: call.provider,
        model: call.model,
        credential_id: call.credentialId,
        price_version: price?.version ?? null,
        reserved_tokens: reserved.tokens,
        reserved_usd: reserved.usd.toFixed(9),
        expires_at: sql<Date>`now() + ${call.timeoutMs + GRACE_MS} * interval '1 millisecond'`,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return { id, price, maxOutput: reserved.maxOutput };
  });
}

/** Settles a call: what it took counts from now on instead of what was reserved. @returns its cost in US dollars */
export async function closeCall(db: Db, { id, price }: OpenCall, ended: EndedCall): Promise<number> {
  const cost = costOf(price, ended.tokens);
  await db
    .updateTable('llm_calls')
    .set({
      status: ended.errorCode === null ? 'ok' : 'failed',
      error_code: ended.errorCode,
      input_tokens: ended.tokens.input,
      cached_tokens: ended.tokens.cached,
      output_tokens: ended.tokens.output,
      is_estimated: ended.isEstimated,
      cost_usd: cost.toFixed(9),
      reserved_tokens: 0,
      reserved_usd: 0,
      duration_ms: Math.round(ended.durationMs),
    })
    .where('id', '=', id)
    .execute();
  return cost;
}
