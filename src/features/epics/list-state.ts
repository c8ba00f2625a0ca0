import { readNumber, type SearchState } from '#client/search-state.ts';
import { EPIC_STATUSES, type EpicStatus } from '#domain/epic/status.ts';

export const SORTS = ['-created_at', '-updated_at', 'title', 'priority'] as const;
export type Sort = (typeof SORTS)[number];

/** What the list of epics shows; it lives in the address. */
export interface ListState {
  readonly q: string;
  readonly status: EpicStatus | '';
  readonly tag: string;
  readonly sort: Sort;
  readonly limit: number;
  readonly offset: number;
}

const LIMIT = 25;

export const listState: SearchState<ListState> = {
  read: (params) => ({
    q: params.get('q')?.slice(0, 200) ?? '',
    status: EPIC_STATUSES.find((status) => status === params.get('status')) ?? '',
    tag: params.get('tag')?.slice(0, 100) ?? '',
    sort: SORTS.find((sort) => sort === params.get('sort')) ?? '-created_at',
    limit: readNumber(params.get('limit'), { min: 1, max: 100, fallback: LIMIT }),
    offset: readNumber(params.get('offset'), { min: 0, max: 1_000_000_000, fallback: 0 }),
  }),
  write: ({ q, status, tag, sort, limit, offset }) =>
    new URLSearchParams({
      ...(q !== '' && { q }),
      ...(status !== '' && { status }),
      ...(tag !== '' && { tag }),
      ...(sort !== '-created_at' && { sort }),
      ...(limit !== LIMIT && { limit: String(limit) }),
      ...(offset > 0 && { offset: String(offset) }),
    }),
};
