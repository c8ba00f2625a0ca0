import { describe, expect, it } from 'vitest';
import { SIGNATURE_BITS, signatureOf, similarityOf, unitVector } from './vector.ts';

const turned = (degrees: number, dimensions: number): number[] => {
  const vector = Array.from({ length: dimensions }, () => 0);
  vector[0] = Math.cos((degrees / 180) * Math.PI);
  vector[1] = Math.sin((degrees / 180) * Math.PI);
  return vector;
};
const differing = (a: string, b: string): number => [...a].filter((bit, at) => bit !== b[at]).length;

describe('unit vectors', () => {
  it('keep their direction and have the length one', () => {
    expect(unitVector([3, 4])).toEqual([0.6, 0.8]);
    expect(similarityOf(unitVector([3, 4]) ?? [], unitVector([-3, -4]) ?? [])).toBeCloseTo(-1);
  });

  it('hold nothing too small for a column of real numbers', () => {
    expect(unitVector([1, 1e-60, -1e-44])).toEqual([1, 0, 0]);
  });

  it('are not made of nothing', () => {
    expect(unitVector([0, 0])).toBeNull();
    expect(unitVector([])).toBeNull();
    expect(unitVector([1, Number.NaN])).toBeNull();
    expect(unitVector([1, Number.POSITIVE_INFINITY])).toBeNull();
  });
});

describe('signatures', () => {
  // Thousands of random coordinates stand for texts; the seed makes every run the same.
  const texts = (count: number, dimensions: number): number[][] => {
    let state = 7;
    const next = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647 - 0.5;
    };
    return Array.from({ length: count }, () => Array.from({ length: dimensions }, next));
  };

  it('differ in about as many bits as the angle is of a half turn', () => {
    const [base = [], other = []] = texts(2, 768);
    const shift = (share: number) => base.map((one, at) => one * (1 - share) + (other[at] ?? 0) * share);
    for (const share of [0, 0.2, 0.5, 1]) {
      const there = shift(share);
      const [a, b] = [unitVector(base) ?? [], unitVector(there) ?? []];
      const angle = Math.acos(Math.min(1, similarityOf(a, b))) / Math.PI;
      expect(differing(signatureOf(a), signatureOf(b)) / SIGNATURE_BITS).toBeCloseTo(angle, 1);
    }
  });

  it('are the same for the same direction, and stay what they are', () => {
    expect(signatureOf(turned(30, 8))).toBe(signatureOf(turned(30, 8).map((one) => one * 7)));
    const known = signatureOf(turned(30, 64));
    expect(known).toHaveLength(SIGNATURE_BITS);
    expect(known.slice(0, 64)).toBe('0010101001101110110001100101110010110111100110010001100100011000');
  });
});
