import { expect, it } from 'vitest';
import { fuseRanks } from './rank-fusion.ts';

const fused = (...rankings: string[]): string =>
  fuseRanks(
    rankings.map((ranking) => [...ranking]),
    (entry) => entry,
  ).join('');

it('puts what stands in several rankings before what stands in one', () => {
  expect(fused('abc', 'dcb')).toBe('bcad');
  expect(fused('abc', 'cab')).toBe('acb');
});

it('keeps the order of one ranking, and the earlier ranking first among equals', () => {
  expect(fused('abc')).toBe('abc');
  expect(fused('abc', '')).toBe('abc');
  expect(fused('ab', 'xy')).toBe('axby');
  expect(fused()).toBe('');
});

it('gives every entry once', () => {
  const entries = fuseRanks(
    [[{ id: '1', from: 'words' }], [{ id: '1', from: 'meaning' }]],
    ({ id }: { id: string; from: string }) => id,
  );
  expect(entries).toEqual([{ id: '1', from: 'words' }]);
});
