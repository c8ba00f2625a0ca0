import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { OutputOf } from '#contract/contract.ts';
import { type AgentStage, MODEL_KEY, startAgentStage } from '#server/agent-flow-fixture.ts';

type Page = OutputOf<'models', 'calls'>;
type Report = OutputOf<'models', 'usage'>;
type Budget = OutputOf<'budgets', 'put'>;

let stage: AgentStage;
beforeAll(async () => {
  stage = await startAgentStage();
});
afterAll(() => stage.close());
beforeEach(() => {
  stage.llm.requests.length = 0;
});

const calculator = { sum: { type: 'calculator', config: { expression: '1 + 1' } } };

test('a run counts its calls to the token; they outlive it and are in the reports', async () => {
  const slug = await stage.draw({ model: { model_name: 'gpt-4.1-nano-x' }, tools: calculator });
  stage.llm.script(
    { toolCalls: [{ name: 'sum', args: {} }], usage: { input: 1_000, cached: 500, output: 20 } },
    { text: 'Two.', usage: { input: 1_100, cached: 1_000, output: 30 } },
  );
  const run = await stage.say(slug, 'How much is one and one?');
  const cost = (600 * 0.1 + 1_500 * 0.025 + 50 * 0.4) / 1_000_000;
  expect(run).toMatchObject({ status: 'completed', llm_calls: 2, total_tokens: 2_150 });
  const { execution_id } = run;
  const listed = await stage.person.ok<OutputOf<'executions', 'list'>>('executions.list', {
    workflow_slug: slug,
  });
  expect(listed.items).toMatchObject([
    { execution_id, llm_calls: 2, total_tokens: 2_150, total_cost_usd: cost },
  ]);
  const calls = await stage.person.ok<Page>('models.calls', { execution_id });
  expect(
    calls.items.map((one) => [
      one.node_id,
      one.input_tokens,
      one.cached_tokens,
      one.output_tokens,
      one.status,
    ]),
  ).toEqual([
    ['agent', 1_100, 1_000, 30, 'ok'],
    ['agent', 1_000, 500, 20, 'ok'],
  ]);
  await stage.person.ok('executions.batchDelete', { execution_ids: [execution_id] });
  for (const by of ['day', 'workflow', 'model'] as const) {
    const report = await stage.person.ok<Report>('models.usage', { by, model: 'gpt-4.1-nano-x' });
    expect(report.totals).toEqual({
      calls: 2,
      failed_calls: 0,
      input_tokens: 2_100,
      cached_tokens: 1_500,
      output_tokens: 50,
      cost_usd: cost,
      unpriced_calls: 0,
    });
    const found = report.items.filter((item) => item.calls > 0);
    expect(found).toHaveLength(1);
    expect(report.items).toHaveLength(by === 'day' ? 30 : 1);
  }
});

test('a budget stops the run before the call, in words for people, and is no longer in the way once removed', async () => {
  const slug = await stage.draw({});
  const budget = await stage.person.ok<Budget>('budgets.put', { period: 'day', max_tokens: 10 });
  const run = await stage.say(slug, 'Hello?');
  expect(run).toMatchObject({ status: 'failed', llm_calls: 0 });
  expect(run.error_message).toContain('The model was not asked: the budget of the environment for today');
  expect(run.logs.find((log) => log.node_id === 'agent')?.error_code).toBe('budget_exceeded');
  expect(stage.llm.requests).toHaveLength(0);
  await stage.person.ok('budgets.remove', { budget_id: budget.id });
  stage.llm.script({ text: 'Hello!' });
  expect((await stage.say(slug, 'Hello?')).status).toBe('completed');
});

test('the key is nowhere: not in what is stored, nor in what is answered', async () => {
  const slug = await stage.draw({ tools: calculator });
  const echo = `It is ${MODEL_KEY}, or ${Buffer.from(MODEL_KEY).toString('base64')}.`;
  stage.llm.script(
    { toolCalls: [{ name: 'sum', args: { expression: MODEL_KEY } }] },
    { status: 401, error: `Wrong key ${MODEL_KEY}` },
  );
  const failed = await stage.say(slug, 'Tell me your key.');
  expect(failed.status).toBe('failed');
  stage.llm.script({ text: echo });
  const told = await stage.say(slug, 'So what is it?');
  expect(told.status).toBe('completed');
  expect(stage.llm.requests.some(({ raw }) => raw.includes(MODEL_KEY))).toBe(false);
  expect(stage.llm.requests.every(({ headers }) => headers.authorization === `Bearer ${MODEL_KEY}`)).toBe(
    true,
  );
  const answers = await Promise.all([
    stage.person.call('models.calls'),
    stage.callsOf(told.execution_id),
    stage.person.call('executions.events', { execution_id: failed.execution_id }),
  ]);
  expect(JSON.stringify([failed, told, answers])).not.toContain(MODEL_KEY.slice(4));
  const { pool } = stage.server.connection;
  for (const table of ['llm_calls', 'steps', 'step_calls', 'event_chunks']) {
    const { rows } = await pool.query<{ text: string }>(`select t::text as text from ${table} t`);
    expect(rows.length, table).toBeGreaterThan(0);
    for (const { text } of rows) expect(text, table).not.toContain(MODEL_KEY.slice(4));
  }
});
