import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type AiStage, startAiStage } from './ai-stage-fixture.ts';
import { type History, type Sent, textsOf, whenThere } from './features/chat/test-talk.ts';
import { Caller, until } from './http/test-server.ts';
import { TestClient } from './socket/test-client.ts';

// A chat with an agent, with its words as they come: on the socket, on the stream of events, and for visitors.

let stage: AiStage;
const workflow_slug = 'helper';
let page_id: string;

beforeAll(async () => {
  stage = await startAiStage();
  await stage.draw(
    workflow_slug,
    {
      chat: ['trigger_chat'],
      agent: ['agent', { system_prompt: 'Help.', conversation_memory: true }],
      model: stage.model,
    },
    ['chat.messages > agent.messages', 'model.model > agent.model'],
  );
  ({ page_id } = await stage.ada.ok<{ page_id: string }>('chat.savePage', { workflow_slug, enabled: true }));
});
beforeEach(() => {
  stage.llm.requests.length = 0;
});
afterAll(() => stage.close());

const send = (text: string, more: object = {}) =>
  stage.ada.ok<Sent>('chat.send', { workflow_slug, text, ...more });
const newThread = async (): Promise<string> =>
  (await stage.ada.ok<{ thread_id: string }>('chat.createThread', { workflow_slug })).thread_id;
const history = (thread_id: string) =>
  stage.ada.ok<History>('chat.history', { workflow_slug, thread_id, limit: 0 });
/** What the provider was told in its last request, without the system's words. */
const told = () =>
  stage.llm.requests
    .at(-1)
    ?.body.messages.filter(({ role }) => role !== 'system')
    .map(({ role, content }) => [role, content]);

/** A stream of answers, read as it comes. */
class Stream {
  text = '';
  readonly status: Promise<number>;
  readonly #abort = new AbortController();

  constructor(path: string, key: string | null, after?: string) {
    const headers: Record<string, string> = {
      authorization: `Bearer ${key}`,
      ...(after !== undefined && { 'last-event-id': after }),
    };
    this.status = this.#read(`${stage.server.base}/api/v1${path}`, headers);
  }

  async #read(url: string, headers: Record<string, string>): Promise<number> {
    const response = await fetch(url, { headers, signal: this.#abort.signal });
    void this.#collect(response).catch(() => undefined);
    return response.status;
  }

  async #collect(response: Response): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) this.text += decoder.decode(chunk, { stream: true });
  }

  /** Resolves when this has come. */
  has(part: string): Promise<boolean> {
    return until(async () => this.text.includes(part));
  }

  /** The words that have come, put together. */
  words(): string {
    return [...this.text.matchAll(/^event: delta\ndata: (.+)$/gm)]
      .map(([, data = '{}']) => JSON.parse(data) as { kind: string; text: string })
      .reduce(
        (text, one) => (one.kind === 'restart' ? '' : one.kind === 'text' ? text + one.text : text),
        '',
      );
  }

  close(): void {
    this.#abort.abort();
  }
}

it('shows the words on the socket and on the stream while they are written', async () => {
  const thread_id = await newThread();
  stage.llm.script({ chunks: ['Hel', 'lo ', 'Ada'], holdAfter: 2 });
  const { execution_id } = await send('Hi', { thread_id });
  const stream = new Stream(
    `/workflows/${workflow_slug}/chat/stream?execution_id=${execution_id}`,
    stage.ada.key,
  );
  const socket = await TestClient.open(stage.server.running.port, stage.ada.key ?? '');
  await socket.subscribe(`execution:${execution_id}`);
  await until(async () => stream.words() === 'Hello ');
  const onSocket = () =>
    socket.messages
      .filter((one) => one.type === 'chat_delta')
      .map((one) => one.data as { kind: string; text: string })
      .reduce((text, one) => (one.kind === 'restart' ? '' : text + one.text), '');
  await until(async () => onSocket() === 'Hello ');
  // Somebody else behind the same connection begins to listen, and has to be told from the beginning.
  const before = socket.messages.length;
  await socket.subscribe(`execution:${execution_id}`);
  const retold = () => socket.messages.slice(before).filter((one) => one.type === 'chat_delta');
  await until(async () => retold().length === 2);
  expect(retold().map((one) => one.data)).toMatchObject([
    { kind: 'restart' },
    { kind: 'text', text: 'Hello ' },
  ]);
  const delta = socket.messages.find((one) => one.type === 'chat_delta');
  expect(delta).toMatchObject({
    channel: `execution:${execution_id}`,
    execution_id,
    data: { node_id: 'agent', turn: 1 },
  });
  expect(delta).not.toHaveProperty('seq');
  // Somebody who comes late sees what is there so far.
  const late = new Stream(
    `/workflows/${workflow_slug}/chat/stream?execution_id=${execution_id}`,
    stage.ada.key,
  );
  await until(async () => late.words() === 'Hello ');
  stage.llm.release();
  await Promise.all([stream.has('event: end'), late.has('event: end')]);
  expect([stream.words(), late.words()]).toEqual(['Hello Ada', 'Hello Ada']);
  await socket.until((one) => one.type === 'execution_completed');
  expect(onSocket()).toBe('Hello Ada');
  expect(textsOf(await history(thread_id))).toEqual([
    ['user', 'Hi'],
    ['assistant', 'Hello Ada'],
  ]);
  // Whoever comes back goes on after the last event that was read.
  const ids = [...stream.text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => id);
  const again = new Stream(
    `/workflows/${workflow_slug}/chat/stream?execution_id=${execution_id}`,
    stage.ada.key,
    ids.at(-2),
  );
  await again.has('event: end');
  expect(again.text.match(/^event: /gm)).toHaveLength(1);
  socket.socket.close();
});

