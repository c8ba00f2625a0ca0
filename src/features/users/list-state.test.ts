import { describe, expect, it } from 'vitest';
import { directionOf, listState, turned } from './list-state.ts';

describe('listState', () => {
  it('survives the address', () => {
    const query = 'q=ada&role=admin&state=disabled&sort=-created_at&limit=50&offset=100';
    expect(listState.write(listState.read(new URLSearchParams(query))).toString()).toBe(query);
  });

  it('takes nothing that is none of its values', () => {
    const state = listState.read(new URLSearchParams('role=king&state=dead&sort=shoe&limit=0'));
    expect(listState.write(state).toString()).toBe('');
  });
});

describe('the order', () => {
  it('turns with a second click', () => {
    expect(turned('username', 'username')).toBe('-username');
    expect(turned('-username', 'username')).toBe('username');
    expect(turned('-username', 'created_at')).toBe('created_at');
  });

  it('is told by the head it belongs to', () => {
    expect(directionOf('-created_at', 'created_at')).toBe('desc');
    expect(directionOf('-created_at', 'username')).toBe('none');
  });
});
