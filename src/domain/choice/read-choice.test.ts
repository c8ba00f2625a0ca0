import { expect, it } from 'vitest';
import { cpuClock } from '../node/step-fixture.ts';
import { readChoice } from './read-choice.ts';

const names = ['order', 'order status', 'Return'];

it.each([
  ['{"category": "order"}', 'order'],
  ['```json\n{"category": "order status"}\n```', 'order status'],
  ['Sure! {"category": "return"} is it.', 'Return'],
  ['"Return"', 'Return'],
  ['**return**.', 'Return'],
  [' ORDER STATUS\n', 'order status'],
  ['I think it is the order status.', 'order status'],
  ['It is about a return, clearly.', 'Return'],
  [['order'], 'order'],
  [{ category: 'order' }, 'order'],
])('finds the name in %j', (answer, name) => {
  expect(readChoice(answer, names, 'category')).toBe(name);
});

it.each([
  ['order or return'],
  ['order, or order status?'],
  ['none of them'],
  [''],
  ['{"category": "refund"}'],
  ['{"other": "x"}'],
  [['order', 'Return']],
  [null],
  [42],
  [{ category: 5 }],
])('does not guess: %j', (answer) => {
  expect(readChoice(answer, names, 'category')).toBeNull();
});

it('does not slow down over a model that goes astray', () => {
  const elapsed = cpuClock();
  expect(readChoice(`a${'.'.repeat(200_000)}x`, names, 'category')).toBeNull();
  expect(elapsed()).toBeLessThan(1000);
});