it('remembers what was said, without what was taken back', async () => {
  const thread_id = await newThread();
  stage.llm.script({ text: 'Hello Ada.' }, { text: 'Berlin.' }, { text: 'Paris.' });
  await send('I am Ada', { thread_id });
  await whenThere(() => history(thread_id), 2);
  const wrong = await send('Capital of Germany?', { thread_id });
  await whenThere(() => history(thread_id), 4);
  expect(told()).toEqual([
    ['user', 'I am Ada'],
    ['assistant', 'Hello Ada.'],
    ['user', 'Capital of Germany?'],
  ]);
  await send('Capital of France?', { thread_id, edit_of: wrong.message_id });
  await until(async () => textsOf(await history(thread_id)).at(-1)?.[1] === 'Paris.');
  expect(told()).toEqual([
    ['user', 'I am Ada'],
    ['assistant', 'Hello Ada.'],
    ['user', 'Capital of France?'],
  ]);
});

it('shows a visitor their own words only, and never what the model thinks', async () => {
  const visit = async (): Promise<Caller> => {
    const { token } = await stage.server.nobody.ok<{ token: string }>('visits.open', {
      page_id,
      mode: 'token',
    });
    return new Caller(stage.server.base, token);
  };
  const [mine, other] = [await visit(), await visit()];
  stage.llm.script({ chunks: ['Good', ' day'], reasoning: 'They are nice.', holdAfter: 2 });
  const sent = await mine.ok<Sent>('visits.send', { page_id, text: 'Hi' });
  const path = `/chat/${page_id}/stream?execution_id=${sent.execution_id}`;
  const stream = new Stream(path, mine.key);
  expect(await new Stream(path, other.key).status).toBe(404);
  await until(async () => stream.words().startsWith('Good'));
  stage.llm.release();
  await stream.has('event: end');
  expect(stream.words()).toBe('Good day');
  expect(stream.text).not.toMatch(/They are nice|event: node/);
  expect((await other.ok<History>('visits.history', { page_id })).messages).toEqual([]);
});

it('asks no model for a visitor beyond the budget of the page', async () => {
  await stage.ada.ok('chat.savePage', { workflow_slug, enabled: true, daily_tokens: 50 });
  const { token } = await stage.server.nobody.ok<{ token: string }>('visits.open', {
    page_id,
    mode: 'token',
  });
  const visitor = new Caller(stage.server.base, token);
  const asked = stage.llm.requests.length;
  await visitor.ok<Sent>('visits.send', { page_id, text: 'Tell me a story' });
  const found = await whenThere(() => visitor.ok<History>('visits.history', { page_id }), 2);
  expect(found.messages[1]).toMatchObject({
    text: expect.stringContaining('has used up its budget'),
    error_code: 'budget_exceeded',
  });
  expect(stage.llm.requests).toHaveLength(asked);
  await stage.ada.ok('chat.savePage', { workflow_slug, enabled: true });
});

it('stops in the middle of an answer', async () => {
  const thread_id = await newThread();
  stage.llm.script({ chunks: ['This ', 'goes ', 'on'], holdAfter: 1 });
  const { execution_id } = await send('Talk', { thread_id });
  const stream = new Stream(
    `/workflows/${workflow_slug}/chat/stream?execution_id=${execution_id}`,
    stage.ada.key,
  );
  await until(async () => stream.words() === 'This ');
  await stage.ada.ok('chat.stop', { workflow_slug, thread_id });
  await stream.has('event: end');
  expect(stream.text).toContain('"error_code":"cancelled"');
  stage.llm.release();
});

it.each([
  [{ status: 401, error: 'bad key sk-scripted-0123456789' }, 'model_refused_key', /renew it/],
  [{ status: 400, error: 'too long' }, 'model_bad_request', /did not take the question/],
  [{ cut: 'midstream', text: 'one two three four' } as const, 'model_broken_stream', /broke off/],
])('says in a sentence what went wrong with the model: %j', async (answer, code, words) => {
  const thread_id = await newThread();
  stage.llm.always(answer);
  await send('Hi', { thread_id });
  const found = await until(async () => {
    const now = await history(thread_id);
    return now.messages.length === 2 ? now : null;
  }, 25_000);
  expect(found.messages[1]?.text).toMatch(words);
  expect(found.messages[1]?.error_code).toBe(code);
  expect(JSON.stringify(found)).not.toContain('sk-scripted');
});
