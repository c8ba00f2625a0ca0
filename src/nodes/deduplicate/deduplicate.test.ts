import { describe, expect, it } from 'vitest';
import { cpuClock, outputsOf, portsText, refusalsOf, runChain } from '#domain/node/step-fixture.ts';
import { definitionOf } from '../definitions.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const run = (config: Record<string, unknown>, input: unknown) =>
  outputsOf(definition, execute, { config, inputs: { input } });

describe('whole items', () => {
  it.each([
    [[1, 2, 1], [1, 2], [1]],
    [[1, '1', true, 'true', null, null], [1, '1', true, 'true', null], [null]],
    [['a', 'A', 'a '], ['a', 'A', 'a '], []],
    [[{ a: 1, b: [2] }, { b: [2], a: 1 }, { a: 1 }], [{ a: 1, b: [2] }, { a: 1 }], [{ b: [2], a: 1 }]],
    [
      [
        [1, 2],
        [2, 1],
        [1, 2],
      ],
      [
        [1, 2],
        [2, 1],
      ],
      [[1, 2]],
    ],
    [[], [], []],
  ])('of %j', async (input, output, removed) => {
    expect(await run({}, input)).toEqual({ output, removed });
  });
});

describe('by a path', () => {
  const [one, two, three] = [
    { mail: 'a', n: 1 },
    { mail: 'b', n: 2 },
    { mail: 'a', n: 3 },
  ];

  it('keeps the first or the last, in the order of the list', async () => {
    expect(await run({ path: 'mail' }, [one, two, three])).toEqual({ output: [one, two], removed: [three] });
    expect(await run({ path: 'mail', keep: 'last' }, [one, two, three])).toEqual({
      output: [two, three],
      removed: [one],
    });
  });

  it('does with missing values what was chosen', async () => {
    const items = [{}, one, { mail: null }, {}];
    await expect(run({ path: 'mail' }, items)).rejects.toMatchObject({
      code: 'missing_value',
      permanent: true,
      message: expect.stringContaining('Item 0 (counted from 0) has no “mail”.'),
    });
    expect(await run({ path: 'mail', missing: 'keep' }, items)).toEqual({ output: items, removed: [] });
    expect(await run({ path: 'mail', missing: 'same' }, items)).toEqual({
      output: [{}, one],
      removed: [{ mail: null }, {}],
    });
  });
});

it('refuses what it does not know, and what is no list', async () => {
  expect(refusalsOf(definition, { keep: 'best', missing: 'skip' }).map(([path]) => path)).toEqual([
    'keep',
    'missing',
  ]);
  await expect(run({}, { a: 1 })).rejects.toMatchObject({ code: 'not_a_list' });
});

it('has ports that follow the config', () => {
  expect(portsText(definition)).toEqual([['input: array'], ['output: array', 'removed: array']]);
  expect(portsText(definition, { field: 'a' })[0]).toEqual(['input: any']);
});

it.each(['first', 'last'])('is quick with 100,000 items, keeping the %s', async (keep) => {
  const items = Array.from({ length: 100_000 }, (_, id) => ({ key: { n: id % 50_000, x: 'y' } }));
  const spent = cpuClock();
  const { output, removed } = await run({ path: 'key', keep }, items);
  expect([output, removed].map((list) => (list as unknown[]).length)).toEqual([50_000, 50_000]);
  expect(spent()).toBeLessThan(1500);
});

it('flow: duplicates leave by a port of their own', async () => {
  const result = await runChain({
    definitionOf,
    executors: { deduplicate: execute },
    chain: [
      { type: 'deduplicate', config: { field: 'ids' } },
      { type: 'deduplicate', from: 'removed' },
    ],
    payload: { ids: [1, 1, 2, 1] },
  });
  expect(result.steps['n1']?.outputs).toEqual({ output: [1, 2], removed: [1, 1] });
  expect(result.steps['n2']?.outputs).toEqual({ output: [1], removed: [1] });
});
