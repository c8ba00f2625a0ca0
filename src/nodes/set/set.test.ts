import { describe, expect, it } from 'vitest';
import { graphOf, renderReferences, stepOutputs } from '#domain/run/flow-fixture.ts';
import { runFlow } from '#domain/run/run-flow.ts';
import { definitionOf } from '../definitions.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const run = async (config: Record<string, unknown>, input?: unknown) => {
  const outputs = await stepOutputs(definition, execute, { config, inputs: { input } });
  return outputs['output'];
};

describe('fields', () => {
  it('builds an object and keeps every type', async () => {
    const fields = { name: 'Ada', age: 36, tags: ['a'], nested: { x: null } };
    expect(await run({ fields })).toEqual(fields);
  });

  it('adds to the input when asked, its own fields winning', async () => {
    const config = { fields: { a: 2 }, include_input: true };
    expect(await run(config, { a: 1, b: 1 })).toEqual({ a: 2, b: 1 });
    expect(await run(config)).toEqual({ a: 2 });
    expect(await run({ fields: { a: 2 } }, { b: 1 })).toEqual({ a: 2 });
  });

  it.each([
    [[1], 'a list'],
    ['text', 'a string'],
    [5, 'a number'],
  ])('cannot add to %j', async (input, what) => {
    await expect(run({ include_input: true }, input)).rejects.toMatchObject({
      code: 'not_an_object',
      permanent: true,
      message: expect.stringContaining(what),
    });
  });

  it('refuses a field without a name', () => {
    expect(definition.config.safeParse({ fields: { '': 1 } }).success).toBe(false);
  });
});

describe('text', () => {
  it.each([
    ['Hello', 'Hello'],
    [{ a: 1 }, '{"a":1}'],
    [[1], '[1]'],
    [7, '7'],
    [null, ''],
  ])('gives %j as text', async (text, expected) => {
    expect(await run({ mode: 'text', text })).toBe(expected);
  });
});

describe('json', () => {
  it('takes structured values as they are and reads text', async () => {
    expect(await run({ mode: 'json', json: { a: [1, '2'] } })).toEqual({ a: [1, '2'] });
    expect(await run({ mode: 'json', json: '{"a": 1}' })).toEqual({ a: 1 });
    expect(await run({ mode: 'json', json: 'null' })).toBeNull();
  });

  it('says what to do when the text is no JSON', async () => {
    await expect(run({ mode: 'json', json: '{"name": "a "quoted" name"}' })).rejects.toMatchObject({
      code: 'bad_json',
      message: expect.stringMatching(/“JSON” is not valid JSON.*in quotes as a whole value/),
    });
  });
});

it.each([
  ['fields', 'object'],
  ['text', 'string'],
  ['json', 'any'],
] as const)('in mode %s its output is typed %s', (mode, type) => {
  expect(definition.ports(definition.config.parse({ mode })).outputs).toMatchObject([
    { name: 'output', type },
  ]);
});

it('flow: passes values between two Set nodes with their types, and data stays data', async () => {
  const graph = graphOf(
    {
      start: { type: 'trigger_manual' },
      one: { type: 'set', config: { fields: { list: '{{ trigger.list }}', evil: '{{ trigger.evil }}' } } },
      two: { type: 'set', config: { mode: 'text', text: '{{ one.output.list }} and {{ one.output.evil }}' } },
    },
    ['start.payload > one.input', 'one.output > two.input'],
  );
  const result = await runFlow({
    graph,
    payload: { list: [1, { a: 2 }], evil: '{{ trigger.list }}' },
    definitionOf,
    executors: { set: execute },
    render: renderReferences,
  });
  expect(result.steps['one']?.outputs).toEqual({
    output: { list: [1, { a: 2 }], evil: '{{ trigger.list }}' },
  });
  expect(result.steps['two']?.outputs).toEqual({ output: '[1,{"a":2}] and {{ trigger.list }}' });
});
