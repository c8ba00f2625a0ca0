import type { SearchState } from '#client/search-state.ts';
import type { OutputOf } from '#contract/contract.ts';

export type ApiKey = OutputOf<'users', 'keys'>[number];

const SORTS = ['-created_at', 'name', '-last_used_at', 'expires_at'] as const;
export type KeySort = (typeof SORTS)[number];

/** What the list of keys shows; it lives in the address. */
export interface KeyListState {
  readonly q: string;
  /** Revoked keys stay on the list of the server. */
  readonly revoked: boolean;
  readonly sort: KeySort;
}

export const keyListState: SearchState<KeyListState> = {
  read: (params) => ({
    q: params.get('q')?.slice(0, 100) ?? '',
    revoked: params.get('revoked') === 'yes',
    sort: SORTS.find((sort) => sort === params.get('sort')) ?? '-created_at',
  }),
  write: ({ q, revoked, sort }) =>
    new URLSearchParams({
      ...(q !== '' && { q }),
      ...(revoked && { revoked: 'yes' }),
      ...(sort !== '-created_at' && { sort }),
    }),
};

const NEVER = Number.POSITIVE_INFINITY;
const timeOf = (time: string | null, without: number): number => (time === null ? without : Date.parse(time));

const ORDERS: Readonly<Record<KeySort, (a: ApiKey, b: ApiKey) => number>> = {
  '-created_at': (a, b) => timeOf(b.created_at, 0) - timeOf(a.created_at, 0),
  name: (a, b) => a.name.localeCompare(b.name, 'en', { numeric: true, sensitivity: 'base' }),
  '-last_used_at': (a, b) => timeOf(b.last_used_at, 0) - timeOf(a.last_used_at, 0),
  // What ends soonest first; what never ends last. Two infinities would subtract to nothing at all.
  expires_at: (a, b) => {
    const [first, second] = [timeOf(a.expires_at, NEVER), timeOf(b.expires_at, NEVER)];
    return first === second ? 0 : first - second;
  },
};

/** The keys a state shows, in its order. A server sends them all at once. */
export function shownKeys(keys: readonly ApiKey[], { q, revoked, sort }: KeyListState): ApiKey[] {
  const wanted = q.trim().toLowerCase();
  return keys
    .filter((key) => revoked || key.is_active)
    .filter((key) => `${key.name} ${key.prefix}`.toLowerCase().includes(wanted))
    .sort((a, b) => ORDERS[sort](a, b) || b.id - a.id);
}

/** Whether a key is past its time. */
export const isExpired = (key: ApiKey, now: number): boolean => timeOf(key.expires_at, NEVER) < now;
