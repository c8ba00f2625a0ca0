import { readNumber, type SearchState } from '#client/search-state.ts';

export const SORTS = ['-updated_at', 'name', '-created_at', 'id'] as const;
export type Sort = (typeof SORTS)[number];

/** What the list of workflows shows; it lives in the address. */
export interface ListState {
  readonly q: string;
  readonly tag: string;
  readonly sort: Sort;
  readonly limit: number;
  readonly offset: number;
}

const LIMIT = 25;

export const listState: SearchState<ListState> = {
  read: (params) => ({
    q: params.get('q')?.slice(0, 200) ?? '',
    tag: params.get('tag')?.slice(0, 100) ?? '',
    sort: SORTS.find((sort) => sort === params.get('sort')) ?? '-updated_at',
    limit: readNumber(params.get('limit'), { min: 1, max: 100, fallback: LIMIT }),
    offset: readNumber(params.get('offset'), { min: 0, max: 1_000_000_000, fallback: 0 }),
  }),
  write: ({ q, tag, sort, limit, offset }) =>
    new URLSearchParams({
      ...(q !== '' && { q }),
      ...(tag !== '' && { tag }),
      ...(sort !== '-updated_at' && { sort }),
      ...(limit !== LIMIT && { limit: String(limit) }),
      ...(offset > 0 && { offset: String(offset) }),
    }),
};
