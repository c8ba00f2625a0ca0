import type { LanguageModelV4, SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { ModelChoice } from '#domain/model/model.ts';
import type { OpenedProvider } from '#server/vault/vault.ts';
import type { Fetch } from './guarded-fetch.ts';

/** How an answer that fits a schema is asked for. */
export type SchemaMode = 'native' | 'in_prompt';

export interface ProviderModel {
  readonly model: LanguageModelV4;
  /** Needed by calls of this provider beside what all have in common. */
  readonly options: SharedV4ProviderOptions;
  readonly schemaMode: SchemaMode;
}

/** The SDK wants one; the real key is put in behind the guard. */
const NO_KEY = 'none';

/**
 * The client of the SDK for a provider. Its packages are loaded when the first model is called: many installations
 * never do.
 */
export async function providerModel(
  { kind, base }: Pick<OpenedProvider, 'kind' | 'base'>,
  { model: name, nativeSearch = false }: Pick<ModelChoice, 'model' | 'nativeSearch'>,
  guarded: Fetch,
): Promise<ProviderModel> {
  if (kind === 'anthropic') {
    const { createAnthropic } = await import('@ai-sdk/anthropic');
    const model = createAnthropic({ apiKey: NO_KEY, baseURL: base, fetch: guarded })(name);
    // As a tool every schema is taken, by every model.
    const options = { anthropic: { structuredOutputMode: 'jsonTool' } };
    return { model, options, schemaMode: 'native' };
  }
  if (kind === 'openai') {
    const { createOpenAI } = await import('@ai-sdk/openai');
    const provider = createOpenAI({ apiKey: NO_KEY, baseURL: base, fetch: guarded });
    // Only this wire of theirs searches. Nothing of a conversation is left with them.
    const searching = { openai: { store: false, strictJsonSchema: false } };
    if (nativeSearch) return { model: provider.responses(name), options: searching, schemaMode: 'native' };
    const model = provider.chat(name);
    // Strict ones refuse most schemas people write; answers are checked here anyway.
    return { model, options: { openai: { strictJsonSchema: false } }, schemaMode: 'native' };
  }
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  const isGlm = kind === 'glm';
  const provider = createOpenAICompatible({
    name: 'compatible',
    baseURL: base,
    fetch: guarded,
    includeUsage: true,
    supportsStructuredOutputs: !isGlm,
  });
  const options = { compatible: { strictJsonSchema: false } };
  return { model: provider.chatModel(name), options, schemaMode: isGlm ? 'in_prompt' : 'native' };
}
