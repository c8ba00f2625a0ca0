import { describe, expect, it } from 'vitest';
import { isFiltered, listState, NO_FILTER } from './list-state.ts';

const read = (query: string) => listState.read(new URLSearchParams(query));
const turn = (query: string) => listState.write(read(query)).toString();

describe('the address of the memories', () => {
  it('is empty for what is shown at first', () => {
    expect(turn('')).toBe('');
    expect(read('')).toMatchObject({ kind: 'facts', q: '', limit: 25, offset: 0 });
  });

  it.each([
    'q=tea&scope=user&type=correction&limit=50&offset=50',
    'kind=episodes&agent=a1',
    'kind=checkpoints&thread=1%3A2',
    'kind=users&q=Grace',
  ])('keeps %s', (query) => {
    expect(turn(query)).toBe(query);
    expect(isFiltered(read(query))).toBe(true);
  });

  it('drops what it does not know, and filters of other kinds', () => {
    expect(turn('kind=dreams&scope=galaxy&type=x&limit=9999&offset=-1')).toBe('');
    expect(turn('kind=users&scope=user&agent=a&thread=t')).toBe('kind=users');
    expect(isFiltered(read('kind=users&scope=user&agent=a&thread=t'))).toBe(false);
  });

  it('has no filter once all are taken away', () => {
    expect(isFiltered({ ...read('kind=episodes&agent=a1&q=x'), ...NO_FILTER })).toBe(false);
  });
});
