import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type AiStage, startAiStage } from './ai-stage-fixture.ts';
import { type History, type Sent, textsOf, whenThere } from './features/chat/test-talk.ts';
import { Caller, until } from './http/test-server.ts';
import { TestClient } from './socket/test-client.ts';
import { type Delta, joined, OpenStream, wordsIn } from './test-live-reader.ts';

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

const visit = async (): Promise<Caller> => {
  const opened = await stage.server.nobody.ok<{ token: string }>('visits.open', { page_id, mode: 'token' });
  return new Caller(stage.server.base, opened.token);
};

/** The words that sockets were sent, each going on after the one before. */
const deltasOf = (...sockets: readonly TestClient[]): string =>
  joined(
    sockets.flatMap(({ messages }) =>
      messages.flatMap(({ type, data }) => (type === 'chat_delta' ? [data as Delta] : [])),
    ),
  );
const read = (path: string, { key }: Caller, after?: string): OpenStream =>
  new OpenStream(stage.server.base, path, key ?? '', after);

it('shows the words on the socket and on the stream while they are written', async () => {
  const thread_id = await newThread();
  stage.llm.script({ chunks: ['Hel', 'lo ', 'Ada'], holdAfter: 2 });
  const { execution_id } = await send('Hi', { thread_id });
  const stream = read(`/workflows/${workflow_slug}/chat/stream?execution_id=${execution_id}`, stage.ada);
  const socket = await TestClient.open(stage.server.running.port, stage.ada.key ?? '');
  await socket.subscribe(`execution:${execution_id}`);
  await until(async () => stream.words() === 'Hello ');
  const onSocket = () => deltasOf(socket);
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
  const late = read(`/workflows/${workflow_slug}/chat/stream?execution_id=${execution_id}`, stage.ada);
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
  const again = read(
    `/workflows/${workflow_slug}/chat/stream?execution_id=${execution_id}`,
    stage.ada,
    ids.at(-2),
  );
  await again.has('event: end');
  expect(again.text.match(/^event: /gm)).toHaveLength(1);
  socket.socket.close();
});

it('goes on for a socket that comes back in the middle, by the last event it has read', async () => {
  stage.llm.script({ chunks: ['one ', 'two ', 'three'], holdAfter: 2 });
  const { execution_id } = await send('Count', { thread_id: await newThread() });
  const channel = `execution:${execution_id}`;
  const open = () => TestClient.open(stage.server.running.port, stage.ada.key ?? '');
  const before = await open();
  await before.subscribe(channel, 0);
  await until(async () => deltasOf(before) === 'one two ');
  before.socket.terminate();
  const after = await open();
  await after.subscribe(channel, before.seqs(channel).at(-1) ?? 0);
  await until(async () => deltasOf(after) === 'one two ');
  stage.llm.release();
  await after.until((one) => one.type === 'execution_completed');
  expect(deltasOf(before, after)).toBe('one two three');
  const seqs = [...before.seqs(channel), ...after.seqs(channel)];
  expect(seqs).toEqual(seqs.map((_, n) => n + 1));
  expect(after.messages.filter(({ type }) => type === 'chat_message')).toHaveLength(1);
  after.socket.close();
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
  const [mine, other] = [await visit(), await visit()];
  stage.llm.script({ chunks: ['Good', ' day'], reasoning: 'They are nice.', holdAfter: 2 });
  const sent = await mine.ok<Sent>('visits.send', { page_id, text: 'Hi' });
  const path = `/chat/${page_id}/stream?execution_id=${sent.execution_id}`;
  const stream = read(path, mine);
  expect(await read(path, other).status).toBe(404);
  await until(async () => stream.words().startsWith('Good'));
  stage.llm.release();
  await stream.has('event: end');
  expect(stream.words()).toBe('Good day');
  expect(stream.text).not.toMatch(/They are nice|event: node/);
  expect((await other.ok<History>('visits.history', { page_id })).messages).toEqual([]);
});

