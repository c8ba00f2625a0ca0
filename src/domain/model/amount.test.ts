import { expect, test } from 'vitest';
import { count, dollars, rate, shortCount } from './amount.ts';

test.each([
  [0, '$0.00'],
  [0.00001, '< $0.0001'],
  [0.0123, '$0.0123'],
  [0.5, '$0.50'],
  [1234.567, '$1,234.57'],
])('%d dollars are shown as %s', (usd, shown) => expect(dollars(usd)).toBe(shown));

test('counts and rates are grouped', () => {
  expect(count(1_234_567)).toBe('1,234,567');
  expect(shortCount(12_400)).toBe('12.4K');
  expect(rate(0.075)).toBe('$0.075');
  expect(rate(10)).toBe('$10.00');
});
