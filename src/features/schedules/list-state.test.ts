import { expect, test } from 'vitest';
import { listState } from './list-state.ts';

const read = (query: string) => listState.read(new URLSearchParams(query));

test('what the address says comes back from it', () => {
  const query = 'q=nightly&status=paused&workflow=7&sort=next_run_at&limit=50&offset=50';
  expect(listState.write(read(query)).toString()).toBe(query);
});

test('nonsense is the default, and the default is not written', () => {
  const state = read('status=sleeping&workflow=x&sort=colour&limit=0&offset=-1');
  expect(state).toEqual({ q: '', status: '', workflow: 0, sort: '-created_at', limit: 25, offset: 0 });
  expect(listState.write(state).toString()).toBe('');
});
