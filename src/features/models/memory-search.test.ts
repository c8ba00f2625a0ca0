import { expect, it } from 'vitest';
import {
  draftOf,
  isChanged,
  isOtherModel,
  type MemorySearch,
  progressText,
  shareDone,
} from './memory-search.ts';

const now: MemorySearch = {
  credential_id: 3,
  credential_name: 'Models',
  model: 'small',
  dimensions: null,
  min_similarity: 0.25,
  storage: 'arrays',
  memories: { total: 10, embedded: 6, pending: 3, skipped: 1 },
  paused_until: null,
  last_error: null,
  updated_at: null,
};

it('knows when memories have to be embedded anew', () => {
  const draft = draftOf(now);
  expect([isChanged(draft, now), isOtherModel(draft, now)]).toEqual([false, false]);
  const stricter = { ...draft, similarity: 40 };
  expect([isChanged(stricter, now), isOtherModel(stricter, now)]).toEqual([true, false]);
  for (const other of [{ model: 'large' }, { dimensions: 256 }, { credential: 4 }]) {
    expect(isOtherModel({ ...draft, ...other }, now)).toBe(true);
  }
});

it('says how far the embedding is', () => {
  expect(progressText(now.memories)).toBe(
    '6 of 10 memories are found by meaning, 3 to go, 1 refused by the provider.',
  );
  expect(progressText({ total: 1, embedded: 1, pending: 0, skipped: 0 })).toBe(
    '1 of 1 memory is found by meaning.',
  );
  expect(progressText({ total: 0, embedded: 0, pending: 0, skipped: 0 })).toMatch(/^There are no memories/);
  expect(shareDone(now.memories)).toBe(0.7);
  expect(shareDone({ total: 0, embedded: 0, pending: 0, skipped: 0 })).toBe(1);
});
