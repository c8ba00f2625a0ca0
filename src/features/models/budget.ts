import type { OutputOf } from '#contract/contract.ts';

export type Budget = OutputOf<'budgets', 'list'>['items'][number];
