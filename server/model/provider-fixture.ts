/**
 * A provider of models for tests: a real server that speaks the wires of OpenAI (both of them) and Anthropic, by a
 * script.
 *
 *   const llm = await startScriptedProvider();
 *   llm.script({ text: 'Hello there.' }, { toolCalls: [{ name: 'add', args: { a: 1 } }] }, { status: 429 });
 *   // credential: { provider_type: 'openai_compatible' or 'openai' or 'glm', base_url: llm.openai, api_key: 'sk-x' }
 *   //         or: { provider_type: 'anthropic', base_url: llm.anthropic, api_key: 'sk-x' }
 *   // The server under test needs `egressAllow: [llm.host]`.
 *   llm.requests[0].body.messages; // what it was asked, in order; headers and raw text too
 *   await llm.asked(2);            // until two chat requests have come
 *   llm.script({ chunks: ['He', 'llo'], holdAfter: 1 }); ... llm.release(); // goes on with every held stream
 *   llm.always((request) => ({ text: '…' })); // answers whatever the queue does not
 *   await llm.close();
 *
 * Scripted answers are taken in order by chat requests of either wire, streamed or not as the request wants. A
 * request that nothing is scripted for is answered 400. `/models` and `/embeddings` take nothing from the queue:
 *
 *   llm.meanings = [['car', 'automobile']];          // texts with these are near each other, as with a common word
 *   llm.embeddings = () => ({ status: 429 });        // instead of vectors; null again: vectors
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { anthropicBody, anthropicError, anthropicEvents } from './anthropic-wire-fixture.ts';
import { embeddingsBody, type Meanings } from './embeddings-wire-fixture.ts';
import { openaiBody, openaiError, openaiEvents } from './openai-wire-fixture.ts';
import { responsesBody, responsesEvents } from './responses-wire-fixture.ts';
import type { ScriptedAnswer, ScriptedEvent, ScriptedRequest } from './scripted-answer-fixture.ts';

export type { ScriptedAnswer, ScriptedRequest } from './scripted-answer-fixture.ts';

type Answering = (request: ScriptedRequest) => ScriptedAnswer;

/** See the top of this file. */
export interface ScriptedProvider {
  readonly url: string;
  /** `127.0.0.1:port`, for the allow-list of the egress. */
  readonly host: string;
  /** Base URLs. */
  readonly openai: string;
  readonly anthropic: string;
  /** Chat requests only, in the order they came. */
  readonly requests: ScriptedRequest[];
  /** Requests of other kinds. */
  readonly others: ScriptedRequest[];
  /** What `/models` lists. */
  models: readonly string[];
  /** Words that count as one in vectors. */
  meanings: Meanings;
  /** What `/embeddings` answers instead of vectors, as far as it is a failure; null: vectors. */
  embeddings: Answering | null;
  script(...answers: ScriptedAnswer[]): void;
  always(answer: Answering | ScriptedAnswer): void;
  /** Resolves when so many chat requests have come since the beginning. */
  asked(count: number): Promise<void>;
  release(): void;
  close(): Promise<void>;
}

class Stage {
  readonly requests: ScriptedRequest[] = [];
  readonly others: ScriptedRequest[] = [];
  readonly queue: ScriptedAnswer[] = [];
  models: readonly string[] = ['scripted-1', 'scripted-2'];
  meanings: Meanings = [];
  embeddings: Answering | null = null;
  always: Answering = () => ({ status: 400, error: 'The script has no answer for this request.' });
  #held: (() => void)[] = [];
  #waiting: { count: number; tell: () => void }[] = [];

