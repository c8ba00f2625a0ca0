import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';

let server: TestServer;
let admin: Caller;
let bob: Caller;
let eve: Caller;
let workflow: number;
let bobId: number;
const workflow_slug = 'talk';

interface History {
  messages: { id: string; role: string; text: string; timestamp: string; execution_id: string | null }[];
  thread_id: string;
  has_more: boolean;
}

const query = (sql: string, values: unknown[]) => server.connection.pool.query(sql, values);

async function say(threadId: string, userId: number, turns: [string, string, string][]): Promise<void> {
  await query(
    `insert into chat_threads (thread_id, environment_id, workflow_id, user_id)
     select $1, environment_id, id, $2 from workflows where id = $3 on conflict do nothing`,
    [threadId, userId, workflow],
  );
  for (const [role, text, at] of turns) {
    await query(
      `insert into chat_messages (chat_thread_id, role, text, created_at)
       select id, $2, $3, $4 from chat_threads where thread_id = $1`,
      [threadId, role, text, at],
    );
  }
}

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.setUp();
  bob = await server.addUser('bob');
  eve = await server.addUser('eve');
  bobId = (await bob.ok<{ id: number }>('users.me')).id;
  ({ id: workflow } = await bob.ok<{ id: number }>('workflows.create', {
    name: 'Talk',
    slug: workflow_slug,
  }));
  await say(`${bobId}:${workflow}`, bobId, [
    ['system', 'You are kind.', '2026-01-01T10:00:00Z'],
    ['user', 'one', '2026-01-01T10:01:00Z'],
    ['assistant', '', '2026-01-01T10:02:00Z'],
    ['tool', '42', '2026-01-01T10:02:30Z'],
    ['assistant', 'two', '2026-01-01T10:03:00.123456Z'],
    ['user', 'three', '2026-01-01T10:04:00Z'],
    ['user', '', '2026-01-01T10:05:00Z'],
  ]);
});
afterAll(() => server.close());

const history = (input: Record<string, unknown> = {}, who = bob) =>
  who.ok<History>('chat.history', { workflow_slug, ...input });
const texts = (found: History) => found.messages.map((one) => one.text);

it('shows what was said, oldest first, without system words and calls of tools', async () => {
  const found = await history();
  expect(found).toMatchObject({ thread_id: `${bobId}:${workflow}`, has_more: false });
  expect(texts(found)).toEqual(['one', 'two', 'three', '']);
  expect(found.messages[0]).toEqual({
    id: expect.stringMatching(/^\d+$/),
    role: 'user',
    text: 'one',
    timestamp: '2026-01-01T10:01:00.000Z',
    execution_id: null,
    error_code: null,
    attachments: [],
  });
});

it('gives the last of them, and says whether there are more', async () => {
  const last = await history({ limit: 2 });
  expect([texts(last), last.has_more]).toEqual([['three', ''], true]);
  expect(texts(await history({ limit: 0 }))).toHaveLength(4);
  expect(texts(await history({ limit: -5 }))).toHaveLength(4);
  const before = await history({ limit: 1, before: '2026-01-01T10:04:00Z' });
  expect([texts(before), before.has_more]).toEqual([['two'], true]);
  const [first] = before.messages;
  expect(texts(await history({ before: first?.timestamp }))).toEqual(['one']);
  expect(texts(await history({ before_id: first?.id }))).toEqual(['one']);
});

it.each([
  '2026-01-01T10:04:00',
  '2026-01-01T12:04:00+02:00',
  '2026-01-01T12:04:00 02:00',
  '2026-01-01 10:04:00',
])('understands the time %s', async (before) => {
  expect(texts(await history({ before }))).toEqual(['one', 'two']);
});

it.each(['yesterday', '2026-13-01', '12', '2026-01-01T99:00:00Z'])('refuses the time %s', async (before) => {
  const answer = await bob.call('chat.history', { workflow_slug, before });
  expect(answer).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining("Invalid 'before' datetime format. ") },
  });
});

it('refuses a message id that is none', async () => {
  expect(await bob.call('chat.history', { workflow_slug, before_id: '9'.repeat(20) })).toMatchObject({
    status: 400,
  });
});

it('is everybody’s own, administrators’ included', async () => {
  expect(await history({}, admin)).toMatchObject({ messages: [], has_more: false });
  expect((await history()).messages).toHaveLength(4);
  for (const slug of [workflow_slug, 'nowhere']) {
    for (const operation of ['chat.history', 'chat.clearHistory']) {
      const answer = await eve.call(operation, { workflow_slug: slug });
      expect(answer).toMatchObject({ status: 404, body: { detail: 'Workflow not found.' } });
    }
  }
  expect(await server.nobody.call('chat.history', { workflow_slug })).toMatchObject({
    status: 401,
    body: { detail: 'Not authenticated' },
  });
});

it('has no conversation but one’s own: another’s is as absent as what never was', async () => {
  const before = (await history()).messages;
  const { thread_id } = await admin.ok<History>('chat.history', { workflow_slug });
  await bob.ok('chat.createThread', { workflow_slug, title: 'Aside' });
  const calls: [string, object?][] = [
    ['chat.history'],
    ['chat.history', { before_id: '1' }],
    ['chat.clearHistory'],
    ['chat.stop'],
    ['chat.send', { text: 'x' }],
    ['chat.send', { text: 'x', edit_of: before[0]?.id }],
    ['chat.send', { text: 'x', retry_of: before[0]?.id }],
    ['chat.renameThread', { title: 'x' }],
    ['chat.deleteThread'],
  ];
  for (const [operation, more = {}] of calls) {
    const answers = [];
    for (const named of [`${bobId}:${workflow}`, 'never', `${thread_id}:x`]) {
      answers.push(await admin.call(operation, { workflow_slug, thread_id: named, ...more }));
    }
    for (const answer of answers) {
      const absent = { status: 404, body: { detail: 'Conversation not found.', code: 'not_found' } };
      expect(answer, operation).toMatchObject(absent);
    }
  }
  expect((await history()).messages).toEqual(before);
  // The main one is always there to read, to empty and to stop, by its name as well.
  expect(await history({ thread_id }, admin)).toMatchObject({ messages: [] });
  await admin.ok('chat.clearHistory', { workflow_slug, thread_id });
  expect(await admin.ok('chat.stop', { workflow_slug, thread_id })).toEqual({ execution_ids: [] });
});

it('forgets a conversation with what agents kept of it, once and again', async () => {
  await say(`${bobId}:${workflow}:x`, bobId, [['user', 'aside', '2026-01-02T00:00:00Z']]);
  await query(
    `insert into memory_checkpoints (environment_id, thread_id, checkpoint_id, state, blob_size)
     select environment_id, $2, 'c1', '{}', 2 from workflows where id = $1`,
    [workflow, `${bobId}:${workflow}`],
  );
  await query(
    `insert into memory_checkpoints (environment_id, thread_id, checkpoint_id, state, blob_size)
     select e.id, $2, 'elsewhere', '{}', 2 from environments e
     where e.id <> (select environment_id from workflows where id = $1) limit 1`,
    [workflow, `${bobId}:${workflow}`],
  );
  await bob.ok('chat.clearHistory', { workflow_slug });
  await bob.ok('chat.clearHistory', { workflow_slug });
  expect((await history()).messages).toEqual([]);
  expect((await query('select checkpoint_id from memory_checkpoints', [])).rows).toEqual([
    { checkpoint_id: 'elsewhere' },
  ]);
  expect(texts(await history({ thread_id: `${bobId}:${workflow}:x` }))).toEqual(['aside']);
});
