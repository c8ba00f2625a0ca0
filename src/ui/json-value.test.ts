import { describe, expect, it } from 'vitest';
import { childPath, entriesOf, entryCount, formatSize, isLongerThan, kindOf } from './json-value.ts';

describe('json values', () => {
  it('writes paths that survive odd keys', () => {
    expect(childPath('$', 'items')).toBe('$.items');
    expect(childPath('$.items', 3)).toBe('$.items[3]');
    expect(childPath('$', 'a "b"')).toBe('$["a \\"b\\""]');
    expect(childPath('$', '')).toBe('$[""]');
  });

  it('counts and cuts entries of objects and arrays', () => {
    expect(entryCount({ a: 1, b: 2 })).toBe(2);
    expect(entryCount('text')).toBe(0);
    expect(entriesOf([10, 20, 30], 2)).toEqual([
      [0, 10],
      [1, 20],
    ]);
    expect(entriesOf({ a: 1, b: 2 }, 1)).toEqual([['a', 1]]);
  });

  it('agrees with JSON.stringify about what is long', () => {
    const samples: unknown[] = [
      'x'.repeat(50),
      { a: [1, 2, 3], b: { c: null } },
      { k: 'v'.repeat(80) },
      [],
      {},
      [true, 'é', 1.5],
      12345,
    ];
    for (const sample of samples) {
      const length = JSON.stringify(sample).length;
      expect(isLongerThan(sample, length + entryCount(sample) * 4 + 8)).toBe(false);
      expect(isLongerThan(sample, Math.floor(length / 2) - 2)).toBe(true);
    }
  });

  it('stops early in a huge value', () => {
    let reads = 0;
    const huge = new Proxy(
      Array.from({ length: 1_000_000 }, () => 'xxxxxxxxxx'),
      {
        get: (target, key, receiver) => {
          if (typeof key === 'string' && /^\d+$/.test(key)) reads += 1;
          return Reflect.get(target, key, receiver);
        },
      },
    );
    expect(isLongerThan(huge, 100)).toBe(true);
    expect(reads).toBeLessThan(20);
  });

  it('names kinds and sizes', () => {
    expect([null, [], {}, 's', 1, true, undefined].map(kindOf)).toEqual([
      'null',
      'array',
      'object',
      'string',
      'number',
      'boolean',
      'other',
    ]);
    expect([900, 2048, 20480, 3 * 1024 * 1024].map(formatSize)).toEqual([
      '900 B',
      '2.0 KB',
      '20 KB',
      '3.0 MB',
    ]);
  });
});
