import { expect, it } from 'vitest';
import { cpuClock } from '../node/step-fixture.ts';
import { parserConfig } from './config.ts';
import { parseOutput } from './parse-output.ts';
import { pluggedParser } from './plugged-parser.ts';

const parse = (config: object, text: string) => parseOutput(parserConfig.parse(config), text);
const pattern = (regex: string) => ({ parser_type: 'regex', pattern: regex });

it.each([
  [{}, '{"a": [1]}', { a: [1] }],
  [{}, 'Here:\n```json\n{"a": 1}\n```\nDone.', { a: 1 }],
  [{}, '```JSON {"a": 1}```', { a: 1 }],
  [{}, '``` [1] ``` or ``` [2] ```', [1]],
  [{}, 'The answer is {"a": {"b": 2}}, I think.', { a: { b: 2 } }],
  [{}, 'They are [1, 2].', [1, 2]],
  [{}, '12', 12],
  [pattern('\\d+'), 'a 1 b 22', ['1', '22']],
  [
    pattern('(\\w)=(\\d)'),
    'a=1 b=2',
    [
      ['a', '1'],
      ['b', '2'],
    ],
  ],
  [pattern('#(\\d+)'), '#1 #2', ['1', '2']],
  [pattern('(?P<who>\\w+) owes (?P<sum>\\d+)'), 'Ada owes 12. Bob owes 3.', { who: 'Ada', sum: '12' }],
  [
    { parser_type: 'list' },
    '1. one\n- two\n\n * three\n4) four\n2024 was good',
    ['one', 'two', 'three', 'four', '2024 was good'],
  ],
  [{ parser_type: 'list' }, '', []],
  [{ on_failure: 'text' }, 'no json', 'no json'],
])('reads with %j: %j', (config, text, value) => {
  expect(parse(config, text)).toEqual(value);
});

it.each([
  [{}, 'no json', 'parse_failed'],
  [{}, '', 'parse_failed'],
  [pattern('x'), 'abc', 'parse_failed'],
  [pattern('(?=x)'), 'x', 'bad_pattern'],
  [{ ...pattern('(?=x)'), on_failure: 'text' }, 'x', 'bad_pattern'],
])('refuses with %j: %j', (config, text, code) => {
  expect(() => parse(config, text)).toThrow(expect.objectContaining({ code, permanent: true }));
});

it('does not slow down over patterns that others choke on', () => {
  const elapsed = cpuClock();
  expect(() => parse(pattern('(a+)+$'), `${'a'.repeat(50_000)}b`)).toThrow('found nowhere');
  expect(elapsed()).toBeLessThan(3000);
});

it('does not slow down over a fence that is never closed', () => {
  const elapsed = cpuClock();
  expect(() => parse({}, `\`\`\`json${'\n'.repeat(200_000)}`)).toThrow('There is no JSON');
  expect(elapsed()).toBeLessThan(1000);
});

it('is what a plugged parser does, if its settings fit', () => {
  const part = {
    id: 'p',
    type: 'output_parser',
    title: 'P',
    slot: 'parser' as const,
    timeoutMs: 1000,
    parts: {},
  };
  expect(pluggedParser({})).toBeNull();
  expect(pluggedParser({ output_parser: [{ ...part, config: {} }] })?.('[1]')).toEqual([1]);
  const wrong = { output_parser: [{ ...part, config: { parser_type: 'regex' } }] };
  expect(() => pluggedParser(wrong)).toThrow(expect.objectContaining({ code: 'bad_parser' }));
});

it('says of JSON that is nested too deep that it is, however deep', () => {
  for (const levels of [101, 100_000]) {
    const deep = `Here: ${'['.repeat(levels)}${']'.repeat(levels)}`;
    expect(() => parse({}, deep)).toThrow('The JSON in the text is nested more than 100 levels deep.');
  }
});
