import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunOrigin } from '#domain/run/option.ts';
import type { StepPlace } from '#server/engine/interface.ts';
import { KEY, type ModelStage, placeOf, startModelStage } from './stage-fixture.ts';
import { createUsageOf, usageOfRuns } from './usage.ts';

let stage: ModelStage;
let credential = 0;
beforeAll(async () => {
  stage = await startModelStage();
  const base_url = stage.llm.openai;
  credential = await stage.addCredential({ provider_type: 'openai_compatible', base_url, api_key: KEY });
});
afterAll(() => stage.close());
beforeEach(async () => {
  stage.llm.requests.length = 0;
  await stage.db.deleteFrom('llm_calls').execute();
  await stage.db.deleteFrom('budgets').execute();
  stage.llm.always({ status: 400, error: 'Nothing was scripted.' });
});

type Limit = { max_tokens?: number; max_usd?: number; workflow_id?: number; trigger_kind?: string };
const limit = (period: 'run' | 'day' | 'month', more: Limit) =>
  stage.db
    .insertInto('budgets')
    .values({
      environment_id: stage.place.environmentId,
      workflow_id: null,
      trigger_kind: null,
      period,
      ...more,
    })
    .execute();
const priced = (model: string, maxTokens: number | null = null) =>
  stage.request(credential, { choice: { model, maxTokens } });
/** A run that another one has begun. */
async function beginRun(origin: RunOrigin): Promise<StepPlace> {
  const place = placeOf(stage.place);
  const { executionId, workflowId, environmentId } = place;
  await stage.connection.pool.query(
    `with v as (insert into workflow_versions (workflow_id, n, revision, graph, checksum)
       values ($2, 1, 1, '{}', '') returning id)
     insert into executions (id, root_id, environment_id, workflow_id, workflow_version_id, trigger_node, trigger_kind,
       status, trigger, options, created_at)
     select $1, $1, $3, $2, v.id, 'start', 'manual', 'running', '{}', $4, now() from v`,
    [executionId, workflowId, environmentId, JSON.stringify({ origin })],
  );
  return place;
}
const spent = async () =>
  (await stage.calls()).reduce((sum, row) => sum + row.input_tokens + row.output_tokens, 0);

describe('costs', () => {
  test('follow the price table to the token, cached ones apart, by the longest prefix', async () => {
    const usage = { input: 1_000_000, cached: 400_000, output: 100_000 };
    stage.llm.script({ usage }, { usage }, { usage });
    for (const model of ['gpt-4o-mini-2024-07-18', 'openai/gpt-4o', 'nobody-knows-it']) {
      await stage.ask(priced(model), stage.place);
    }
    const rows = await stage.calls();
    expect(rows.map(({ cost_usd, price_version }) => [Number(cost_usd), price_version !== null])).toEqual([
      [0.6 * 0.15 + 0.4 * 0.075 + 0.1 * 0.6, true],
      [0.6 * 2.5 + 0.4 * 1.25 + 0.1 * 10, true],
      [0, false],
    ]);
    const { executionId } = stage.place;
    const cost = 0.18 + 3;
    expect(await createUsageOf(stage.db)({ executionId })).toEqual({
      calls: 3,
      inputTokens: 3_000_000,
      cachedTokens: 1_200_000,
      outputTokens: 300_000,
      costUsd: cost,
    });
    expect(await createUsageOf(stage.db)({ executionId, node: 'model', scope: '/other:1' })).toMatchObject({
      calls: 0,
    });
    const runs = await usageOfRuns(stage.db, [executionId, placeOf(stage.place).executionId]);
    expect([...runs.entries()]).toEqual([[executionId, { calls: 3, tokens: 3_300_000, costUsd: cost }]]);
  });

  test('keep the price of their time when prices change', async () => {
    stage.llm.script({ usage: { input: 1_000_000, output: 0 } }, { usage: { input: 1_000_000, output: 0 } });
    await stage.ask(priced('gpt-4.1'), stage.place);
    const price = { prefix: 'gpt-4.1', input_usd: 7, cached_input_usd: 7, output_usd: 7 };
    await stage.db
      .insertInto('model_prices')
      .values({ ...price, changed_by: null })
      .execute();
    await stage.ask(priced('gpt-4.1'), stage.place);
    const [first, second] = await stage.calls();
    expect([Number(first?.cost_usd), Number(second?.cost_usd)]).toEqual([2, 7]);
    expect(second?.price_version).toBeGreaterThan(first?.price_version ?? 0);
  });
});

