import { describe, expect, it } from 'vitest';
import { listState } from './list-state.ts';

const read = (query: string) => listState.read(new URLSearchParams(query));

describe('listState', () => {
  it('writes nothing for the defaults', () => {
    expect(listState.write(read('')).toString()).toBe('');
  });

  it('comes back as it was written', () => {
    const state = { status: 'failed', workflow: 'mail', limit: 100, offset: 200 } as const;
    expect(listState.read(listState.write(state))).toEqual(state);
  });

  it('ignores a status that does not exist', () => {
    expect(read('status=exploded').status).toBe('');
  });
});
