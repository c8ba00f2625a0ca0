import { describe, expect, it } from 'vitest';
import { listState } from './list-state.ts';

const read = (query: string) => listState.read(new URLSearchParams(query));

describe('listState', () => {
  it('writes nothing for the defaults', () => {
    expect(listState.write(read('')).toString()).toBe('');
  });

  it('comes back as it was written', () => {
    const state = { q: 'mail & more', tag: 'a b', sort: 'name', limit: 50, offset: 100 } as const;
    expect(listState.read(listState.write(state))).toEqual(state);
  });

  it.each(['limit=0', 'limit=x', 'limit=1000000', 'offset=-1', 'offset=1.5', 'sort=drop'])(
    'ignores %s',
    (query) => {
      expect(read(query)).toEqual(read(''));
    },
  );
});
