import { describe, expect, it } from 'vitest';
import { cpuClock, outputsOf, portsText, refusalsOf, runChain } from '#domain/node/step-fixture.ts';
import { definitionOf } from '../definitions.ts';
import { execute as set } from '../set/executor.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const run = async (config: Record<string, unknown>, input: unknown) =>
  (await outputsOf(definition, execute, { config, inputs: { input } }))['output'];
const orders = [
  { id: 1, to: { land: 'DE' } },
  { id: 2, to: { land: 'FR' } },
  { id: 3, to: { land: 'DE' } },
];
const [first, second, third] = orders;

describe('as a list', () => {
  it('keeps the order of groups and of items', async () => {
    expect(await run({ path: 'to.land' }, orders)).toEqual([
      { key: 'DE', items: [first, third] },
      { key: 'FR', items: [second] },
    ]);
  });

  it('tells types apart, and equal objects not', async () => {
    expect(await run({}, [1, '1', { a: 1, b: 2 }, { b: 2, a: 1 }, true, 'true'])).toEqual([
      { key: 1, items: [1] },
      { key: '1', items: ['1'] },
      {
        key: { a: 1, b: 2 },
        items: [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
      },
      { key: true, items: [true] },
      { key: 'true', items: ['true'] },
    ]);
    expect(await run({}, [])).toEqual([]);
  });
});

describe('as an object', () => {
  it('has the keys as names', async () => {
    expect(await run({ path: 'to.land', form: 'object' }, orders)).toEqual({
      DE: [first, third],
      FR: [second],
    });
    expect(await run({ form: 'object' }, [1, '1', true])).toEqual({ 1: [1, '1'], true: [true] });
    expect(await run({ form: 'object' }, [])).toEqual({});
  });

  it('cannot be led to change what objects inherit', async () => {
    const output = (await run({ form: 'object' }, ['__proto__', 'constructor'])) as object;
    expect(Object.keys(output)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(output)).toBe(Object.prototype);
  });
});

describe('missing values', () => {
  const items = [{ k: 'a' }, {}, { k: null }];

  it('stop the step, naming item and path', async () => {
    await expect(run({ path: 'k' }, items)).rejects.toMatchObject({
      code: 'missing_value',
      permanent: true,
      message: expect.stringContaining('Item 1 (counted from 0) has no “k”.'),
    });
  });

  it('form a group or are left out', async () => {
    expect(await run({ path: 'k', missing: 'group' }, items)).toEqual([
      { key: 'a', items: [{ k: 'a' }] },
      { key: null, items: [{}, { k: null }] },
    ]);
    expect(await run({ path: 'k', missing: 'group', form: 'object' }, items)).toMatchObject({ '': [{}, {}] });
    expect(await run({ path: 'k', missing: 'skip' }, items)).toEqual([{ key: 'a', items: [{ k: 'a' }] }]);
  });
});

it('refuses a form that does not exist, and what is no list', async () => {
  expect(refusalsOf(definition, { form: 'map' }).map(([path]) => path)).toEqual(['form']);
  await expect(run({}, 'a,b')).rejects.toMatchObject({ code: 'not_a_list' });
});

it('types its output as what it gives', () => {
  expect(portsText(definition)).toEqual([['input: array'], ['output: array']]);
  expect(portsText(definition, { form: 'object', field: 'x' })).toEqual([['input: any'], ['output: object']]);
});

it('is quick with 100,000 items, each a group of its own', async () => {
  const items = Array.from({ length: 100_000 }, (_, id) => ({ id }));
  const spent = cpuClock();
  expect(await run({ path: 'id' }, items)).toHaveLength(100_000);
  expect(Object.keys((await run({ path: 'id', form: 'object' }, items)) as object)).toHaveLength(100_000);
  expect(spent()).toBeLessThan(1500);
});

it('flow: the first group goes on', async () => {
  const result = await runChain({
    definitionOf,
    executors: { group: execute, set },
    chain: [
      { type: 'group', config: { path: 'to.land', field: 'orders' } },
      { type: 'set', config: { mode: 'text', text: '{{ n1.output.0.key }}: {{ n1.output.0.items }}' } },
    ],
    payload: { orders },
  });
  expect(result.steps['n2']?.outputs).toEqual({
    output: 'DE: [{"id":1,"to":{"land":"DE"}},{"id":3,"to":{"land":"DE"}}]',
  });
});
