import { readNumber, type SearchState } from '#client/search-state.ts';
import { SCHEDULE_STATUSES, type ScheduleStatus } from '#domain/schedule/timing.ts';

export const SORTS = [
  '-created_at',
  'next_run_at',
  'name',
  '-last_run_at',
  '-error_count',
  'created_at',
] as const;
export type Sort = (typeof SORTS)[number];

/** What the list of schedules shows; it lives in the address. */
export interface ListState {
  readonly q: string;
  readonly status: ScheduleStatus | '';
  /** A workflow's id; 0 for all. */
  readonly workflow: number;
  readonly sort: Sort;
  readonly limit: number;
  readonly offset: number;
}

const LIMIT = 25;
const MAX_ID = 2_147_483_647;

export const listState: SearchState<ListState> = {
  read: (params) => ({
    q: params.get('q')?.slice(0, 200) ?? '',
    status: SCHEDULE_STATUSES.find((status) => status === params.get('status')) ?? '',
    workflow: readNumber(params.get('workflow'), { min: 0, max: MAX_ID, fallback: 0 }),
    sort: SORTS.find((sort) => sort === params.get('sort')) ?? '-created_at',
    limit: readNumber(params.get('limit'), { min: 1, max: 100, fallback: LIMIT }),
    offset: readNumber(params.get('offset'), { min: 0, max: 1_000_000_000, fallback: 0 }),
  }),
  write: ({ q, status, workflow, sort, limit, offset }) =>
    new URLSearchParams({
      ...(q !== '' && { q }),
      ...(status !== '' && { status }),
      ...(workflow > 0 && { workflow: String(workflow) }),
      ...(sort !== '-created_at' && { sort }),
      ...(limit !== LIMIT && { limit: String(limit) }),
      ...(offset > 0 && { offset: String(offset) }),
    }),
};
