import { expect, it } from 'vitest';
import { outputsOf, portsText, refusalsOf, runChain } from '#domain/node/step-fixture.ts';
import { definitionOf } from '../definitions.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const run = (config: Record<string, unknown>, input: unknown) =>
  outputsOf(definition, execute, { config, inputs: { input } });
const five = [1, 2, 3, 4, 5];

it.each([
  [{ count: 2 }, [1, 2], [3, 4, 5]],
  [{ count: 2, offset: 2 }, [3, 4], [1, 2, 5]],
  [{ count: 2, offset: 4 }, [5], [1, 2, 3, 4]],
  [{ count: 2, offset: 9 }, [], five],
  [{ count: 0 }, [], five],
  [{}, five, []],
  [{ count: 2, from: 'end' }, [4, 5], [1, 2, 3]],
  [{ count: 2, offset: 1, from: 'end' }, [3, 4], [1, 2, 5]],
  [{ count: 3, offset: 4, from: 'end' }, [1], [2, 3, 4, 5]],
  [{ count: 3, offset: 9, from: 'end' }, [], five],
  [{ count: 0, from: 'end' }, [], five],
])('%j of five items', async (config, output, rest) => {
  expect(await run(config, five)).toEqual({ output, rest });
});

it('takes what there is of an empty list', async () => {
  expect(await run({ count: 3, from: 'end' }, [])).toEqual({ output: [], rest: [] });
});

it('refuses what is no list', async () => {
  await expect(run({ field: 'items' }, { item: [] })).rejects.toMatchObject({ code: 'not_a_list' });
});

it.each([
  [{ count: -1 }, 'count'],
  [{ count: 1.5 }, 'count'],
  [{ count: '5' }, 'count'],
  [{ offset: -1 }, 'offset'],
])('refuses %j', (config, field) => {
  expect(refusalsOf(definition, config).map(([path]) => path)).toEqual([field]);
});

it('says what it takes', () => {
  expect(portsText(definition)).toEqual([['input: array'], ['output: array', 'rest: array']]);
  const subtitle = (config: object) => definition.subtitle?.(definition.config.parse(config));
  expect(subtitle({ count: 3 })).toBe('first 3');
  expect(subtitle({ count: 3, offset: 2, from: 'end' })).toBe('last 3 after 2');
});

it('flow: the count may come from the trigger', async () => {
  const result = await runChain({
    definitionOf,
    executors: { limit: execute },
    chain: [{ type: 'limit', config: { count: '{{ trigger.page }}', field: 'items' } }],
    payload: { items: five, page: 1 },
  });
  expect(result.steps['n1']?.outputs).toEqual({ output: [1], rest: [2, 3, 4, 5] });
});
