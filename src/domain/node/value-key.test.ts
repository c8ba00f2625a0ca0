import fc from 'fast-check';
import { expect, it } from 'vitest';
import { keyOf } from './value-key.ts';

it.each([
  [{ a: 1, b: { c: 2, d: [3] } }, { b: { d: [3], c: 2 }, a: 1 }, true],
  [1, '1', false],
  [null, 'null', false],
  [null, undefined, true],
  ['', null, false],
  ['[1]', [1], false],
  [[1, 2], [2, 1], false],
  [true, 'true', false],
  [{}, [], false],
  [0, -0, true],
])('%j and %j: equal is %s', (a, b, equal) => {
  expect(keyOf(a) === keyOf(b)).toBe(equal);
});

it('has one key for every JSON value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const copy: unknown = JSON.parse(JSON.stringify(a));
      expect(keyOf(copy)).toBe(keyOf(a));
      if (keyOf(a) === keyOf(b)) expect(JSON.parse(JSON.stringify(b))).toEqual(copy);
    }),
  );
});
