import { describe, expect, it } from 'vitest';
import { cpuClock, outputsOf, portsText, refusalsOf } from '#domain/node/step-fixture.ts';
import { graphOf, renderReferences } from '#domain/run/flow-fixture.ts';
import { runFlow } from '#domain/run/run-flow.ts';
import { definitionOf } from '../definitions.ts';
import { execute as set } from '../set/executor.ts';
import { execute as switchNode } from '../switch/executor.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const run = (config: Record<string, unknown>, items: unknown) =>
  outputsOf(definition, execute, { config, inputs: { items } });
const result = async (operation: string, items: unknown, more: Record<string, unknown> = {}) =>
  (await run({ operation, ...more }, items))['result'];

describe('operations', () => {
  it.each([
    ['list', [1, null, [2]], [1, null, [2]]],
    ['concat', [[1, 2], 3, [], [[4]], null], [1, 2, 3, [4], null]],
    ['join', ['a', 1, null, true, { b: 2 }], 'a, 1, , true, {"b":2}'],
    ['join', [], ''],
    ['count', [null, 0, ''], 3],
    ['count', [], 0],
    ['sum', [1, '2.5', ' -1 ', '1e2'], 102.5],
    ['sum', Array.from({ length: 10 }, () => 0.1), 1],
    ['sum', [1e16, 1, -1e16], 1],
    ['sum', [], 0],
    ['average', [1, '2', 6], 3],
    ['average', [], null],
    ['min', [3, '-2', 10], -2],
    ['min', [], null],
    ['max', ['9', 10], 10],
    ['max', [-5, -7], -5],
  ])('%s of %j', async (operation, items, expected) => {
    expect(await result(operation, items)).toEqual(expected);
  });

  it('looks at a path of every item', async () => {
    const items = [{ a: { n: 1 } }, { a: { n: '2' } }];
    expect(await run({ operation: 'sum', path: 'a.n' }, items)).toEqual({ result: 3, count: 2 });
    expect(await result('list', items, { path: 'a.n' })).toEqual([1, '2']);
    expect(await result('join', items, { path: 'a.n', separator: '\\n' })).toBe('1\n2');
  });
});

describe('missing values', () => {
  const items = [{ n: 1 }, {}, { n: null }];

  it.each([
    ['list', 'Item 1 (counted from 0) has no “n”.'],
    ['sum', 'Item 1 (counted from 0) has no “n”.'],
  ])('stop %s, naming item and path', async (operation, message) => {
    await expect(result(operation, items, { path: 'n' })).rejects.toMatchObject({
      code: 'missing_value',
      permanent: true,
      message: expect.stringContaining(message),
    });
  });

  it('can be skipped; null is a value of a list, but no number', async () => {
    const skip = { path: 'n', missing: 'skip' };
    expect(await run({ operation: 'list', ...skip }, items)).toEqual({ result: [1, null], count: 2 });
    expect(await run({ operation: 'sum', ...skip }, items)).toEqual({ result: 1, count: 1 });
    await expect(result('sum', [null])).rejects.toMatchObject({ code: 'missing_value' });
  });

  it('are what count is about', async () => {
    expect(await result('count', items, { path: 'n' })).toBe(1);
  });
});

describe('refusing', () => {
  it.each([
    ['sum', [1, '12 EUR'], 'not_a_number', 'Item 1 (counted from 0) is the text “12 EUR”'],
    ['average', [true], 'not_a_number', 'is a boolean'],
    ['max', [[1]], 'not_a_number', 'is a list'],
    ['sum', [1e308, 1e308], 'out_of_range', 'larger than a number can be'],
    ['list', 'text', 'not_a_list', 'The input port “items” should be a list, but it is text'],
  ])('%s of %j', async (operation, items, code, message) => {
    await expect(result(operation, items)).rejects.toMatchObject({
      code,
      permanent: true,
      message: expect.stringContaining(message),
    });
  });

  it('an operation that does not exist', () => {
    expect(refusalsOf(definition, { operation: 'median' }).map(([path]) => path)).toEqual(['operation']);
  });
});

it.each([
  ['list', 'array'],
  ['concat', 'array'],
  ['join', 'string'],
  ['count', 'number'],
  ['average', 'number'],
])('gives %s as %s', (operation, type) => {
  expect(portsText(definition, { operation })[1]).toEqual([`result: ${type}`, 'count: number']);
});

it('takes one list or many edges by the same port', () => {
  const inputs = (config: object) => definition.ports(definition.config.parse(config)).inputs;
  expect(inputs({})).toMatchObject([{ name: 'items', type: 'array' }]);
  expect(inputs({ field: 'rows' })).toMatchObject([{ name: 'items', type: 'any' }]);
  expect(inputs({ from: 'branches' })).toMatchObject([{ name: 'items', type: 'any', many: true }]);
});

it('is quick with 100,000 items', async () => {
  const items = Array.from({ length: 100_000 }, (_, n) => ({ n: String(n) }));
  const spent = cpuClock();
  for (const [operation, expected] of [
    ['sum', 4_999_950_000],
    ['max', 99_999],
    ['count', 100_000],
  ] as const) {
    expect(await result(operation, items, { path: 'n' })).toBe(expected);
  }
  expect(spent()).toBeLessThan(1500);
});

it('flow: branches that were not taken are left out', async () => {
  const amount = (value: number) => ({ type: 'set', config: { fields: { amount: value } } });
  const rules = [{ id: 'big', field: 'n', operator: 'gt', value: 5 }];
  const graph = graphOf(
    {
      start: { type: 'trigger_manual' },
      choose: { type: 'switch', config: { rules, enable_fallback: true } },
      a: amount(1),
      b: amount(2),
      c: amount(4),
      total: { type: 'aggregator', config: { from: 'branches', operation: 'sum', path: 'amount' } },
    },
    [
      'start.payload > choose.input',
      'choose.big > a.input',
      'choose.__other__ > b.input',
      'start.payload > c.input',
      'a.output > total.items',
      'b.output > total.items',
      'c.output > total.items',
    ],
  );
  const executors = { aggregator: execute, set, switch: switchNode };
  const flow = await runFlow({ graph, payload: { n: 9 }, definitionOf, executors, render: renderReferences });
  expect(flow.steps['total']?.outputs).toEqual({ result: 5, count: 2 });
});
