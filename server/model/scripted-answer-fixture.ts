import type { IncomingHttpHeaders } from 'node:http';

/** One answer of the scripted provider. Without anything: the text `ok`. */
export interface ScriptedAnswer {
  readonly text?: string;
  /** The text in the pieces it is streamed in; else word by word. */
  readonly chunks?: readonly string[];
  /** What the model thinks before it answers. */
  readonly reasoning?: string;
  /** An answer that fits a schema; short for the text that is its JSON. */
  readonly object?: unknown;
  /** `args` as text goes out as it is, so it may be no JSON at all. */
  readonly toolCalls?: readonly ScriptedToolCall[];
  /** Searches the provider makes by itself; on the wire of Anthropic and on `/responses` of OpenAI. */
  readonly searches?: readonly ScriptedSearch[];
  /** Anthropic only: stops in the middle of its searching and wants to be asked to go on. */
  readonly pauses?: boolean;
  /** Tokens; `input` counts the cached ones too. Else 10, 0 and 5. */
  readonly usage?: { readonly input: number; readonly cached?: number; readonly output: number };
  readonly finish?: 'stop' | 'length' | 'content_filter';
  /** Milliseconds before each piece; of an answer that is not streamed: before it. */
  readonly delayMs?: number;
  /** Stops after so many pieces until the test calls `release()`; 0: before the answer begins. */
  readonly holdAfter?: number;
  /** An error instead of an answer. */
  readonly status?: number;
  /** Seconds, or a date as HTTP writes it. */
  readonly retryAfter?: number | string;
  /** The sentence of the error. */
  readonly error?: string;
  /** Where the connection breaks: before anything is answered, or after half the pieces. */
  readonly cut?: 'before' | 'midstream';
  /** A body, or an event of the stream, that is no JSON. */
  readonly malformed?: boolean;
  /** Never answers; ends with the connection. */
  readonly hang?: boolean;
}

export interface ScriptedToolCall {
  readonly id?: string;
  readonly name: string;
  readonly args: object | string;
}

export interface ScriptedSearch {
  readonly query: string;
  readonly results?: readonly { readonly url: string; readonly title: string }[];
  /** A code instead of results. */
  readonly error?: string;
}

/** What chat requests of both wires have in common, as far as tests look at it. */
export interface ScriptedBody {
  readonly model: string;
  /** Absent on `/responses`, which has `input`. */
  readonly messages: readonly ScriptedMessage[];
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly tools?: readonly {
    readonly type?: string;
    readonly name?: string;
    readonly function?: { readonly name: string };
  }[];
  readonly [field: string]: unknown;
}

/** `content` is a text or, on the wire of Anthropic and with images, a list of blocks. */
export interface ScriptedMessage {
  readonly role: string;
  readonly content: unknown;
  readonly tool_calls?: readonly {
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
  readonly tool_call_id?: string;
}

/** A request as it came. */
export interface ScriptedRequest {
  readonly wire: 'openai' | 'responses' | 'anthropic' | 'models' | 'embeddings';
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** As text, for canaries. */
  readonly raw: string;
  readonly body: ScriptedBody;
  /** `performance.now()` of every piece that was sent. */
  readonly sentAt: number[];
  /** How its connection ended: after the whole answer, or because whoever asked hung up. */
  readonly ended: Promise<'answered' | 'cut'>;
}

/** One event of a stream. Pieces are what `delayMs` and `holdAfter` count. */
export interface ScriptedEvent {
  readonly data: string;
  readonly isPiece: boolean;
}

export const usageOf = ({ usage }: ScriptedAnswer) => ({ input: 10, cached: 0, output: 5, ...usage });

export const textOf = (answer: ScriptedAnswer): string =>
  answer.text ??
  answer.chunks?.join('') ??
  (answer.object !== undefined ? JSON.stringify(answer.object) : answer.toolCalls ? '' : 'ok');

/** The pieces of the text. */
export function piecesOf(answer: ScriptedAnswer): readonly string[] {
  if (answer.chunks) return answer.chunks;
  return textOf(answer).match(/\S+\s*|\s+/g) ?? [];
}

export const argsOf = ({ args }: ScriptedToolCall): string =>
  typeof args === 'string' ? args : JSON.stringify(args);

/** The arguments of a tool call come in pieces that end anywhere. */
export const inPieces = (text: string, size = 7): string[] =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size));
