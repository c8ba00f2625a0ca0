import { unitVector } from '#domain/memory/vector.ts';
import { StepError } from '#domain/node/executor.ts';
import type { OpenedProvider, Vault } from '#server/vault/vault.ts';
import { embeddingModel } from './embed-model.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { type CallPlace, closeCall, openCall } from './ledger.ts';
import { type FailedCall, type ModelFailure, modelFailure } from './model-failure.ts';
import type { ModelWorld } from './model-try.ts';
import { tokensOf } from './token-estimate.ts';

export interface EmbedWorld extends ModelWorld {
  readonly vault: Vault;
}

/** Texts on their way to becoming vectors. */
export interface Embedding {
  /** An LLM credential of the environment. */
  readonly credentialId: number;
  readonly model: string;
  /** Null: as many as the model makes. */
  readonly dimensions: number | null;
  /** None of them empty. */
  readonly texts: readonly string[];
  /** For whom, in the ledger and before the budgets. */
  readonly place: CallPlace;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

export type Embedded =
  | {
      readonly ok: true;
      /** Of length one, in the order of the texts, all equally long. */
      readonly vectors: readonly (readonly number[])[];
      readonly tokens: number;
    }
  | { readonly ok: false; readonly failure: ModelFailure };

export type Embed = (embedding: Embedding) => Promise<Embedded>;

/** An answer with vectors of floats as text stays below this. */
const BYTES_A_TEXT = 256 * 1024;

/**
 * What turns texts into vectors: one call, without further tries, in the ledger before it is made. The credential is
 * the environment's own choice, so nobody's rights to it are asked for. What fails is in the answer.
 * @throws what the database says
 */
export function createEmbed(world: EmbedWorld): Embed {
  return async (embedding) => {
    const { credentialId, place } = embedding;
    try {
      const who = { ...place, workflowId: null, node: 'Memory search' };
      const opened = await world.vault.forModel(credentialId, who);
      return await embedWith(world, opened, embedding);
    } catch (error) {
      if (!(error instanceof StepError)) throw error;
      return { ok: false, failure: { error, retryable: false, waitMs: null } };
    }
  };
}

/** @throws StepError `budget_exceeded` or `model_without_price` */
async function embedWith(world: EmbedWorld, opened: OpenedProvider, one: Embedding): Promise<Embedded> {
  const { place, model, timeoutMs, credentialId } = one;
  const texts = opened.cleaner.value(one.texts);
  const estimate = texts.reduce((sum, text) => sum + tokensOf(text), 0);
  const provider = opened.kind;
  const planned = { place, provider, model, credentialId, inputTokens: estimate, maxOutput: 0, timeoutMs };
  const call = await openCall(world.db, planned);
  const began = performance.now();
  const answer = await ask(world, opened, { ...one, texts });
  const counted = answer.ok ? answer.tokens : 0;
  const isEstimated = answer.ok && answer.tokens === null;
  await closeCall(world.db, call, {
    errorCode: answer.ok ? null : answer.failure.error.code,
    tokens: { input: counted ?? estimate, cached: 0, output: 0 },
    isEstimated,
    durationMs: performance.now() - began,
  });
  return answer.ok ? { ...answer, tokens: answer.tokens ?? estimate } : answer;
}

type Asked = Exclude<Embedded, { ok: true }> | { ok: true; vectors: number[][]; tokens: number | null };

async function ask(world: EmbedWorld, opened: OpenedProvider, one: Embedding): Promise<Asked> {
  const { model: name, texts, dimensions, signal, timeoutMs } = one;
  try {
    const maxBytes = (texts.length + 1) * BYTES_A_TEXT;
    const guarded = guardedFetch({ egress: world.egress, auth: opened.auth, timeoutMs, maxBytes });
    const model = await embeddingModel(opened, name, guarded);
    const { embeddings, usage } = await model.doEmbed({
      values: [...texts],
      ...(dimensions !== null && { dimensions }),
      abortSignal: signal,
    });
    return { ok: true, vectors: checked(embeddings, one), tokens: usage?.tokens ?? null };
  } catch (error) {
    const failure = modelFailure(error, failedCall(opened, one));
    failure.error.message = opened.cleaner.text(failure.error.message);
    return { ok: false, failure };
  }
}

const failedCall = (opened: OpenedProvider, { model, signal }: Embedding): FailedCall => ({
  credential: opened.name,
  host: new URL(opened.base).host,
  model,
  began: false,
  stopped: signal.aborted,
});

/** @throws StepError `model_bad_answer` unless there is a vector for every text, all equally long */
function checked(embeddings: readonly (readonly number[])[], { texts, model }: Embedding): number[][] {
  const vectors = embeddings.flatMap((one) => {
    const unit = unitVector(one);
    return unit ? [unit] : [];
  });
  const length = vectors[0]?.length;
  const fits = vectors.length === texts.length && vectors.every((vector) => vector.length === length);
  if (fits) return vectors;
  const message = `“${model}” did not answer with one vector for each text. Is it an embedding model?`;
  throw new StepError('model_bad_answer', message);
}

/** Not of any run: what an environment embeds by itself. `passId`: of everything that counts as one. */
export const ownPlace = (environmentId: number, passId: string): CallPlace => ({
  environmentId,
  workflowId: NO_WORKFLOW,
  executionId: passId,
  rootId: passId,
  node: 'memory',
  scope: '',
  call: '',
  triggerKind: 'memory',
});

/** In the ledger, calls that no workflow made. */
const NO_WORKFLOW = 0;
