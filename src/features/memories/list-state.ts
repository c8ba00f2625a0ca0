import { readNumber, type SearchState } from '#client/search-state.ts';
import { FACT_TYPES, MEMORY_SCOPES } from '#contract/memory.ts';
import { KINDS, type Kind } from './kind.ts';

/** What the list of memories shows; it lives in the address. Filters of other kinds are not kept. */
export interface ListState {
  readonly kind: Kind;
  readonly q: string;
  readonly scope: (typeof MEMORY_SCOPES)[number] | '';
  readonly type: (typeof FACT_TYPES)[number] | '';
  /** An agent's id. */
  readonly agent: string;
  /** A conversation's id. */
  readonly thread: string;
  readonly limit: number;
  readonly offset: number;
}

const LIMIT = 25;
const MAX_TEXT = 200;
const textOf = (params: URLSearchParams, name: string): string => params.get(name)?.slice(0, MAX_TEXT) ?? '';

export const listState: SearchState<ListState> = {
  read: (params) => ({
    kind: KINDS.find((kind) => kind === params.get('kind')) ?? 'facts',
    q: textOf(params, 'q'),
    scope: MEMORY_SCOPES.find((scope) => scope === params.get('scope')) ?? '',
    type: FACT_TYPES.find((type) => type === params.get('type')) ?? '',
    agent: textOf(params, 'agent'),
    thread: textOf(params, 'thread'),
    limit: readNumber(params.get('limit'), { min: 1, max: 100, fallback: LIMIT }),
    offset: readNumber(params.get('offset'), { min: 0, max: 1_000_000_000, fallback: 0 }),
  }),
  write: ({ kind, q, scope, type, agent, thread, limit, offset }) =>
    new URLSearchParams({
      ...(kind !== 'facts' && { kind }),
      ...(q !== '' && { q }),
      ...(kind === 'facts' && scope !== '' && { scope }),
      ...(kind === 'facts' && type !== '' && { type }),
      ...(hasAgents(kind) && agent !== '' && { agent }),
      ...(kind === 'checkpoints' && thread !== '' && { thread }),
      ...(limit !== LIMIT && { limit: String(limit) }),
      ...(offset > 0 && { offset: String(offset) }),
    }),
};

export const hasAgents = (kind: Kind): boolean => kind === 'episodes' || kind === 'procedures';

/** Everything that narrows the list, taken away. */
export const NO_FILTER = { q: '', scope: '', type: '', agent: '', thread: '', offset: 0 } as const;

export const isFiltered = ({ kind, q, scope, type, agent, thread }: ListState): boolean =>
  q !== '' ||
  (kind === 'facts' && (scope !== '' || type !== '')) ||
  (hasAgents(kind) && agent !== '') ||
  (kind === 'checkpoints' && thread !== '');
