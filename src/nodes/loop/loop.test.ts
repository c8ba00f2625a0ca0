import { describe, expect, it } from 'vitest';
import { readConfig } from '#domain/node/definition.ts';
import { runStep } from '#domain/run/flow-fixture.ts';
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
