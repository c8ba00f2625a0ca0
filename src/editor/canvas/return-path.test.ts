import { describe, expect, it } from 'vitest';
import { BELOW } from '../document/loop-geometry.ts';
import { returnPath } from './return-path.ts';

const heights = (path: string): number[] => [...path.matchAll(/V(-?[\d.]+)/g)].map((one) => Number(one[1]));

describe('the way back into a loop', () => {
  it('runs below the lowest card, however high its ends lie', () => {
    const { path, middle } = returnPath({ x: 600, y: 40 }, { x: 100, y: 90 }, 300);
    expect(middle.y).toBe(300 + BELOW);
    expect(Math.max(...heights(path))).toBeGreaterThan(300);
    expect(path.startsWith('M600 40H')).toBe(true);
    expect(path.endsWith('H100')).toBe(true);
  });

  it('stays below its ends when nothing lies between them', () => {
    expect(returnPath({ x: 600, y: 400 }, { x: 100, y: 90 }, 0).middle.y).toBe(400 + BELOW);
  });

  it('has its middle between card and card', () => {
    expect(returnPath({ x: 600, y: 0 }, { x: 100, y: 0 }, 0).middle.x).toBe(350);
  });
});
