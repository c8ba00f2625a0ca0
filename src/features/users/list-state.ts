import { readNumber, type SearchState } from '#client/search-state.ts';

const SORTS = ['username', '-username', 'created_at', '-created_at'] as const;
export type Sort = (typeof SORTS)[number];
const STATES = ['active', 'disabled'] as const;

/** What the list of users shows; it lives in the address. */
export interface ListState {
  readonly q: string;
  readonly role: 'admin' | 'normal' | '';
  readonly state: (typeof STATES)[number] | '';
  readonly sort: Sort;
  readonly limit: number;
  readonly offset: number;
}

const LIMIT = 25;

export const listState: SearchState<ListState> = {
  read: (params) => ({
    q: params.get('q')?.slice(0, 200) ?? '',
    role: (['admin', 'normal'] as const).find((role) => role === params.get('role')) ?? '',
    state: STATES.find((state) => state === params.get('state')) ?? '',
    sort: SORTS.find((sort) => sort === params.get('sort')) ?? 'username',
    limit: readNumber(params.get('limit'), { min: 1, max: 100, fallback: LIMIT }),
    offset: readNumber(params.get('offset'), { min: 0, max: 1_000_000_000, fallback: 0 }),
  }),
  write: ({ q, role, state, sort, limit, offset }) =>
    new URLSearchParams({
      ...(q !== '' && { q }),
      ...(role !== '' && { role }),
      ...(state !== '' && { state }),
      ...(sort !== 'username' && { sort }),
      ...(limit !== LIMIT && { limit: String(limit) }),
      ...(offset > 0 && { offset: String(offset) }),
    }),
};

/** The order a click on a column's head leads to. */
export const turned = (sort: Sort, column: 'username' | 'created_at'): Sort =>
  sort === column ? `-${column}` : column;

/** The order of a column, for its head. */
export function directionOf(sort: Sort, column: 'username' | 'created_at'): 'asc' | 'desc' | 'none' {
  if (sort === column) return 'asc';
  return sort === `-${column}` ? 'desc' : 'none';
}
