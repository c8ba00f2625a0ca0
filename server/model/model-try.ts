import type { LanguageModelV4CallOptions, LanguageModelV4FunctionTool } from '@ai-sdk/provider';
import { addUsage, type ModelRequest, NO_USAGE, type Usage } from '#domain/model/model.ts';
import { StepError } from '#domain/node/executor.ts';
import type { Db } from '#server/db/connection.ts';
import type { Egress } from '#server/egress/client.ts';
import type { StepPlace } from '#server/engine/interface.ts';
import type { OpenedProvider } from '#server/vault/vault.ts';
import { type AnswerSchema, schemaPrompt } from './answer-schema.ts';
import type { DeltaSink } from './delta-sink.ts';
import { guardedFetch } from './guarded-fetch.ts';
import { closeCall, type OpenCall, openCall } from './ledger.ts';
import { broken, type FailedCall, type ModelFailure, modelFailure } from './model-failure.ts';
import { searchToolOf } from './native-search.ts';
import type { Tokens } from './price.ts';
import { promptOf } from './prompt.ts';
import { providerModel, type SchemaMode } from './provider-model.ts';
import { askStream, askWhole, emptyAnswer, type RawAnswer } from './raw-answer.ts';
import { promptTokens, tokensOf } from './token-estimate.ts';

export interface ModelWorld {
  readonly db: Db;
  readonly egress: Egress;
}

/** Everything one call of one model is made of. */
export interface ModelTry {
  readonly place: StepPlace;
  readonly opened: OpenedProvider;
  /** Without secrets. */
  readonly request: ModelRequest;
  readonly schema: AnswerSchema | null;
  readonly schemaMode: SchemaMode | null;
  readonly sink: DeltaSink | null;
  readonly timeoutMs: number;
}

export type Tried = {
  readonly usage: Usage;
} & (
  | { readonly ok: true; readonly answer: RawAnswer }
  | { readonly ok: false; readonly failure: ModelFailure }
);

/**
 * Asks a model once. The call is in the ledger before it is made, whatever comes of it.
 * @throws StepError `budget_exceeded` or `model_without_price`; what the database says
 */
export async function tryModel(world: ModelWorld, one: ModelTry): Promise<Tried> {
  const { place, opened, request, timeoutMs } = one;
  const inputTokens = promptTokens(request);
  const call = await openCall(world.db, {
    place,
    provider: opened.kind,
    model: request.choice.model,
    credentialId: opened.credentialId,
    inputTokens,
    maxOutput: request.choice.maxTokens,
    timeoutMs,
  });
  const began = performance.now();
  const answer = emptyAnswer();
  const failure = await ask(world, one, { call, answer });
  const errorCode = failure?.error.code ?? null;
  const { tokens, isEstimated } = countedTokens(answer, inputTokens, failure !== null);
  const durationMs = performance.now() - began;
  const costUsd = await closeCall(world.db, call, { errorCode, tokens, isEstimated, durationMs });
  const usage = addUsage(NO_USAGE, {
    calls: 1,
    inputTokens: tokens.input,
    cachedTokens: tokens.cached,
    outputTokens: tokens.output,
    costUsd,
  });
  return failure === null ? { ok: true, answer, usage } : { ok: false, failure, usage };
}

interface Asking {
  readonly call: OpenCall;
  readonly answer: RawAnswer;
}

/** @returns why there is no answer; null: there is one */
async function ask(world: ModelWorld, one: ModelTry, { call, answer }: Asking): Promise<ModelFailure | null> {
  const { place, opened, request, sink, timeoutMs } = one;
  try {
    const guarded = guardedFetch({ egress: world.egress, auth: opened.auth, timeoutMs });
    const provider = await providerModel(opened, request.choice, guarded);
    const mode = one.schemaMode ?? provider.schemaMode;
    const options: LanguageModelV4CallOptions = {
      ...settingsOf(one, mode),
      ...(call.maxOutput !== null && { maxOutputTokens: call.maxOutput }),
      prompt: await promptOf(messagesOf(one, mode), {
        provider: opened.kind,
        egress: world.egress,
        signal: place.signal,
      }),
      providerOptions: provider.options,
      abortSignal: place.signal,
    };
    if (sink === null) await askWhole(provider.model, options, answer);
    else await askStream(provider.model, options, { answer, onDelta: (delta) => sink.push(delta) });
    return filtered(answer, failedCall(one, answer));
  } catch (error) {
    const failure = modelFailure(error, failedCall(one, answer));
    failure.error.message = opened.cleaner.text(failure.error.message);
    return failure;
  }
}

