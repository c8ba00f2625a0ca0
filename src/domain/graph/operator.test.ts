import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holds } from './operator.ts';
import { isUnary, OPERATORS, UNARY_OPERATORS } from './operator-name.ts';

const json = fc.jsonValue();

const TRUE: readonly [unknown, string, unknown][] = [
  ['', 'exists', null],
  [0, 'exists', null],
  [null, 'does_not_exist', null],
  [undefined, 'does_not_exist', null],
  ['', 'is_empty', null],
  [[], 'is_empty', null],
  [{}, 'is_empty', null],
  [null, 'is_empty', null],
  [0, 'is_not_empty', null],
  [false, 'is_not_empty', null],
  ['Yes', 'is_true', null],
  [1, 'is_true', null],
  [true, 'is_true', null],
  ['no', 'is_false', null],
  [null, 'is_false', null],
  [5, 'equals', '5'],
  [true, 'equals', 'true'],
  [{ a: 1 }, 'equals', '{"a":1}'],
  [null, 'equals', ''],
  ['a', 'not_equals', 'A'],
  ['invoice 7', 'contains', 'voice'],
  [['a', 5], 'contains', '5'],
  [['ab'], 'not_contains', 'a'],
  ['abc', 'starts_with', 'ab'],
  ['abc', 'not_starts_with', 'b'],
  ['abc', 'ends_with', 'bc'],
  ['abc', 'not_ends_with', 'b'],
  ['order 12', 'matches_regex', '\\d+'],
  ['order', 'not_matches_regex', '^\\d+$'],
  ['10', 'gt', 9],
  [' 2.5e1 ', 'equals', ' 2.5e1 '],
  [' 2.5e1 ', 'gte', 25],
  ['abc', 'lt', 1],
  [[9], 'lte', 0],
  [true, 'gte', 1],
  ['0x10', 'lt', 1],
  ['2026-02-28', 'before', '2026-03-01'],
  ['2026-02-28T10:00:00Z', 'after', '2026-02-28T10:30:00+01:00'],
  ['2026-02-28', 'after_or_equal', '2026-02-28T00:00'],
  ['2026-02-28T00:00:00.000Z', 'before_or_equal', '2026-02-28'],
  ['2026-02-28 10:00:00+0100', 'before_or_equal', '2026-02-28T09:00:00Z'],
  ['héé', 'length_eq', 3],
  [[1, 2], 'length_neq', 3],
  [[1, 2], 'length_gt', 1],
  [[1, 2], 'length_lt', '3'],
  ['ab', 'length_gte', 2],
  [{ a: 1 }, 'length_lte', 0],
];

const FALSE: readonly [unknown, string, unknown][] = [
  ['soon', 'after', '2026-01-01'],
  ['2026-01-01', 'before', 'later'],
  ['2026-02-30', 'after', '2026-01-01'],
  ['2026-13-01', 'after', '2026-01-01'],
  ['2026-01-01T25:00', 'after', '2020-01-01'],
  [1_767_225_600_000, 'after', '2020-01-01'],
  ['abc', 'gt', 0],
  ['Infinity', 'gt', 5],
  ['y', 'is_true', null],
];

describe('holds', () => {
  it.each(TRUE)('%j %s %j', (left, operator, right) => {
    expect(holds(operator, left, right)).toBe(true);
  });

  it.each(FALSE)('not: %j %s %j', (left, operator, right) => {
    expect(holds(operator, left, right)).toBe(false);
  });

  it('covers every operator above', () => {
    expect(OPERATORS.filter((operator) => !TRUE.some(([, used]) => used === operator))).toEqual([]);
  });

  it('answers every value with every operator', () => {
    fc.assert(
      fc.property(fc.constantFrom(...OPERATORS), json, json, (operator, left, right) => {
        fc.pre(!operator.endsWith('matches_regex'));
        expect(typeof holds(operator, left, right)).toBe('boolean');
      }),
    );
  });

  it.each([
    ['exists', 'does_not_exist'],
    ['is_empty', 'is_not_empty'],
    ['is_true', 'is_false'],
    ['equals', 'not_equals'],
    ['contains', 'not_contains'],
    ['starts_with', 'not_starts_with'],
    ['ends_with', 'not_ends_with'],
    ['gt', 'lte'],
    ['lt', 'gte'],
    ['length_eq', 'length_neq'],
    ['length_gt', 'length_lte'],
    ['length_lt', 'length_gte'],
  ])('%s and %s are opposites', (one, other) => {
    fc.assert(
      fc.property(json, json, (left, right) => {
        expect(holds(one, left, right)).toBe(!holds(other, left, right));
      }),
    );
  });

  it.each(['like', '', 'toString', '__proto__'])('refuses the unknown operator “%s”', (operator) => {
    expect(() => holds(operator, 1, 1)).toThrow(
      expect.objectContaining({ code: 'unknown_operator', permanent: true }),
    );
  });

  it.each(['(', '(?=a)', '(a)\\1', 'a'.repeat(1001), 'x{2000}'])('refuses the pattern %s', (pattern) => {
    expect(() => holds('matches_regex', 'text', pattern)).toThrow(
      expect.objectContaining({ code: 'bad_pattern', permanent: true }),
    );
  });

  it('is not slowed down by a pattern that makes other engines hang', () => {
    const start = performance.now();
    expect(holds('matches_regex', `${'a'.repeat(50_000)}!`, '^(a+)+$')).toBe(false);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

it('knows which operators need no right-hand side', () => {
  expect(OPERATORS.filter(isUnary)).toEqual([...UNARY_OPERATORS]);
});