it('asks no model for a visitor beyond the budget of the page', async () => {
  await stage.ada.ok('chat.savePage', { workflow_slug, enabled: true, daily_tokens: 50 });
  const visitor = await visit();
  const asked = stage.llm.requests.length;
  await visitor.ok<Sent>('visits.send', { page_id, text: 'Tell me a story' });
  const found = await whenThere(() => visitor.ok<History>('visits.history', { page_id }), 2);
  expect(found.messages[1]).toMatchObject({
    text: expect.stringContaining('has used up its budget'),
    error_code: 'budget_exceeded',
  });
  expect(stage.llm.requests).toHaveLength(asked);
  // Enough for the page, but not for one network's part of it.
  await visitor.ok('visits.clear', { page_id });
  await stage.ada.ok('chat.savePage', { workflow_slug, enabled: true, daily_tokens: 450 });
  await visitor.ok<Sent>('visits.send', { page_id, text: 'Tell me a story' });
  const again = await whenThere(() => visitor.ok<History>('visits.history', { page_id }), 2);
  expect(again.messages[1]).toMatchObject({ error_code: 'budget_exceeded' });
  expect(stage.llm.requests).toHaveLength(asked);
  await visitor.ok('visits.clear', { page_id });
  await stage.ada.ok('chat.savePage', {
    workflow_slug,
    enabled: true,
    daily_tokens: 450,
    network_percent: 100,
  });
  stage.llm.script({ text: 'Once.' });
  await visitor.ok<Sent>('visits.send', { page_id, text: 'Tell me a story' });
  const told = await whenThere(() => visitor.ok<History>('visits.history', { page_id }), 2);
  expect(textsOf(told)[1]).toEqual(['assistant', 'Once.']);
  await stage.ada.ok('chat.savePage', { workflow_slug, enabled: true });
});

/** What a stop has to have done by the time it is answered, or a moment later. */
async function expectStopped(read: () => Promise<History>, executionId: string): Promise<void> {
  // The test would wait for ever if the provider were left to talk to nobody.
  expect(await stage.llm.requests[0]?.ended).toBe('cut');
  const { messages } = await read();
  expect(messages.slice(1)).toMatchObject([
    { role: 'assistant', text: 'This goes', error_code: 'cancelled', execution_id: executionId },
  ]);
}

it('stops in the middle of an answer, hangs up on the model at once, and keeps what was said', async () => {
  const thread_id = await newThread();
  stage.llm.script({ chunks: ['This ', 'goes ', 'on'], holdAfter: 2 });
  const { execution_id } = await send('Talk', { thread_id });
  const stream = read(`/workflows/${workflow_slug}/chat/stream?execution_id=${execution_id}`, stage.ada);
  await until(async () => stream.words() === 'This goes ');
  await stage.ada.ok('chat.stop', { workflow_slug, thread_id });
  await expectStopped(() => history(thread_id), execution_id);
  await stream.has('event: end');
  expect(stream.text).toMatch(
    /"status":"cancelled","text":"This goes","message_id":"\d+","error_code":"cancelled"/,
  );
  // The next question is answered, and does not take the broken answer for one.
  stage.llm.script({ text: 'Fine.' });
  await send('Still there?', { thread_id });
  await until(async () => textsOf(await history(thread_id)).at(-1)?.[1] === 'Fine.');
  expect(JSON.stringify(told())).not.toContain('This goes');
});

it('stops for a visitor, and for whoever cancels the run, in the same way', async () => {
  const [visitor, other] = [await visit(), await visit()];
  const asking = { page_id, text: 'Talk' };
  for (const stop of ['visitor', 'run'] as const) {
    stage.llm.requests.length = 0;
    stage.llm.script({ chunks: ['This ', 'goes ', 'on'], holdAfter: 2 });
    await visitor.ok('visits.clear', { page_id });
    const { execution_id } = await visitor.ok<Sent>('visits.send', asking);
    const stream = read(`/chat/${page_id}/stream?execution_id=${execution_id}`, visitor);
    await until(async () => stream.words() === 'This goes ');
    expect(await other.ok('visits.stop', { page_id })).toEqual({ execution_ids: [] });
    if (stop === 'run') await stage.ada.ok('executions.cancel', { execution_id });
    else expect(await visitor.ok('visits.stop', { page_id })).toEqual({ execution_ids: [execution_id] });
    await expectStopped(() => visitor.ok<History>('visits.history', { page_id }), execution_id);
    await stream.has('event: end');
  }
});