describe('a budget', () => {
  test('is never exceeded by calls at the same time', async () => {
    // The prompt counts for less than 50 tokens and the answer for 100: at most 13 calls fit.
    stage.llm.always({ delayMs: 20, usage: { input: 20, output: 100 } });
    await limit('day', { max_tokens: 2_000 });
    const asked = Array.from({ length: 40 }, () =>
      stage.ask(priced('scripted-1', 100), placeOf(stage.place)).then(
        () => 'ok',
        (error: { code?: string }) => error.code,
      ),
    );
    const outcomes = await Promise.all(asked);
    expect(new Set(outcomes)).toEqual(new Set(['ok', 'budget_exceeded']));
    const made = outcomes.filter((one) => one === 'ok').length;
    expect(made).toBeGreaterThan(5);
    expect(stage.llm.requests).toHaveLength(made);
    expect(await spent()).toBeLessThanOrEqual(2_000);
    expect(await spent()).toBe(made * 120);
  });

  test('in dollars holds as well', async () => {
    stage.llm.always({ delayMs: 20, usage: { input: 20, output: 1_000 } });
    await limit('month', { max_usd: 0.05 });
    const asked = Array.from({ length: 20 }, () =>
      stage.ask(priced('gpt-4o', 1_000), placeOf(stage.place)).catch(() => null),
    );
    const made = (await Promise.all(asked)).filter((one) => one !== null).length;
    expect(made).toBe(4);
    const cost = (await stage.calls()).reduce((sum, row) => sum + Number(row.cost_usd), 0);
    expect(cost).toBeLessThanOrEqual(0.05);
  });

  test('in dollars alone asks no model without a price, unless another one that has one can answer', async () => {
    stage.llm.always({ usage: { input: 20, output: 10 } });
    await limit('day', { max_usd: 5 });
    await expect(stage.ask(priced('nobody-knows-it'), stage.place)).rejects.toMatchObject({
      code: 'model_without_price',
      permanent: true,
      message: expect.stringMatching(/“nobody-knows-it” has no price.*limit tokens as well/),
    });
    expect(stage.llm.requests).toHaveLength(0);
    expect(await stage.calls()).toHaveLength(0);
    const fallbacks = [{ credential, model: 'gpt-4o' }];
    const choice = { model: 'nobody-knows-it', fallbacks };
    expect(await stage.ask(stage.request(credential, { choice }), stage.place)).toMatchObject({
      model: 'gpt-4o',
    });
    await stage.db.deleteFrom('budgets').execute();
    await limit('day', { max_usd: 5, max_tokens: 1_000 });
    await stage.ask(priced('nobody-knows-it', 100), stage.place);
    expect(await spent()).toBe(60);
  });

  test('counts what a run begins through the API, and whatever that begins, for where it all began', async () => {
    stage.llm.always({ usage: { input: 100, output: 100 } });
    await limit('run', { max_tokens: 500 });
    await limit('day', { max_tokens: 10_000, trigger_kind: 'chat' });
    const first = { ...placeOf(stage.place), triggerKind: 'chat' };
    const begun = await beginRun({ run: first.executionId, kind: 'chat', depth: 1 });
    // A workflow that the begun one calls and waits for.
    const child = { ...placeOf(stage.place), rootId: begun.executionId, triggerKind: 'workflow' };
    await stage.ask(priced('scripted-1', 100), first);
    await stage.ask(priced('scripted-1', 100), child);
    await expect(stage.ask(priced('scripted-1', 100), begun)).rejects.toMatchObject({
      code: 'budget_exceeded',
      message: expect.stringContaining('400 of 500'),
    });
    await stage.db.deleteFrom('budgets').where('period', '=', 'run').execute();
    await stage.db.updateTable('budgets').set({ max_tokens: 400 }).execute();
    for (const place of [begun, child]) {
      await expect(stage.ask(priced('scripted-1', 100), place)).rejects.toMatchObject({
        message: expect.stringContaining('400 of 400'),
      });
    }
    await stage.ask(priced('scripted-1', 100), placeOf(stage.place));
  });

  test('that is used up lets no call be made, and says so', async () => {
    await limit('day', { max_tokens: 300 });
    await expect(stage.ask(priced('scripted-1', 4_000), stage.place)).rejects.toMatchObject({
      code: 'budget_exceeded',
      permanent: true,
      message: expect.stringContaining('0 of 300 tokens'),
    });
    expect(stage.llm.requests).toHaveLength(0);
    expect(await stage.calls()).toHaveLength(0);
  });

  test('shortens answers nobody has limited to what is left', async () => {
    stage.llm.script({});
    await limit('day', { max_tokens: 1_000 });
    await stage.ask(priced('scripted-1'), stage.place);
    const sent = Number(stage.llm.requests[0]?.body['max_tokens']);
    expect(sent).toBeGreaterThan(900);
    expect(sent).toBeLessThan(1_000);
  });

  test('of every run counts the runs started by it, and no others', async () => {
    stage.llm.always({ usage: { input: 100, output: 100 } });
    await limit('run', { max_tokens: 500 });
    const child = { ...placeOf(stage.place), rootId: stage.place.rootId };
    await stage.ask(priced('scripted-1', 100), stage.place);
    await stage.ask(priced('scripted-1', 100), child);
    const third = stage.ask(priced('scripted-1', 100), child);
    await expect(third).rejects.toMatchObject({ code: 'budget_exceeded' });
    await stage.ask(priced('scripted-1', 100), placeOf(stage.place));
  });

  test('of one workflow or one kind of trigger leaves the others alone', async () => {
    stage.llm.always({});
    await limit('day', { max_tokens: 0, workflow_id: stage.place.workflowId, trigger_kind: 'chat' });
    await stage.ask(priced('scripted-1', 100), stage.place);
    const chat = { ...stage.place, triggerKind: 'chat' };
    await expect(stage.ask(priced('scripted-1', 100), chat)).rejects.toMatchObject({
      code: 'budget_exceeded',
    });
  });

  test('gets back what a call did not need, and what a process that died had reserved', async () => {
    await limit('day', { max_tokens: 1_000 });
    stage.llm.script({ holdAfter: 0 }, { status: 401 }, {});
    const held = stage.ask(priced('scripted-1', 800), stage.place);
    await stage.llm.asked(1);
    await expect(stage.ask(priced('scripted-1', 800), stage.place)).rejects.toMatchObject({
      code: 'budget_exceeded',
    });
    stage.llm.release();
    await held;
    await expect(stage.ask(priced('scripted-1', 800), stage.place)).rejects.toMatchObject({
      code: 'model_refused_key',
    });
    await stage.db
      .updateTable('llm_calls')
      .set({ status: 'running', reserved_tokens: 900, expires_at: new Date(Date.now() - 1_000) })
      .execute();
    await stage.ask(priced('scripted-1', 800), stage.place);
  });
});
