import type { OutputOf } from '#contract/contract.ts';
import { count } from '#domain/model/amount.ts';

export type MemorySearch = OutputOf<'memorySearch', 'get'>;

/** What a person chooses, while they choose it. */
export interface Draft {
  readonly credential: number | null;
  readonly model: string;
  readonly dimensions: number | null;
  /** In percent. */
  readonly similarity: number;
}

export const draftOf = ({ credential_id, model, dimensions, min_similarity }: MemorySearch): Draft => ({
  credential: credential_id,
  model: model ?? '',
  dimensions,
  similarity: Math.round(min_similarity * 100),
});

/** Whether memories have to be embedded anew for a draft. */
export const isOtherModel = (draft: Draft, now: MemorySearch): boolean =>
  draft.credential !== now.credential_id ||
  draft.model !== (now.model ?? '') ||
  draft.dimensions !== now.dimensions;

export const isChanged = (draft: Draft, now: MemorySearch): boolean =>
  isOtherModel(draft, now) || draft.similarity !== draftOf(now).similarity;

/** How far the embedding is, from 0 to 1. */
export const shareDone = ({ total, pending }: MemorySearch['memories']): number =>
  total === 0 ? 1 : (total - pending) / total;

/** How far the embedding is, in words. */
export function progressText({ total, embedded, pending, skipped }: MemorySearch['memories']): string {
  if (total === 0) return 'There are no memories yet. New ones are embedded as they are written.';
  const found = `${count(embedded)} of ${count(total)} ${total === 1 ? 'memory is' : 'memories are'} found by meaning`;
  const rest = [
    pending > 0 ? `${count(pending)} to go` : '',
    skipped > 0 ? `${count(skipped)} refused by the provider` : '',
  ].filter((part) => part !== '');
  return `${[found, ...rest].join(', ')}.`;
}
