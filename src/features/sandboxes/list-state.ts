import { readNumber, type SearchState } from '#client/search-state.ts';

/** What the list of workspaces shows; it lives in the address. */
export interface ListState {
  readonly q: string;
  readonly limit: number;
  readonly offset: number;
}

const LIMIT = 25;

export const listState: SearchState<ListState> = {
  read: (params) => ({
    q: params.get('q')?.slice(0, 200) ?? '',
    limit: readNumber(params.get('limit'), { min: 1, max: 100, fallback: LIMIT }),
    offset: readNumber(params.get('offset'), { min: 0, max: 1_000_000_000, fallback: 0 }),
  }),
  write: ({ q, limit, offset }) =>
    new URLSearchParams({
      ...(q !== '' && { q }),
      ...(limit !== LIMIT && { limit: String(limit) }),
      ...(offset > 0 && { offset: String(offset) }),
    }),
};
