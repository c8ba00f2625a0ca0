import type { Message, ToolCall } from '../chat/message.ts';
import type { NativeAnswer, NativeSearch } from '../chat/native-search.ts';
import type { CredentialReference } from '../credential/reference.ts';
import type { ToolFunction } from '../node/tool-function.ts';

/** Which model of which provider, and how it is to answer. Null: as the provider has it. */
export interface ModelChoice {
  readonly credential: CredentialReference;
  readonly model: string;
  readonly temperature: number | null;
  readonly maxTokens: number | null;
  readonly topP: number | null;
  readonly frequencyPenalty: number | null;
  readonly presencePenalty: number | null;
  /** Seconds for the whole answer. */
  readonly timeout: number | null;
  /** Further tries after errors that may pass; at most 2. */
  readonly maxRetries: number | null;
  /** As the provider documents it, such as `{ "type": "json_object" }`. */
  readonly responseFormat: Readonly<Record<string, unknown>> | null;
  /** The provider's own search of the web is offered to the model. */
  readonly nativeSearch?: boolean;
  /** Asked in this order when the model before has failed for good or is unreachable. */
  readonly fallbacks: readonly { readonly credential: CredentialReference; readonly model: string }[];
}

/** Tokens and money of one or several calls. */
export interface Usage {
  readonly calls: number;
  /** Of the prompt, cached ones included. */
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  /** US dollars by the price table; 0 for models without a price. */
  readonly costUsd: number;
}

export const NO_USAGE: Usage = { calls: 0, inputTokens: 0, cachedTokens: 0, outputTokens: 0, costUsd: 0 };

export const addUsage = (a: Usage, b: Usage): Usage => ({
  calls: a.calls + b.calls,
  inputTokens: a.inputTokens + b.inputTokens,
  cachedTokens: a.cachedTokens + b.cachedTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  costUsd: a.costUsd + b.costUsd,
});

/** What arrives while a model answers. `restart`: what came so far does not count, the call begins anew. */
export type ModelDelta =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'reasoning'; readonly text: string }
  | { readonly kind: 'restart' };

export interface ModelRequest {
  readonly choice: ModelChoice;
  readonly messages: readonly Message[];
  readonly tools?: readonly ToolFunction[];
  /** JSON Schema the answer has to fit; the answer then has an `object`. */
  readonly schema?: { readonly name: string; readonly schema: Readonly<Record<string, unknown>> };
  /** Called as pieces arrive; without it the answer is asked for as a whole. */
  readonly onDelta?: (delta: ModelDelta) => void;
}

export interface ModelAnswer {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  /** What the provider has searched by itself; absent: nothing. */
  readonly searches?: readonly NativeSearch[];
  readonly native?: NativeAnswer;
  /** Fits the schema that was asked for; absent when none was. */
  readonly object?: unknown;
  readonly finish: 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'other';
  readonly usage: Usage;
  /** Which of the models answered. */
  readonly model: string;
}
