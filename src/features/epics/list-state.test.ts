import { describe, expect, it } from 'vitest';
import { listState } from './list-state.ts';

const read = (query: string) => listState.read(new URLSearchParams(query));

describe('listState', () => {
  it('writes nothing for the defaults', () => {
    expect(listState.write(read('')).toString()).toBe('');
  });

  it('comes back as it was written', () => {
    const state = {
      q: 'a & b',
      status: 'paused',
      tag: 'x y',
      sort: 'priority',
      limit: 50,
      offset: 100,
    } as const;
    expect(listState.read(listState.write(state))).toEqual(state);
  });

  it.each(['limit=0', 'limit=x', 'offset=-1', 'sort=drop', 'status=done'])('ignores %s', (query) => {
    expect(read(query)).toEqual(read(''));
  });
});
