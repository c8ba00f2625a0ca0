import type { Db } from '#server/db/connection.ts';
import type { Embed } from '#server/model/embed-call.ts';
import type { CallPlace } from '#server/model/ledger.ts';
import { pauseSearch, type SearchModel, searchModel } from './search-setting.ts';
import type { QuestionVector } from './vector-space.ts';

/** Whose question it is, for the ledger and the budgets. */
export interface Asker {
  readonly place: CallPlace;
  readonly signal: AbortSignal;
}

/** The meaning of a question; null: it is looked for by its words only. Never throws for what the provider does. */
export type MeaningOf = (question: string, asker: Asker) => Promise<QuestionVector | null>;

/** Words are found at once; for meaning nobody waits longer than this. */
const PATIENCE_MS = 5_000;
const LONGEST = 2_000;
const KEPT = 500;
/** These say nothing about the provider: the next question may well be answered. */
const OWN_FAULT: ReadonlySet<string> = new Set([
  'aborted',
  'budget_exceeded',
  'model_without_price',
  'model_bad_request',
]);

/**
 * Turns questions into vectors of the environment's model. Where there is none, where the provider failed a moment
 * ago or fails now, or where no budget is left, there is none. The same question again costs nothing.
 */
export function createMeaning({ db, embed }: { readonly db: Db; readonly embed: Embed }): MeaningOf {
  const known = new Map<string, readonly number[]>();

  /** The one that was not asked for longest goes first. */
  const keep = (key: string, vector: readonly number[]): void => {
    known.delete(key);
    known.set(key, vector);
    const [oldest] = known.keys();
    if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
  };
  const ask = async (model: SearchModel, text: string, asker: Asker): Promise<readonly number[] | null> => {
    if (model.isPaused) return null;
    const answer = await embed({ ...model, ...asker, texts: [text], timeoutMs: PATIENCE_MS });
    if (answer.ok) return answer.vectors[0] ?? null;
    if (!OWN_FAULT.has(answer.failure.error.code)) await pauseSearch(db, model, answer.failure);
    return null;
  };
  return async (question, asker) => {
    const text = question.trim().slice(0, LONGEST).toWellFormed();
    const model = text === '' ? null : await searchModel(db, asker.place.environmentId);
    if (!model) return null;
    const key = [model.environmentId, model.generation, text].join('\n');
    const vector = known.get(key) ?? (await ask(model, text, asker));
    if (vector === null) return null;
    keep(key, vector);
    const { environmentId, generation, minSimilarity } = model;
    return { environmentId, generation, minSimilarity, vector };
  };
}
