import { describe, expect, it } from 'vitest';
import { cpuClock, outputsOf, portsText, refusalsOf, runChain } from '#domain/node/step-fixture.ts';
import { definitionOf } from '../definitions.ts';
import { execute as set } from '../set/executor.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const run = (config: Record<string, unknown>, input: unknown) =>
  outputsOf(definition, execute, { config, inputs: { input } });
const kept = async (config: Record<string, unknown>, input: unknown) =>
  (await run(config, input))['filtered'];
const rule = (field: string, operator: string, value: unknown = '') => ({ field, operator, value });

describe('keeping', () => {
  const people = [
    { name: 'Ada', age: 36, tags: ['math'] },
    { name: 'Bob', age: '17' },
    { name: 'Eve', age: null },
  ];

  it('gives what passes and what does not, in order', async () => {
    expect(await run({ rules: [rule('age', 'gte', 17)] }, people)).toEqual({
      filtered: [people[0], people[1]],
      rejected: [people[2]],
    });
  });

  it('wants all rules or any of them', async () => {
    const rules = [rule('age', 'gt', 20), rule('name', 'starts_with', 'B')];
    expect(await kept({ rules }, people)).toEqual([]);
    expect(await kept({ rules, match: 'any' }, people)).toEqual([people[0], people[1]]);
  });

  it.each(['all', 'any'])('keeps everything without rules (%s)', async (match) => {
    expect(await run({ match }, people)).toEqual({ filtered: people, rejected: [] });
  });

  it.each([
    [rule('tags.0', 'equals', 'math'), ['Ada']],
    [rule('item.name', 'equals', 'Eve'), ['Eve']],
    [rule('tags', 'exists'), ['Ada']],
    [rule('nope.deeper', 'does_not_exist'), ['Ada', 'Bob', 'Eve']],
    [rule('age', 'lt', 18), ['Bob', 'Eve']],
    [rule('name', 'matches_regex', '^[AB]'), ['Ada', 'Bob']],
    [rule('name', 'not_matches_regex', '^[AB]'), ['Eve']],
  ])('%j keeps %j', async (one, names) => {
    const items = (await kept({ rules: [one] }, people)) as { name: string }[];
    expect(items.map(({ name }) => name)).toEqual(names);
  });

  it('looks at items that are no objects', async () => {
    expect(await kept({ rules: [rule('', 'gt', 1)] }, [1, 2, '3', 'x', null, [], {}])).toEqual([2, '3']);
    expect(await run({ rules: [rule('', 'exists')] }, [])).toEqual({ filtered: [], rejected: [] });
  });

  it('finds the list inside the input', async () => {
    expect(await kept({ field: 'body.items' }, { body: { items: [1] } })).toEqual([1]);
  });
});

describe('refusing', () => {
  it.each([[undefined], [null], ['[1]'], [{ items: [] }]])('no list: %j', async (input) => {
    await expect(run({}, input)).rejects.toMatchObject({ code: 'not_a_list', permanent: true });
  });

  it('a pattern that RE2 does not know, even for an empty list', async () => {
    const config = { rules: [rule('', 'matches_regex', '(?=x)')] };
    await expect(run(config, [])).rejects.toMatchObject({ code: 'bad_pattern', permanent: true });
  });

  it('an operator that does not exist', () => {
    expect(refusalsOf(definition, { rules: [rule('', 'equals'), rule('', 'like')] })).toEqual([
      ['rules.1.operator', 'There is no operator “like”.'],
    ]);
  });
});

it('has ports that follow the config', () => {
  expect(portsText(definition)).toEqual([['input: array'], ['filtered: array', 'rejected: array']]);
  expect(portsText(definition, { field: 'a' })[0]).toEqual(['input: any']);
});

it('is quick with 100,000 items, patterns included', async () => {
  const items = Array.from({ length: 100_000 }, (_, id) => ({ id, name: `name ${id}` }));
  const spent = cpuClock();
  const rules = [rule('id', 'gte', 50_000), rule('name', 'matches_regex', '9$')];
  expect(await kept({ rules }, items)).toHaveLength(5000);
  expect(spent()).toBeLessThan(1500);
});

it('flow: a list from a Set is filtered by what the trigger says', async () => {
  const result = await runChain({
    definitionOf,
    executors: { filter: execute, set },
    chain: [
      { type: 'set', config: { mode: 'json', json: '{{ trigger.items }}' } },
      { type: 'filter', config: { rules: [rule('n', 'gt', '{{ trigger.limit }}')] } },
      { type: 'set', config: { mode: 'json', json: '{{ n2.rejected }}' }, from: 'filtered' },
    ],
    payload: { items: [{ n: 1 }, { n: 5 }], limit: 3 },
  });
  expect(result.status).toBe('completed');
  expect(result.steps['n2']?.outputs).toEqual({ filtered: [{ n: 5 }], rejected: [{ n: 1 }] });
  expect(result.steps['n3']?.outputs).toEqual({ output: [{ n: 1 }] });
});
