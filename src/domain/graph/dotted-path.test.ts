import { expect, it } from 'vitest';
import { valueAt } from './dotted-path.ts';

const order = { items: [{ price: 7 }, null], 'a b': false, none: null };

it.each([
  ['', order],
  ['items.0.price', 7],
  ['items.1.price', null],
  ['items.2', null],
  ['items.length', 2],
  ['a b', false],
  ['none', null],
  ['none.x', null],
  ['toString', null],
  ['__proto__.x', null],
  ['items.0.price.x', null],
])('valueAt “%s”', (path, expected) => {
  expect(valueAt(order, path)).toEqual(expected);
});

it('reads the empty path of nothing as null', () => {
  expect(valueAt(undefined, '')).toBeNull();
});
