import type { SearchState } from '#client/search-state.ts';

export const VIEWS = ['usage', 'budgets', 'prices', 'memory'] as const;
export type View = (typeof VIEWS)[number];
export const SPANS = ['7', '30', '90'] as const;
export type Span = (typeof SPANS)[number];
export const GROUPS = ['workflow', 'model', 'day'] as const;
export type Group = (typeof GROUPS)[number];

/** What the screen of models and costs shows; it lives in the address. */
export interface ModelState {
  readonly view: View;
  /** Days up to today. */
  readonly span: Span;
  readonly by: Group;
  readonly metric: 'cost' | 'tokens';
  /** Part of a price's prefix. */
  readonly q: string;
}

export const modelState: SearchState<ModelState> = {
  read: (params) => ({
    view: VIEWS.find((one) => one === params.get('view')) ?? 'usage',
    span: SPANS.find((one) => one === params.get('days')) ?? '30',
    by: GROUPS.find((one) => one === params.get('by')) ?? 'workflow',
    metric: params.get('metric') === 'tokens' ? 'tokens' : 'cost',
    q: params.get('q')?.slice(0, 200) ?? '',
  }),
  write: ({ view, span, by, metric, q }) =>
    new URLSearchParams({
      ...(view !== 'usage' && { view }),
      ...(span !== '30' && { days: span }),
      ...(by !== 'workflow' && { by }),
      ...(metric !== 'cost' && { metric }),
      ...(q !== '' && { q }),
    }),
};

const DAY_MS = 86_400_000;

/** The first day of a span that ends today, in UTC. */
export const firstDay = (span: Span, now: number): string =>
  new Date(now - (Number(span) - 1) * DAY_MS).toISOString().slice(0, 10);
