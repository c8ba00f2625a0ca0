import { describe, expect, it } from 'vitest';
import type { ChildRequest } from '#domain/node/executor.ts';
import { runStep } from '#domain/run/flow-fixture.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const RUN = '0198-child';

async function start(config: Record<string, unknown>, more: object = {}) {
  const started: ChildRequest[] = [];
  const outcome = await runStep(definition, execute, {
    config: { target_workflow: 'bill', ...config },
    capabilities: {
      startRun: async (request) => {
        started.push(request);
        return { source: `run:${request.index}`, executionId: RUN };
      },
    },
    ...more,
  });
  return { outcome, started };
}
const payloadOf = async (config: Record<string, unknown>, more: object = {}) =>
  (await start(config, more)).started[0]?.payload;

it('starts the other workflow and lets go of its worker', async () => {
  const { outcome, started } = await start({});
  expect(started).toEqual([{ workflow: 'bill', trigger: null, payload: {}, index: 0 }]);
  expect(outcome).toEqual({
    kind: 'suspend',
    sources: ['run:0'],
    until: null,
    shown: { execution_id: RUN, workflow: 'bill' },
  });
  expect((await start({ trigger: 'hook' })).started[0]?.trigger).toBeNull();
  expect((await start({ trigger: 'hook', trigger_mode: 'explicit' })).started[0]?.trigger).toBe('hook');
});

it('says what to do when no workflow is chosen', async () => {
  await expect(start({ target_workflow: '' })).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('“Workflow”'),
  });
});

it.each([
  [{ a: 1 }, { a: 1 }],
  ['hi', { text: 'hi' }],
  [[1, 2], { value: [1, 2] }],
  [0, { value: 0 }],
  [null, {}],
])('hands over %j as %j', async (payload, sent) => {
  expect(await payloadOf({}, { inputs: { payload } })).toEqual(sent);
});

describe('a mapping', () => {
  const context = {
    inputs: { payload: { id: 7 } },
    trigger: { body: { name: 'Ada', 'two-words': 2 } },
    nodes: { get_order: { body: { lines: [{ sku: 'x' }] } } },
    loop: { item: 'i', index: 3, total: 9, parent: null },
  };
  const map = (value: unknown) =>
    payloadOf({ input_mapping: { key: value } }, context).then((sent) => (sent as { key: unknown }).key);

  it.each([
    ['trigger.body.name', 'Ada'],
    ['{{ trigger.body.name }}', 'Ada'],
    ['trigger.body.two-words', 2],
    ['get_order.body.lines.0.sku', 'x'],
    ['{{ get_order.body.lines[0].sku }}', 'x'],
    ['node_outputs.get_order.body', { lines: [{ sku: 'x' }] }],
    ['input.id', 7],
    ['payload', { id: 7 }],
    ['loop.index', 3],
    ['plain', 'plain'],
    ['get_order', 'get_order'],
    ['{{ get_order }}', { body: { lines: [{ sku: 'x' }] } }],
    ['two words', 'two words'],
    ['no.such', 'no.such'],
    ['', ''],
    [12, 12],
    [{ a: ['trigger'] }, { a: ['trigger'] }],
    [null, null],
  ])('%j is %j', async (value, expected) => {
    expect(await map(value)).toEqual(expected);
  });

  it.each(['trigger.body.nam', '{{ ghost.output }}', 'get_order.body.lines.1', 'trigger.body.constructor'])(
    '%s names what is missing',
    async (path) => {
      await expect(map(path)).rejects.toMatchObject({
        code: 'missing_value',
        permanent: true,
        message: expect.stringContaining('“Hand over” key'),
      });
    },
  );

  it.each(['Hello {{ trigger.name }}', '{{ a | upcase }}'])('refuses the template %s', (value) => {
    expect(definition.config.safeParse({ input_mapping: { key: value } }).success).toBe(false);
  });
});

describe('the end of the other workflow', () => {
  const end = (signal: object) =>
    runStep(definition, execute, {
      config: { target_workflow: 'bill' },
      resumed: {
        timedOut: false,
        signals: { 'run:0': { execution_id: RUN, error: null, ...signal } },
        kept: null,
      },
    });

  it.each([
    [{ output: { total: 3 } }, { total: 3 }],
    [{ output: null }, null],
    [{ node_outputs: { last: { out: 1 } } }, { last: { out: 1 } }],
    [null, null],
  ])('with the output %j gives %j', async (output, expected) => {
    expect(await end({ status: 'completed', output })).toEqual({
      kind: 'done',
      outputs: { output: expected },
    });
  });

  it('passes its error on, without another attempt', async () => {
    const error = { code: 'http_status', message: 'The server said 500.', node: 'get' };
    await expect(end({ status: 'failed', output: null, error })).rejects.toMatchObject({
      code: 'http_status',
      permanent: true,
      message: `“bill” failed at “get”: The server said 500. (run ${RUN})`,
    });
    await expect(end({ status: 'cancelled', output: null })).rejects.toMatchObject({
      code: 'child_cancelled',
    });
  });
});
