import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AiStage, startAiStage } from './ai-stage-fixture.ts';

let stage: AiStage;
beforeAll(async () => {
  stage = await startAiStage();
});
beforeEach(() => {
  stage.llm.requests.length = 0;
});
afterAll(() => stage.close());

/** A text of the trigger, then `node` with its model, then one Set for every way it has. */
const flowOf = (slug: string, node: [string, object], ways: readonly string[] = [], more: object = {}) =>
  stage.draw(
    slug,
    {
      start: ['trigger_manual'],
      text: ['set', { mode: 'text', text: '{{ trigger.text }}' }],
      model: stage.model,
      work: node,
      ...Object.fromEntries(ways.map((way) => [`to_${way}`, ['set', { mode: 'text', text: way }]])),
      ...more,
    },
    [
      'start.payload > text.input',
      'text.output > work.messages',
      'model.model > work.model',
      ...ways.map((way) => `work.${way} > to_${way}.input`),
      ...('parser' in more ? ['parser.parser > work.output_parser'] : []),
    ],
  );
const outputs = (run: { final_output: Record<string, unknown> | null }) =>
  run.final_output?.['node_outputs'] as Record<string, Record<string, unknown>>;

const categories = [
  { name: 'billing', description: 'Questions about invoices' },
  { name: 'technical', description: 'Something does not work' },
];

describe('a step that fails', () => {
  it('says what it has spent, and so does the end of its run', async () => {
    await flowOf('spender', ['categorizer', { categories }], ['billing', 'technical']);
    stage.llm.script({ text: 'I cannot tell.', usage: { input: 70, output: 30 } });
    const run = await stage.run('spender', { text: 'Hm.' });
    expect(run).toMatchObject({ status: 'failed', total_tokens: 100, llm_calls: 1 });
    const events = await stage.events(run.execution_id);
    const failed = events.find(({ data }) => data['node_id'] === 'work' && data['status'] === 'failed');
    expect(failed?.data['token_usage']).toMatchObject({
      input_tokens: 70,
      output_tokens: 30,
      total_tokens: 100,
      llm_calls: 1,
      cost_usd: run.total_cost_usd,
    });
    expect(events.at(-1)).toMatchObject({
      type: 'execution_failed',
      data: { activity_summary: { total_tokens: 100, llm_calls: 1, total_cost_usd: run.total_cost_usd } },
    });
  });
});

describe('categorizer', () => {
  it('never just takes the first: it fails, or takes what is said for that', async () => {
    const ways = ['billing', 'technical'];
    await flowOf('strict', ['categorizer', { categories }], ways);
    stage.llm.script({ text: 'I cannot tell.' });
    expect(await stage.run('strict', { text: 'Hm.' })).toMatchObject({
      status: 'failed',
      error_message: expect.stringContaining('I cannot tell.'),
    });
    stage.llm.script({ text: 'Either billing or technical.' });
    expect(await stage.run('strict', { text: 'Hm.' })).toMatchObject({ status: 'failed' });
    await flowOf('otherwise', ['categorizer', { categories, fallback: '__other__' }], ways, {
      other: ['set', { mode: 'text', text: 'nobody' }],
    });
    await stage.ada.ok('edges.create', {
      workflow_slug: 'otherwise',
      source_node_id: 'work',
      target_node_id: 'other',
      edge_type: 'conditional',
      condition_value: '__other__',
    });
    stage.llm.script({ text: 'I cannot tell.' });
    expect(outputs(await stage.run('otherwise', { text: 'Hm.' }))).toEqual({ other: { output: 'nobody' } });
  });
});

describe('router', () => {
  const routes = [{ name: 'order' }, { name: 'return' }];

  it('needs no model for a rule', async () => {
    await stage.draw(
      'by-rule',
      {
        start: ['trigger_manual'],
        work: ['router', { routes, condition_field: 'trigger.kind' }],
        yes: ['set', { mode: 'text', text: 'back' }],
      },
      ['start.payload > work.messages', 'work.return > yes.input'],
    );
    expect(outputs(await stage.run('by-rule', { kind: 'return' }))).toEqual({ yes: { output: 'back' } });
    expect(outputs(await stage.run('by-rule', { kind: 'what' }))).toEqual({ work: { route: 'what' } });
    expect(stage.llm.requests).toEqual([]);
  });
});

describe('extractor', () => {
  const extraction_schema = { customer: 'string', total: 'number', note: 'anything unusual' };

  it('fails when the repair is no better', async () => {
    await flowOf('hopeless', ['extractor', { extraction_schema }]);
    stage.llm.script({ text: 'no' }, { text: 'still no' });
    expect(await stage.run('hopeless', { text: 'x' })).toMatchObject({
      status: 'failed',
      error_message: expect.stringContaining('twice'),
    });
    expect(stage.llm.requests).toHaveLength(2);
  });

  it('has its answer read by a parser, and repaired as well', async () => {
    await flowOf('lines', ['extractor', { extraction_schema: { name: 'string' } }], [], {
      parser: ['output_parser', { parser_type: 'regex', pattern: 'name=(?P<name>\\w+)' }],
    });
    stage.llm.script({ text: 'Sorry?' }, { text: 'name=Ada' });
    expect(outputs(await stage.run('lines', { text: 'x' }))).toEqual({
      work: { extracted: { name: 'Ada' } },
    });
    expect(stage.llm.requests[1]?.raw).toContain('found nowhere');
  });
});

it('a parser that runs as a step reads a text', async () => {
  await stage.draw(
    'list',
    {
      start: ['trigger_manual'],
      text: ['set', { mode: 'text', text: '{{ trigger.text }}' }],
      read: ['output_parser', { parser_type: 'list' }],
    },
    ['start.payload > text.input', 'text.output > read.text'],
  );
  expect(outputs(await stage.run('list', { text: '1. one\n- two' }))).toEqual({
    read: { parsed: ['one', 'two'] },
  });
});

it('does not start without a model where one is needed', async () => {
  await stage.draw('bare', { start: ['trigger_manual'], work: ['categorizer', { categories }] }, []);
  const { errors } = await stage.ada.ok<{ errors: string[] }>('workflows.validate', {
    workflow_slug: 'bare',
  });
  expect(errors).toContain("Node 'work' (categorizer) requires a model connection");
});
