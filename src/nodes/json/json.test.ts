import { describe, expect, it } from 'vitest';
import { outputsOf, portsText, refusalsOf, runChain } from '#domain/node/step-fixture.ts';
import { definitionOf } from '../definitions.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const run = async (config: Record<string, unknown>, input: unknown) =>
  (await outputsOf(definition, execute, { config, inputs: { input } }))['output'];

describe('parse', () => {
  it.each([
    ['{"a": [1, "2", null, true]}', { a: [1, '2', null, true] }],
    [' null ', null],
    ['"text"', 'text'],
    ['-1.5e3', -1500],
    ['\uFEFF[1]', [1]],
  ])('%j', async (text, expected) => {
    expect(await run({}, text)).toEqual(expected);
  });

  it('finds the text inside the input', async () => {
    expect(await run({ field: 'body.data' }, { body: { data: '[1]' } })).toEqual([1]);
  });

  it.each([
    ['', 'bad_json', 'The text is empty.'],
    ['{a: 1}', 'bad_json', 'The text is not valid JSON'],
    [`${'['.repeat(101)}${']'.repeat(101)}`, 'bad_json', 'nested more than 100 levels deep'],
    ['<html>', 'bad_json', "Unexpected token '<'"],
    ['[1,]', 'bad_json', "Unexpected token ']'"],
    [{ a: 1 }, 'not_text', 'it is an object'],
    [undefined, 'not_text', 'it is nothing'],
  ])('refuses %j', async (input, code, message) => {
    await expect(run({}, input)).rejects.toMatchObject({
      code,
      permanent: true,
      message: expect.stringContaining(message),
    });
  });

  it('cannot be led to change what objects inherit', async () => {
    const value = await run({}, '{"__proto__": {"polluted": true}}');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });
});

describe('format', () => {
  const format = (input: unknown, more = {}) => run({ mode: 'format', ...more }, input);

  it.each([
    [{ b: 1, a: [null, 'x'] }, '{"b":1,"a":[null,"x"]}'],
    ['te"xt', '"te\\"xt"'],
    [null, 'null'],
    [undefined, 'null'],
    [5, '5'],
  ])('%j', async (value, expected) => {
    expect(await format(value)).toBe(expected);
  });

  it('indents and sorts when asked', async () => {
    expect(await format({ b: 1, a: { d: 1, c: 2 } }, { indent: 1, sort_keys: true })).toBe(
      '{\n "a": {\n  "c": 2,\n  "d": 1\n },\n "b": 1\n}',
    );
    expect(await format({ x: { y: 1 } }, { field: 'x' })).toBe('{"y":1}');
  });
});

it('refuses an indent out of bounds', () => {
  expect(refusalsOf(definition, { indent: 11 }).map(([path]) => path)).toEqual(['indent']);
});

it('types its ports by what it does', () => {
  expect(portsText(definition)).toEqual([['input: string'], ['output: any']]);
  expect(portsText(definition, { field: 'body' })[0]).toEqual(['input: any']);
  expect(portsText(definition, { mode: 'format' })).toEqual([['input: any'], ['output: string']]);
});

it('flow: what was formatted reads back as it was', async () => {
  const payload = { text: 'a "quoted" {{ text }}', n: [1, { b: null }] };
  const result = await runChain({
    definitionOf,
    executors: { json: execute },
    chain: [{ type: 'json', config: { mode: 'format' } }, { type: 'json' }],
    payload,
  });
  expect(result.steps['n2']?.outputs).toEqual({ output: payload });
});
