import { readNumber, type SearchState } from '#client/search-state.ts';
import { EXECUTION_STATUSES, type ExecutionStatus } from '#domain/run/event.ts';

/** What the list of runs shows; it lives in the address. */
export interface ListState {
  readonly status: ExecutionStatus | '';
  /** A workflow's slug, or empty for all. */
  readonly workflow: string;
  readonly limit: number;
  readonly offset: number;
}

const LIMIT = 25;

export const listState: SearchState<ListState> = {
  read: (params) => ({
    status: EXECUTION_STATUSES.find((status) => status === params.get('status')) ?? '',
    workflow: params.get('workflow')?.slice(0, 200) ?? '',
    limit: readNumber(params.get('limit'), { min: 1, max: 100, fallback: LIMIT }),
    offset: readNumber(params.get('offset'), { min: 0, max: 1_000_000_000, fallback: 0 }),
  }),
  write: ({ status, workflow, limit, offset }) =>
    new URLSearchParams({
      ...(status !== '' && { status }),
      ...(workflow !== '' && { workflow }),
      ...(limit !== LIMIT && { limit: String(limit) }),
      ...(offset > 0 && { offset: String(offset) }),
    }),
};