  came(request: ScriptedRequest): void {
    this.requests.push(request);
    for (const { tell } of this.#waiting.filter(({ count }) => count <= this.requests.length)) tell();
  }

  asked(count: number): Promise<void> {
    if (this.requests.length >= count) return Promise.resolve();
    return new Promise((tell) => this.#waiting.push({ count, tell }));
  }

  hold(): Promise<void> {
    return new Promise((go) => this.#held.push(go));
  }

  release(): void {
    for (const go of this.#held.splice(0)) go();
  }
}

/** Listens on a free port of 127.0.0.1. */
export async function startScriptedProvider(): Promise<ScriptedProvider> {
  const stage = new Stage();
  const server = createServer((incoming, outgoing) => {
    outgoing.on('error', () => undefined);
    serve(stage, incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}`,
    host,
    openai: `http://${host}/v1`,
    anthropic: `http://${host}/v1`,
    requests: stage.requests,
    others: stage.others,
    get models() {
      return stage.models;
    },
    set models(ids) {
      stage.models = ids;
    },
    get meanings() {
      return stage.meanings;
    },
    set meanings(groups) {
      stage.meanings = groups;
    },
    get embeddings() {
      return stage.embeddings;
    },
    set embeddings(answer) {
      stage.embeddings = answer;
    },
    script: (...answers) => void stage.queue.push(...answers),
    always: (answer) => {
      stage.always = typeof answer === 'function' ? answer : () => answer;
    },
    asked: (count) => stage.asked(count),
    release: () => stage.release(),
    close: async () => {
      stage.release();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Of the wires that models answer on. */
const SHAPES: Readonly<Record<string, Shape>> = {
  openai: { body: openaiBody, events: openaiEvents, error: openaiError },
  responses: { body: responsesBody, events: responsesEvents, error: openaiError },
  anthropic: { body: anthropicBody, events: anthropicEvents, error: anthropicError },
};

interface Shape {
  body(answer: ScriptedAnswer, request: ScriptedRequest, index: number): unknown;
  events(answer: ScriptedAnswer, request: ScriptedRequest, index: number): ScriptedEvent[];
  error(status: number, message: string): unknown;
}

const WIRES = [
  [/\/chat\/completions$/, 'openai'],
  [/\/responses$/, 'responses'],
  [/\/messages$/, 'anthropic'],
  [/\/models$/, 'models'],
  [/\/embeddings$/, 'embeddings'],
] as const;

async function serve(stage: Stage, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { method = '', url = '', headers } = incoming;
  const raw = await text(incoming);
  const wire = WIRES.find(([path]) => path.test(url.split('?')[0] ?? ''))?.[1];
  if (wire === undefined) return json(outgoing, 404, openaiError(404, `No ${url} here.`));
  const body = raw === '' ? {} : JSON.parse(raw);
  const ended = once(outgoing, 'close').then(() => (outgoing.writableFinished ? 'answered' : 'cut'));
  const request: ScriptedRequest = { wire, method, url, headers, raw, body, sentAt: [], ended };
  if (Object.hasOwn(SHAPES, wire)) {
    stage.came(request);
    return answer(stage, request, outgoing);
  }
  stage.others.push(request);
  if (wire === 'embeddings') return embed(stage, request, outgoing);
  json(outgoing, 200, { object: 'list', data: stage.models.map((id) => ({ id, object: 'model' })) });
}

function embed(stage: Stage, request: ScriptedRequest, outgoing: ServerResponse): void {
  const { status, error, retryAfter, hang, cut, malformed } = stage.embeddings?.(request) ?? {};
  if (hang) return;
  if (cut) return void outgoing.destroy();
  if (malformed) return json(outgoing, 200, { object: 'list', data: [] });
  if (status === undefined || status === 200) {
    return json(outgoing, 200, embeddingsBody(request.body, stage.meanings));
  }
  const wait = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  json(outgoing, status, openaiError(status, error ?? `Scripted ${status}.`), wait);
}

function json(outgoing: ServerResponse, status: number, body: unknown, headers = {}): void {
  outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
  outgoing.end(JSON.stringify(body));
}

async function answer(stage: Stage, request: ScriptedRequest, outgoing: ServerResponse): Promise<void> {
  const index = stage.requests.length;
  const scripted = stage.queue.shift() ?? stage.always(request);
  const shape = SHAPES[request.wire];
  if (!shape) throw new Error(`Nothing answers on ${request.wire}.`);
  if (scripted.hang) return;
  if (scripted.cut === 'before') return void outgoing.destroy();
  if (scripted.holdAfter === 0) await stage.hold();
  if (scripted.status !== undefined && scripted.status !== 200) {
    const words = scripted.error ?? `Scripted ${scripted.status}.`;
    const error = shape.error(scripted.status, words);
    const wait = scripted.retryAfter === undefined ? {} : { 'retry-after': String(scripted.retryAfter) };
    return json(outgoing, scripted.status, error, wait);
  }
  if (request.body.stream === true) {
    const events = shape.events(scripted, request, index);
    return stream(stage, { request, scripted, events }, outgoing);
  }
  await pause(scripted.delayMs);
  request.sentAt.push(performance.now());
  if (scripted.malformed) return void outgoing.end('<html>this is no JSON');
  const body = shape.body(scripted, request, index);
  if (scripted.cut !== 'midstream') return json(outgoing, 200, body);
  const whole = JSON.stringify(body);
  outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length + 1 });
  outgoing.write(whole.slice(0, whole.length / 2), () => outgoing.destroy());
}

interface Streamed {
  readonly request: ScriptedRequest;
  readonly scripted: ScriptedAnswer;
  readonly events: readonly ScriptedEvent[];
}

async function stream(
  stage: Stage,
  { request, scripted, events }: Streamed,
  outgoing: ServerResponse,
): Promise<void> {
  outgoing.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const half = Math.ceil(events.length / 2);
  let pieces = 0;
  for (const [i, { data, isPiece }] of events.entries()) {
    if (outgoing.destroyed) return;
    if (scripted.cut === 'midstream' && i === half) {
      // What was written goes out before the connection breaks.
      await new Promise((flushed) => outgoing.write(': breaks off here\n\n', flushed));
      return void outgoing.destroy();
    }
    if (scripted.malformed && i === half) outgoing.write('data: {"this is": no JSON\n\n');
    if (isPiece) await pause(scripted.delayMs);
    if (isPiece) request.sentAt.push(performance.now());
    outgoing.write(data);
    if (isPiece && ++pieces === scripted.holdAfter) await stage.hold();
  }
  outgoing.end();
}

const pause = (ms = 0): Promise<unknown> =>
  ms === 0 ? Promise.resolve() : new Promise((over) => setTimeout(over, ms));