const failedCall = ({ opened, request, place }: ModelTry, answer: RawAnswer): FailedCall => ({
  credential: opened.name,
  host: new URL(opened.base).host,
  model: request.choice.model,
  began: answer.began,
  stopped: place.signal.aborted,
});

function filtered({ finish, text, toolCalls }: RawAnswer, call: FailedCall): ModelFailure | null {
  const isEmpty = text === '' && toolCalls.length === 0;
  if (finish?.unified === 'error') return broken(call);
  if (finish?.unified !== 'content-filter' || !isEmpty) return null;
  return modelFailure(contentFiltered(call), call);
}

const contentFiltered = ({ host, model }: FailedCall): StepError =>
  new StepError('content_filtered', `“${model}” at ${host} withheld its answer because of what it says.`, {
    permanent: true,
  });

function messagesOf({ request, schema }: ModelTry, mode: SchemaMode): ModelRequest['messages'] {
  if (schema === null || mode === 'native') return request.messages;
  return [{ role: 'system', content: schemaPrompt(schema) }, ...request.messages];
}

function settingsOf(
  { request, schema, opened }: ModelTry,
  mode: SchemaMode,
): Omit<LanguageModelV4CallOptions, 'prompt'> {
  const { temperature, topP, frequencyPenalty, presencePenalty, responseFormat } = request.choice;
  const search = request.choice.nativeSearch === true ? searchToolOf(opened.kind) : null;
  const tools = [...(request.tools?.map(toolOf) ?? []), ...(search ? [search] : [])];
  const format = schema ? schemaFormat(schema, mode) : formatOf(responseFormat);
  return {
    ...(temperature !== null && { temperature }),
    ...(topP !== null && { topP }),
    ...(frequencyPenalty !== null && { frequencyPenalty }),
    ...(presencePenalty !== null && { presencePenalty }),
    ...(format && { responseFormat: format }),
    ...(tools.length > 0 && { tools, toolChoice: { type: 'auto' } }),
  };
}

type Format = NonNullable<LanguageModelV4CallOptions['responseFormat']>;

const schemaFormat = ({ name, wire }: AnswerSchema, mode: SchemaMode): Format =>
  mode === 'native' ? { type: 'json', name, schema: wire } : { type: 'json' };

/** `{type: 'json_object'}` or `{type: 'json_schema', json_schema: {name, schema}}`, as OpenAI documents it. */
function formatOf(given: ModelRequest['choice']['responseFormat']): Format | null {
  if (given?.['type'] === 'json_object') return { type: 'json' };
  if (given?.['type'] !== 'json_schema') return null;
  const { name, schema } = (given['json_schema'] ?? {}) as { name?: string; schema?: Format & object };
  return { type: 'json', ...(name !== undefined && { name }), ...(schema && { schema }) } as Format;
}

type Tool = NonNullable<ModelRequest['tools']>[number];

const toolOf = ({ name, description, parameters }: Tool): LanguageModelV4FunctionTool => ({
  type: 'function',
  name,
  description,
  inputSchema: parameters as LanguageModelV4FunctionTool['inputSchema'],
});

/** What the provider says it took; where it does not say, or broke off, what the texts make likely. */
function countedTokens(answer: RawAnswer, inputTokens: number, failed: boolean) {
  const { inputTokens: input, outputTokens: output } = answer.usage ?? {
    inputTokens: null,
    outputTokens: null,
  };
  if (input?.total !== undefined && output?.total !== undefined) {
    const tokens: Tokens = {
      input: input?.total ?? 0,
      cached: input?.cacheRead ?? 0,
      output: output?.total ?? 0,
    };
    if (tokens.input + tokens.output > 0) return { tokens, isEstimated: false };
  }
  if (failed && !answer.began) return { tokens: { input: 0, cached: 0, output: 0 }, isEstimated: false };
  const written = answer.text + answer.reasoning + JSON.stringify(answer.toolCalls);
  return { tokens: { input: inputTokens, cached: 0, output: tokensOf(written) }, isEstimated: true };
}
