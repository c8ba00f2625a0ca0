import { expect, it } from 'vitest';
import { plugPath } from './plug-path.ts';

it('runs across just above the part, below where free slots have their “+”', () => {
  const path = plugPath({ x: 300, y: 272 }, { x: 100, y: 200 })?.path ?? '';
  expect(path.startsWith('M300 272')).toBe(true);
  expect(path).toContain('H110');
  expect(path).toContain(' 254 ');
  expect(path.endsWith('V200')).toBe(true);
});

it('is straight below the slot', () => {
  expect(plugPath({ x: 100, y: 272 }, { x: 100, y: 200 })?.path).toBe('M100 272V200');
});

it('gives up where the part lies beside or above its slot', () => {
  expect(plugPath({ x: 300, y: 210 }, { x: 100, y: 200 })).toBeNull();
});
