import { readNumber, type SearchState } from '#client/search-state.ts';

export const PERIODS = ['hour', 'day', 'week', 'month', 'dates'] as const;
/** Empty: since ever. `dates`: between two dates. */
export type Period = (typeof PERIODS)[number] | '';

/** What the audit log shows; it lives in the address. */
export interface ListState {
  readonly q: string;
  /** One action, or empty for all. */
  readonly action: string;
  /** A username, or empty for everyone. */
  readonly actor: string;
  readonly period: Period;
  /** Dates as `2026-01-31`, or empty; they count in the period `dates`. */
  readonly from: string;
  readonly to: string;
  readonly sort: 'created_at' | '-created_at';
  readonly limit: number;
  readonly offset: number;
}

const LIMIT = 50;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const date = (text: string | null): string => (text !== null && DATE.test(text) ? text : '');

export const listState: SearchState<ListState> = {
  read: (params) => ({
    q: params.get('q')?.slice(0, 200) ?? '',
    action: params.get('action')?.slice(0, 100) ?? '',
    actor: params.get('actor')?.slice(0, 150) ?? '',
    period: PERIODS.find((period) => period === params.get('period')) ?? '',
    from: date(params.get('from')),
    to: date(params.get('to')),
    sort: params.get('sort') === 'created_at' ? 'created_at' : '-created_at',
    limit: readNumber(params.get('limit'), { min: 1, max: 100, fallback: LIMIT }),
    offset: readNumber(params.get('offset'), { min: 0, max: 1_000_000_000, fallback: 0 }),
  }),
  write: ({ q, action, actor, period, from, to, sort, limit, offset }) =>
    new URLSearchParams({
      ...(q !== '' && { q }),
      ...(action !== '' && { action }),
      ...(actor !== '' && { actor }),
      ...(period !== '' && { period }),
      ...(period === 'dates' && from !== '' && { from }),
      ...(period === 'dates' && to !== '' && { to }),
      ...(sort !== '-created_at' && { sort }),
      ...(limit !== LIMIT && { limit: String(limit) }),
      ...(offset > 0 && { offset: String(offset) }),
    }),
};

export const NO_FILTER = { q: '', action: '', actor: '', period: '', from: '', to: '', offset: 0 } as const;

export const isFiltered = ({ q, action, actor, period }: ListState): boolean =>
  q !== '' || action !== '' || actor !== '' || period !== '';

const HOURS = { hour: 1, day: 24, week: 24 * 7, month: 24 * 30 } as const;
const MINUTE_MS = 60_000;

/** The bounds of a period as the API takes them. Cut to the minute, so that the same question stays the same. */
export function boundsOf(
  { period, from, to }: Pick<ListState, 'period' | 'from' | 'to'>,
  now: number,
): { from?: string; to?: string } {
  if (period === '') return {};
  if (period === 'dates') {
    // The person's own days, not those of Greenwich.
    return {
      ...(from !== '' && { from: startOf(from) }),
      ...(to !== '' && { to: startOf(to, 1) }),
    };
  }
  const since = Math.floor(now / MINUTE_MS) * MINUTE_MS - HOURS[period] * 60 * MINUTE_MS;
  return { from: new Date(since).toISOString() };
}

function startOf(day: string, plusDays = 0): string {
  const start = new Date(`${day}T00:00:00`);
  start.setDate(start.getDate() + plusDays);
  // A date like the 31st of June is none.
  return Number.isNaN(start.getTime()) ? day : start.toISOString();
}
