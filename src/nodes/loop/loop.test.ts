import { describe, expect, it } from 'vitest';
import { readConfig } from '#domain/node/definition.ts';
import { graphOf, renderReferences, runStep } from '#domain/run/flow-fixture.ts';
import { runFlow } from '#domain/run/run-flow.ts';
import { definitionOf } from '../definitions.ts';
import { execute as set } from '../set/executor.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const run = (items: unknown, config: Record<string, unknown> = {}) =>
  runStep(definition, execute, { config, inputs: { items } });

describe('items', () => {
  it.each([
    [
      [1, [2], null],
      [1, [2], null],
    ],
    [[], []],
    [{ a: 1 }, [{ a: 1 }]],
    ['text', ['text']],
    [0, [0]],
    [null, []],
    [undefined, []],
  ])('of %j are %j', async (given, items) => {
    expect(await run(given)).toMatchObject({ kind: 'iterate', items });
  });

  it('beyond the limit fail the step at once, naming the field', async () => {
    const failing = run([1, 2, 3], { max_iterations: 2 });
    await expect(failing).rejects.toMatchObject({
      code: 'too_many_items',
      permanent: true,
      message: expect.stringContaining('Most items'),
    });
    expect(await run([1, 2], { max_iterations: 2 })).toMatchObject({ kind: 'iterate' });
  });
});

it('hands its settings on', async () => {
  const rule = { field: 'done', operator: 'is_true', value: '' };
  expect(
    await run([1], {
      parallelism: 20,
      on_error: 'collect',
      break_when: [rule],
      source_node: 'x',
      field: 'y',
    }),
  ).toEqual({ kind: 'iterate', items: [1], parallelism: 20, onItemError: 'collect', breakWhen: [rule] });
  expect(await run([1])).toMatchObject({ parallelism: 1, onItemError: 'stop', breakWhen: [] });
});

it('has the port for errors only when they are collected', () => {
  const outputs = (config: Record<string, unknown>) =>
    definition.ports(readConfig(definition, config)).outputs.map((port) => port.name);
  expect(outputs({})).toEqual(['loop_body', 'results']);
  expect(outputs({ on_error: 'continue' })).toEqual(['loop_body', 'results']);
  expect(outputs({ on_error: 'collect' })).toEqual(['loop_body', 'results', 'errors']);
});

it.each([
  { parallelism: 0 },
  { parallelism: 101 },
  { parallelism: 1.5 },
  { max_iterations: 100_001 },
  { on_error: 'ignore' },
  { break_when: [{ operator: 'is_nice' }] },
])('refuses %j', (config) => {
  expect(definition.config.safeParse(config).success).toBe(false);
});

it('flow: templates and code in the body see the item; outside of it nothing hides a node called loop', async () => {
  const flow = (outside: string) =>
    runFlow({
      graph: graphOf(
        {
          start: { type: 'trigger_manual' },
          list: { type: 'set', config: { mode: 'json', json: ['a', 'b'] } },
          loop: { type: 'loop' },
          body: {
            type: 'set',
            config: { mode: 'text', text: '{{ loop.index }}/{{ loop.total }} {{ loop.item }}' },
          },
          after: { type: 'set', config: { mode: 'json', json: outside } },
        },
        [
          'start.payload > list.input',
          'list.output > loop.items',
          'loop.loop_body > body.input',
          'body.output > loop.loop_return',
          'loop.results > after.input',
        ],
      ),
      payload: {},
      definitionOf,
      executors: { loop: execute, set },
      render: renderReferences,
    });
  const good = await flow('{{ loop.results }}');
  expect(good.steps['after']?.outputs).toEqual({ output: ['0/2 a', '1/2 b'] });
  const bad = await flow('{{ loop.index }}');
  expect(bad).toMatchObject({ status: 'failed', error: { node: 'after' } });
});
