import { describe, expect, it } from 'vitest';
import { cpuClock, outputsOf, portsText, refusalsOf, runChain } from '#domain/node/step-fixture.ts';
import { definitionOf } from '../definitions.ts';
import { execute as set } from '../set/executor.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const run = async (config: Record<string, unknown>, input: unknown) =>
  (await outputsOf(definition, execute, { config, inputs: { input } }))['output'];

describe('objects', () => {
  const items = [
    { id: 1, to: { city: 'Köln' }, tags: ['a', 'b'] },
    { id: '2', to: { city: null }, tags: ['c'] },
  ];

  it('pick, rename and keep types; null is a value', async () => {
    expect(await run({ fields: { key: 'id', city: 'to.city', tag: 'tags.0', all: '' } }, items)).toEqual([
      { key: 1, city: 'Köln', tag: 'a', all: items[0] },
      { key: '2', city: null, tag: 'c', all: items[1] },
    ]);
    expect(await run({ fields: { key: 'item.id' } }, items)).toEqual([{ key: 1 }, { key: '2' }]);
  });

  it('add constants, and start from the item', async () => {
    const config = { fields: { id: 'tags' }, constants: { shop: { n: 1 }, to: 'x' }, keep: true };
    expect(await run(config, [items[1]])).toEqual([{ id: ['c'], to: 'x', tags: ['c'], shop: { n: 1 } }]);
    expect(await run({}, items)).toEqual([{}, {}]);
  });

  it('cannot be led to change what objects inherit', async () => {
    const given = [JSON.parse('{"a": {"polluted": true}, "__proto__": 1}')];
    const [made] = (await run({ fields: JSON.parse('{"__proto__": "a"}'), keep: true }, given)) as object[];
    expect(Object.keys(made ?? {})).toContain('a');
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
  });
});

describe('values', () => {
  it('take one path out of every item', async () => {
    expect(await run({ mode: 'value', path: 'a.b' }, [{ a: { b: 1 } }, { a: { b: null } }])).toEqual([
      1,
      null,
    ]);
    expect(await run({ mode: 'value' }, [1, 'x'])).toEqual([1, 'x']);
    expect(await run({ mode: 'value' }, [])).toEqual([]);
  });
});

describe('missing values', () => {
  const items = [{ a: 1 }, { b: 2 }];

  it.each([[{ mode: 'value', path: 'a' }], [{ fields: { x: 'a' } }]])(
    'stop the step, naming item and path: %j',
    async (config) => {
      await expect(run(config, items)).rejects.toMatchObject({
        code: 'missing_value',
        permanent: true,
        message: expect.stringContaining('Item 1 (counted from 0) has no “a”.'),
      });
    },
  );

  it.each([
    ['null', [1, null], [{ x: 1 }, { x: null }]],
    ['omit', [1], [{ x: 1 }, {}]],
  ])('can be %s', async (missing, values, objects) => {
    expect(await run({ missing, mode: 'value', path: 'a' }, items)).toEqual(values);
    expect(await run({ missing, fields: { x: 'a' } }, items)).toEqual(objects);
  });
});

it('refuses to keep what is no object, and what is no list', async () => {
  await expect(run({ keep: true }, [{}, [1]])).rejects.toMatchObject({
    code: 'not_an_object',
    permanent: true,
    message: expect.stringContaining('Item 1 (counted from 0) is a list'),
  });
  await expect(run({}, {})).rejects.toMatchObject({ code: 'not_a_list' });
});

it('refuses a field without a name and a path that is no text', () => {
  expect(refusalsOf(definition, { fields: { '': 'a' } })).toHaveLength(1);
  expect(refusalsOf(definition, { fields: { a: 5 } }).map(([path]) => path)).toEqual(['fields.a']);
});

it('has ports that follow the config', () => {
  expect(portsText(definition)).toEqual([['input: array'], ['output: array']]);
  expect(portsText(definition, { field: 'a' })[0]).toEqual(['input: any']);
});

it('is quick with 100,000 items', async () => {
  const items = Array.from({ length: 100_000 }, (_, id) => ({ id, deep: { name: `n${id}` } }));
  const spent = cpuClock();
  const made = (await run(
    { fields: { id: 'id', name: 'deep.name' }, constants: { x: 1 } },
    items,
  )) as object[];
  expect(made.at(-1)).toEqual({ id: 99_999, name: 'n99999', x: 1 });
  expect(spent()).toBeLessThan(1500);
});

it('flow: constants are filled in once, and braces in the data stay data', async () => {
  const result = await runChain({
    definitionOf,
    executors: { map: execute, set },
    chain: [
      {
        type: 'map',
        config: { field: 'rows', fields: { text: 't' }, constants: { shop: '{{ trigger.shop }}' } },
      },
      { type: 'set', config: { mode: 'json', json: '{{ n1.output.0 }}' } },
    ],
    payload: { rows: [{ t: '{{ trigger.shop }}' }], shop: ['north'] },
  });
  expect(result.steps['n2']?.outputs).toEqual({ output: { text: '{{ trigger.shop }}', shop: ['north'] } });
});
