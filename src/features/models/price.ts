import type { OutputOf } from '#contract/contract.ts';

export type Price = OutputOf<'models', 'prices'>['items'][number];
