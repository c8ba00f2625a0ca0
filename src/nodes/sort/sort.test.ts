import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuClock, outputsOf, portsText, refusalsOf, runChain } from '#domain/node/step-fixture.ts';
import { definitionOf } from '../definitions.ts';
import { execute as set } from '../set/executor.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const run = async (config: Record<string, unknown>, input: unknown) =>
  (await outputsOf(definition, execute, { config, inputs: { input } }))['output'];
const by = (path: string, as = 'auto', direction = 'ascending') => ({ keys: [{ path, as, direction }] });

describe('one key', () => {
  it.each([
    ['numbers by size', {}, [10, 9, -1, 2.5], [-1, 2.5, 9, 10]],
    ['text alphabetically', {}, ['b', 'ä', 'A', 'a', 'B', '10', '9'], ['10', '9', 'a', 'A', 'ä', 'b', 'B']],
    ['numbers, text, booleans, the rest', {}, [{}, true, 'a', 3, false], [3, 'a', false, true, {}]],
    ['downwards', by('', 'auto', 'descending'), [1, 3, 2], [3, 2, 1]],
    ['text as numbers', by('', 'number'), ['10', 9, ' 1e1 ', '-2'], ['-2', 9, '10', ' 1e1 ']],
    ['numbers as text', by('', 'text'), [10, 9, null], [10, 9, null]],
    [
      'dates by instant',
      by('', 'date'),
      ['2026-01-01T00:00:00+02:00', '2025-12-31T23:00:00Z', '2025-12-31'],
      ['2025-12-31', '2026-01-01T00:00:00+02:00', '2025-12-31T23:00:00Z'],
    ],
    ['nothing', {}, [], []],
  ])('sorts %s', async (_, config, input, expected) => {
    expect(await run(config, input)).toEqual(expected);
  });

  it('puts missing values last in either direction, or first', async () => {
    const items = [{ id: 'none' }, { n: 2 }, { n: null }, { n: 1 }];
    const [none, two, nil, one] = items;
    expect(await run(by('n'), items)).toEqual([one, two, none, nil]);
    expect(await run(by('n', 'number', 'descending'), items)).toEqual([two, one, none, nil]);
    expect(await run({ ...by('n'), missing: 'first' }, items)).toEqual([none, nil, one, two]);
  });
});

it('later keys decide where earlier ones find no difference, and equal items keep their order', async () => {
  const items = [
    { team: 'b', score: '7', id: 1 },
    { team: 'a', score: '10', id: 2 },
    { team: 'b', score: '9', id: 3 },
    { team: 'a', score: '10', id: 4 },
  ];
  const keys = [
    { path: 'team', direction: 'descending' },
    { path: 'score', as: 'number', direction: 'descending' },
  ];
  const sorted = (await run({ keys }, items)) as { id: number }[];
  expect(sorted.map(({ id }) => id)).toEqual([3, 1, 2, 4]);
});

describe('refusing', () => {
  it.each([
    [
      by('a.b', 'number'),
      [{ a: { b: 1 } }, { a: { b: '1,5' } }],
      'not_a_number',
      'Item 1 (counted from 0): “a.b” is the text “1,5”',
    ],
    [by('', 'number'), [true], 'not_a_number', 'Item 0 (counted from 0) is a boolean'],
    [
      by('at', 'date'),
      [{ at: '2026-02-30' }],
      'not_a_date',
      '“at” is the text “2026-02-30”, which is no date',
    ],
    [
      { ...by('n'), missing: 'error' },
      [{ n: 1 }, {}],
      'missing_value',
      'Item 1 (counted from 0) has no “n”.',
    ],
    [{}, { a: 1 }, 'not_a_list', 'it is an object'],
  ])('%j of %j: %s', async (config, input, code, message) => {
    await expect(run(config, input)).rejects.toMatchObject({
      code,
      permanent: true,
      message: expect.stringContaining(message),
    });
  });

  it('a direction that does not exist', () => {
    expect(refusalsOf(definition, { keys: [{ direction: 'up' }] }).map(([path]) => path)).toEqual([
      'keys.0.direction',
    ]);
  });
});

it('gives a stable order of the same items for any JSON', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 30 }), async (items) => {
      const once = (await run({}, items)) as unknown[];
      expect(await run({}, once)).toEqual(once);
      expect([...once].map((one) => JSON.stringify(one)).sort()).toEqual(
        items.map((one) => JSON.stringify(one)).sort(),
      );
    }),
  );
});

it('leaves the list it was given alone', async () => {
  const list = Object.freeze([2, 1]);
  expect(await run({}, list)).toEqual([1, 2]);
});

it('is quick with 100,000 items', async () => {
  const items = Array.from({ length: 100_000 }, (_, id) => ({
    name: `n${(id * 7919) % 100_003}`,
    n: id % 10,
  }));
  const spent = cpuClock();
  const sorted = (await run({ keys: [{ path: 'n' }, { path: 'name' }] }, items)) as { n: number }[];
  expect([sorted[0]?.n, sorted.at(-1)?.n]).toEqual([0, 9]);
  expect(spent()).toBeLessThan(2500);
});

it('has ports that follow the config', () => {
  expect(portsText(definition)).toEqual([['input: array'], ['output: array']]);
  expect(definition.subtitle?.(definition.config.parse(by('a', 'text', 'descending')))).toBe('a ↓');
});

it('flow: sorts a list inside what arrives', async () => {
  const result = await runChain({
    definitionOf,
    executors: { sort: execute, set },
    chain: [
      { type: 'sort', config: { ...by('n'), field: 'rows' } },
      { type: 'set', config: { mode: 'text', text: '{{ n1.output }}' } },
    ],
    payload: { rows: [{ n: 2 }, { n: 1 }] },
  });
  expect(result.steps['n2']?.outputs).toEqual({ output: '[{"n":1},{"n":2}]' });
});
