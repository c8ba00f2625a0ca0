import { describe, expect, it } from 'vitest';
import { cpuClock, outputsOf, portsText, refusalsOf, runChain } from '#domain/node/step-fixture.ts';
import { definitionOf } from '../definitions.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const run = async (config: Record<string, unknown>, input: unknown) =>
  (await outputsOf(definition, execute, { config, inputs: { input } }))['output'];

describe('a text', () => {
  it.each([
    [{}, 'a, b,,c ', ['a', 'b', '', 'c']],
    [{ trim: false }, 'a, b', ['a', ' b']],
    [{ drop_empty: true }, ',a, ,b,', ['a', 'b']],
    [{ drop_empty: true, trim: false }, 'a, ,b', ['a', ' ', 'b']],
    [{ separator: '.*' }, 'a.*b.c', ['a', 'b.c']],
    [{ separator: '\\n\\n' }, 'a\nb\n\nc', ['a\nb', 'c']],
    [{ separator: '\\t' }, 'a\tb', ['a', 'b']],
    [{ separator: '\\\\n' }, 'a\\nb\nc', ['a', 'b\nc']],
    [{}, '', []],
    [{}, 'abc', ['abc']],
    [{ mode: 'lines' }, 'a\nb\r\nc\rd', ['a', 'b', 'c', 'd']],
    [{ mode: 'lines', drop_empty: true }, '\n a \n\n', ['a']],
    [{ mode: 'lines' }, '', []],
    [{ mode: 'length', size: 2 }, 'abcde', ['ab', 'cd', 'e']],
    [{ mode: 'length', size: 1 }, 'a😀b', ['a', '😀', 'b']],
    [{ mode: 'length', size: 9 }, 'abc', ['abc']],
    [{ mode: 'length' }, '', []],
    [{ field: 'body.ids' }, { body: { ids: '1,2' } }, ['1', '2']],
  ])('%j of %j', async (config, input, expected) => {
    expect(await run(config, input)).toEqual(expected);
  });
});

describe('a list', () => {
  it.each([
    [
      [1, 2, 3, 4, 5],
      [[1, 2], [3, 4], [5]],
    ],
    [[1, 2], [[1, 2]]],
    [[], []],
  ])('%j into chunks', async (input, expected) => {
    expect(await run({ mode: 'chunks', size: 2 }, input)).toEqual(expected);
  });
});

it.each([
  [{}, ['a'], 'not_text', 'it is a list'],
  [{ mode: 'lines' }, 5, 'not_text', 'it is a number'],
  [
    { field: 'a.b' },
    { a: {} },
    'not_text',
    '“a.b” of what arrives at “input” should be text, but it is nothing',
  ],
  [{ mode: 'chunks' }, 'text', 'not_a_list', 'it is text'],
])('refuses %j of %j', async (config, input, code, message) => {
  await expect(run(config, input)).rejects.toMatchObject({
    code,
    permanent: true,
    message: expect.stringContaining(message),
  });
});

it('refuses an empty separator and a size of nothing', () => {
  expect(refusalsOf(definition, { separator: '', size: 0 })).toEqual([
    ['separator', 'A separator needs at least one character.'],
    ['size', 'A part has at least one character or item.'],
  ]);
});

it('has ports that follow the config', () => {
  expect(portsText(definition)).toEqual([['input: string'], ['output: array']]);
  expect(portsText(definition, { mode: 'chunks' })[0]).toEqual(['input: array']);
  expect(portsText(definition, { field: 'body' })[0]).toEqual(['input: any']);
});

it.each([
  [{ separator: ',' }, 'x,'.repeat(1_000_000)],
  [{ mode: 'length', size: 3 }, 'x'.repeat(1_000_000)],
  [{ mode: 'chunks', size: 1 }, Array.from({ length: 100_000 }, () => 1)],
])('is quick: %j', async (config, input) => {
  const spent = cpuClock();
  expect(((await run(config, input)) as unknown[]).length).toBeGreaterThan(90_000);
  expect(spent()).toBeLessThan(1500);
});

it('flow: a text of the trigger becomes batches', async () => {
  const result = await runChain({
    definitionOf,
    executors: { split: execute },
    chain: [
      { type: 'split', from: 'text' },
      { type: 'split', config: { mode: 'chunks', size: 2 } },
    ],
    payload: { text: 'a,b,c' },
  });
  expect(result.steps['n2']?.outputs).toEqual({ output: [['a', 'b'], ['c']] });
});
