import type { EmbeddingModelV4 } from '@ai-sdk/provider';
import { StepError } from '#domain/node/executor.ts';
import type { OpenedProvider } from '#server/vault/vault.ts';
import type { Fetch } from './guarded-fetch.ts';

/** The SDK wants one; the real key is put in behind the guard. */
const NO_KEY = 'none';

/** Providers without a single embedding model. */
export const makesNoVectors = (kind: string): boolean => kind === 'anthropic';

/**
 * The SDK's client for an embedding model. Its packages are loaded when the first text is embedded: many
 * installations never do.
 * @throws StepError `model_bad_request` for a provider that has none
 */
export async function embeddingModel(
  { kind, base, name: credential }: Pick<OpenedProvider, 'kind' | 'base' | 'name'>,
  name: string,
  guarded: Fetch,
): Promise<EmbeddingModelV4> {
  if (makesNoVectors(kind)) {
    const message = `“${credential}” is of a provider without embedding models. Choose the credential of another one.`;
    throw new StepError('model_bad_request', message, { permanent: true });
  }
  if (kind === 'openai') {
    const { createOpenAI } = await import('@ai-sdk/openai');
    return createOpenAI({ apiKey: NO_KEY, baseURL: base, fetch: guarded }).embeddingModel(name);
  }
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  return createOpenAICompatible({ name: 'compatible', baseURL: base, fetch: guarded }).embeddingModel(name);
}
