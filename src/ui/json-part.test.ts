import { describe, expect, it } from 'vitest';
import { cutOf, withPart } from './json-part.ts';

describe('cutOf', () => {
  it('knows what stands for a larger value and leaves data alone that only looks like it', () => {
    expect(cutOf({ $truncated: true, bytes: 9, preview: '[1' })).toEqual({ bytes: 9, preview: '[1' });
    expect(cutOf({ $truncated: true })).toBeNull();
    expect(cutOf([1])).toBeNull();
    expect(cutOf(null)).toBeNull();
  });
});

describe('withPart', () => {
  it('counts the entries of a list on', () => {
    const first = withPart(null, { kind: 'list', total: 3, items: ['a', 'b'] });
    expect(withPart(first, { kind: 'list', total: 3, items: ['c'] })).toMatchObject({
      entries: [
        [0, 'a'],
        [1, 'b'],
        [2, 'c'],
      ],
      read: 3,
      total: 3,
    });
  });

  it('keeps the keys of an object in order', () => {
    const { entries } = withPart(null, { kind: 'object', total: 1, entries: [{ key: 'x', value: null }] });
    expect(entries).toEqual([['x', null]]);
  });

  it('joins a text', () => {
    const first = withPart(null, { kind: 'text', total: 4, text: 'ab' });
    expect(withPart(first, { kind: 'text', total: 4, text: 'cd' })).toMatchObject({ whole: 'abcd', read: 4 });
  });
});
