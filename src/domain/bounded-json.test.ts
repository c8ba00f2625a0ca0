import { expect, test } from 'vitest';
import { MOST_LEVELS, parseBounded } from './bounded-json.ts';

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

test('reads what JSON.parse reads', () => {
  for (const value of [null, 1, 'a "quoted" {[ \\ text', { a: [{ b: '[[[[' }] }, []]) {
    expect(parseBounded(JSON.stringify(value))).toEqual(value);
  }
  expect(() => parseBounded('{"a":')).toThrow(SyntaxError);
  expect(parseBounded(JSON.stringify({ text: nested(5000) }))).toEqual({ text: nested(5000) });
});

test('refuses what is nested too deep, in words', () => {
  expect(JSON.stringify(parseBounded(nested(MOST_LEVELS)))).toBe(nested(MOST_LEVELS));
  for (const deep of [
    nested(MOST_LEVELS + 1),
    nested(200_000),
    '{"a":'.repeat(101) + '1' + '}'.repeat(101),
  ]) {
    expect(() => parseBounded(deep)).toThrow('it is nested more than 100 levels deep');
  }
});

test('is quick with long texts that hold quotes and backslashes', () => {
  const text = JSON.stringify(`${'\\"'.repeat(500_000)}`);
  expect(parseBounded(text)).toBe('\\"'.repeat(500_000));
  expect(() => parseBounded(text.slice(0, -1))).toThrow(SyntaxError);
});