it('goes on for a reader who comes back in the middle, without a gap and without saying anything twice', async () => {
  const thread_id = await newThread();
  const chunks = ['one ', 'two ', 'three ', 'four '];
  stage.llm.script({ chunks, holdAfter: 2 });
  const { execution_id } = await send('Count', { thread_id });
  const path = `/workflows/${workflow_slug}/chat/stream?execution_id=${execution_id}`;
  const before = read(path, stage.ada);
  await until(async () => before.words() === 'one two ');
  before.close();
  const last = [...before.text.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1];
  expect(Number(last)).toBeGreaterThan(0);
  const after = read(path, stage.ada, last);
  await until(async () => after.words() === 'one two ');
  stage.llm.release();
  await after.has('event: end');
  const both = `${before.text}${after.text}`;
  expect(wordsIn(both)).toBe('one two three four ');
  const ids = [...both.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
  expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
  expect(both.match(/^event: message$/gm)).toHaveLength(1);
  // Whoever was away for the rest gets what was said as a whole, once.
  const late = read(path, stage.ada, last);
  await late.has('event: end');
  expect(late.text.match(/^event: (message|end)$/gm)).toEqual(['event: message', 'event: end']);
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

it('ends for whoever comes back after the end', async () => {
  const thread_id = await newThread();
  stage.llm.script({ text: 'Hello.' });
  const { execution_id } = await send('Hi', { thread_id });
  const path = `/workflows/${workflow_slug}/chat/stream?execution_id=${execution_id}`;
  const stream = read(path, stage.ada);
  await stream.has('event: end');
  const last = [...stream.text.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1];
  for (const after of [last, '999999999']) {
    const again = read(path, stage.ada, after);
    await again.has('event: end');
    expect(again.text.match(/^event: .*$/gm)).toEqual(['event: end']);
  }
});

it('opens no stream for somebody who only looks whether there is one', async () => {
  const thread_id = await newThread();
  stage.llm.script({ chunks: ['This ', 'goes ', 'on'], holdAfter: 1 });
  const { execution_id } = await send('Talk', { thread_id });
  const path = `/workflows/${workflow_slug}/chat/stream?execution_id=${execution_id}`;
  const headers = { authorization: `Bearer ${stage.ada.key}` };
  for (let n = 0; n < 25; n += 1) {
    const { status } = await fetch(`${stage.server.base}/api/v1${path}`, { method: 'HEAD', headers });
    expect(status).toBe(200);
  }
  // Nor for those who have gone before it begins.
  for (let ms = 0; ms < 25; ms += 1) {
    const signal = AbortSignal.timeout(ms);
    await fetch(`${stage.server.base}/api/v1${path}`, { headers, signal }).then(
      ({ body }) => body?.cancel(),
      () => undefined,
    );
  }
  const open = async () => (await read(path, stage.ada).status) === 200;
  await until(open);
  const stream = read(path, stage.ada);
  stage.llm.release();
  await stream.has('event: end');
});

it('shows nothing of an answer that was stopped to whoever comes later', async () => {
  const thread_id = await newThread();
  stage.llm.script({ chunks: ['This ', 'goes ', 'on'], holdAfter: 1 });
  const { execution_id } = await send('Talk', { thread_id });
  const path = `/workflows/${workflow_slug}/chat/stream?execution_id=${execution_id}`;
  const stream = read(path, stage.ada);
  await until(async () => stream.words() === 'This ');
  await stage.ada.ok('chat.stop', { workflow_slug, thread_id });
  await stream.has('event: end');
  const late = read(path, stage.ada);
  await late.has('event: end');
  expect(late.text).not.toContain('event: delta');
});

it('answers and remembers what holds a character that the database does not take', async () => {
  const thread_id = await newThread();
  stage.llm.script({ text: 'One\0Two' });
  const { execution_id } = await send('Hi', { thread_id });
  await until(async () => textsOf(await history(thread_id)).at(-1)?.[1] === 'OneTwo');
  const { db } = stage.server.connection;
  const episode = await until(() =>
    db
      .selectFrom('memory_episodes')
      .select('summary')
      .where('execution_id', '=', execution_id)
      .where('ended_at', 'is not', null)
      .executeTakeFirst(),
  );
  expect(episode.summary).toBe('Asked: Hi\nAnswered: OneTwo');
});

it('forgets a conversation that is cleared while it is answered', async () => {
  const place = { workflow_slug };
  await stage.ada.ok('chat.clearHistory', place);
  stage.llm.script({ chunks: ['A ', 'secret'], holdAfter: 1 });
  const { execution_id } = await send('Tell me a secret');
  const path = `/workflows/${workflow_slug}/chat/stream?execution_id=${execution_id}`;
  const stream = read(path, stage.ada);
  await until(async () => stream.words() === 'A ');
  await stage.ada.ok('chat.clearHistory', place);
  stage.llm.release();
  expect((await stage.ended(execution_id)).status).toBe('cancelled');
  stage.llm.script({ text: 'Fine.' });
  await stage.ended((await send('How are you?')).execution_id);
  expect(told()).toEqual([['user', 'How are you?']]);
});
