import { expect, it } from 'vitest';
import { requestDigest } from './request-digest.ts';

it('is the same for the same request in another order, also deep within', () => {
  const one = { text: 'x', payload: { b: [{ d: 1, c: 2 }], a: null }, from: undefined };
  const other = { payload: { a: null, b: [{ c: 2, d: 1 }] }, text: 'x' };
  expect(requestDigest(one)).toBe(requestDigest(other));
});

it.each([
  [{ text: 'x' }, { text: 'y' }],
  [{ text: 'x' }, { text: 'x', edit_of: '1' }],
  [{ a: [1, 2] }, { a: [2, 1] }],
  [{ a: { b: 1 } }, { a: { b: '1' } }],
  [{ a: null }, {}],
])('tells %j from %j', (one, other) => {
  expect(requestDigest(one)).not.toBe(requestDigest(other));
});
