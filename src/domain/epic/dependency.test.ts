import { expect, test } from 'vitest';
import { cycleThrough } from './dependency.ts';

const tasks = [
  { id: 'a', depends_on: [] },
  { id: 'b', depends_on: ['a'] },
  { id: 'c', depends_on: ['b', 'a'] },
  { id: 'd', depends_on: [] },
];

test('what is not reached back is no cycle', () => {
  expect(cycleThrough(tasks, 'd', ['c'])).toBeNull();
  expect(cycleThrough(tasks, 'c', ['a', 'd'])).toBeNull();
  expect(cycleThrough(tasks, 'c', [])).toBeNull();
});

test('a task that depends on itself, at once or over others, is told the way round', () => {
  expect(cycleThrough(tasks, 'a', ['a'])).toEqual(['a']);
  expect(cycleThrough(tasks, 'a', ['c'])?.at(-1)).toBe('a');
  expect(cycleThrough(tasks, 'a', ['d', 'b'])).toEqual(['b', 'a']);
});

test('a long chain with many crossings takes no time', () => {
  const wide = Array.from({ length: 2000 }, (_, n) => ({
    id: `t${n}`,
    depends_on: n < 2 ? [] : [`t${n - 1}`, `t${n - 2}`],
  }));
  expect(cycleThrough(wide, 'x', ['t1999'])).toBeNull();
  expect(cycleThrough(wide, 't0', ['t1999'])?.at(-1)).toBe('t0');
});
