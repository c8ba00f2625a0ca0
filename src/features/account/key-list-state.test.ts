import { describe, expect, it } from 'vitest';
import { type ApiKey, isExpired, keyListState, shownKeys } from './key-list-state.ts';

const key = (id: number, name: string, over: Partial<ApiKey> = {}): ApiKey => ({
  id,
  name,
  prefix: `pre${id}`,
  created_at: `2026-01-0${id}T00:00:00Z`,
  last_used_at: null,
  expires_at: null,
  is_active: true,
  ...over,
});
const keys = [
  key(1, 'beta', { expires_at: '2026-06-01T00:00:00Z' }),
  key(2, 'alpha', { last_used_at: '2026-01-05T00:00:00Z' }),
  key(3, 'gone', { is_active: false }),
  key(4, 'Alpha 10'),
];
const state = { q: '', revoked: false, sort: '-created_at' } as const;
const ids = (change: Partial<typeof state> | object) =>
  shownKeys(keys, { ...state, ...change }).map(({ id }) => id);

describe('shownKeys', () => {
  it('leaves revoked keys out until they are asked for', () => {
    expect(ids({})).toEqual([4, 2, 1]);
    expect(ids({ revoked: true })).toEqual([4, 3, 2, 1]);
  });

  it('finds names and beginnings of keys', () => {
    expect(ids({ q: 'ALPHA' })).toEqual([4, 2]);
    expect(ids({ q: 'pre1' })).toEqual([1]);
  });

  it('orders', () => {
    expect(ids({ sort: 'name' })).toEqual([2, 4, 1]);
    expect(ids({ sort: '-last_used_at' })).toEqual([2, 4, 1]);
    expect(ids({ sort: 'expires_at' })).toEqual([1, 4, 2]);
  });
});

describe('keyListState', () => {
  it('survives the address', () => {
    const query = 'q=a&revoked=yes&sort=name';
    expect(keyListState.write(keyListState.read(new URLSearchParams(query))).toString()).toBe(query);
  });
});

describe('isExpired', () => {
  it('looks at the time', () => {
    const now = Date.parse('2026-07-01T00:00:00Z');
    expect(keys.map((one) => isExpired(one, now))).toEqual([true, false, false, false]);
  });
});
