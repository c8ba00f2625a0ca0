import { readNumber, type SearchState } from '#client/search-state.ts';
import { CREDENTIAL_TYPES, type CredentialType } from '#domain/credential/kind.ts';

export const SORTS = ['name', '-created_at', '-updated_at', '-last_used_at', 'type', 'id'] as const;
export type Sort = (typeof SORTS)[number];

/** What the list of credentials shows; it lives in the address. */
export interface ListState {
  readonly q: string;
  readonly type: CredentialType | '';
  readonly sort: Sort;
  readonly limit: number;
  readonly offset: number;
}

const LIMIT = 25;

export const listState: SearchState<ListState> = {
  read: (params) => ({
    q: params.get('q')?.slice(0, 200) ?? '',
    type: CREDENTIAL_TYPES.find((type) => type === params.get('type')) ?? '',
    sort: SORTS.find((sort) => sort === params.get('sort')) ?? 'name',
    limit: readNumber(params.get('limit'), { min: 1, max: 100, fallback: LIMIT }),
    offset: readNumber(params.get('offset'), { min: 0, max: 1_000_000_000, fallback: 0 }),
  }),
  write: ({ q, type, sort, limit, offset }) =>
    new URLSearchParams({
      ...(q !== '' && { q }),
      ...(type !== '' && { type }),
      ...(sort !== 'name' && { sort }),
      ...(limit !== LIMIT && { limit: String(limit) }),
      ...(offset > 0 && { offset: String(offset) }),
    }),
};
