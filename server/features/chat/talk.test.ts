import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edge, node } from '#server/features/executions/test-suspension.ts';
import { type Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';
import { openQuestions } from './answer.ts';
import { drawTalk, type History, readStream, type Sent, textsOf, whenThere } from './test-talk.ts';

let server: TestServer;
let admin: Caller;
let bob: Caller;
let bobId: number;
let eve: Caller;
let workflowId: number;
const workflow_slug = 'talk';

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.setUp();
  bob = await server.addUser('bob');
  eve = await server.addUser('eve');
  bobId = (await bob.ok<{ id: number }>('users.me')).id;
  await drawTalk(bob, workflow_slug);
  ({ id: workflowId } = await bob.ok<{ id: number }>('workflows.get', { workflow_slug }));
});
afterAll(() => server.close());

const send = (text: string, more: object = {}) => bob.ok<Sent>('chat.send', { workflow_slug, text, ...more });
const history = (thread_id?: string, who = bob) =>
  who.ok<History>('chat.history', { workflow_slug, limit: 0, ...(thread_id && { thread_id }) });
const newThread = async (): Promise<string> =>
  (await bob.ok<{ thread_id: string }>('chat.createThread', { workflow_slug })).thread_id;
/** Says something in a conversation of its own and waits until it is answered. */
async function ask(text: string, more: object = {}): Promise<{ sent: Sent; history: History }> {
  const thread_id = await newThread();
  const sent = await send(text, { thread_id, ...more });
  return { sent, history: await whenThere(() => history(thread_id), 2) };
}

describe('sending', () => {
  it('starts a run and keeps what was said and answered', async () => {
    const sent = await send('hello');
    expect(sent).toMatchObject({ status: 'pending', response: '', thread_id: `${bobId}:${workflowId}` });
    const found = await whenThere(() => history(), 2);
    expect(textsOf(found)).toEqual([
      ['user', 'hello'],
      ['assistant', 'You said: hello'],
    ]);
    expect(found.messages.map((one) => one.execution_id)).toEqual([sent.execution_id, sent.execution_id]);
    expect(found.messages[0]?.id).toBe(sent.message_id);
    const run = await bob.ok<Record<string, unknown>>('executions.get', { execution_id: sent.execution_id });
    expect(run).toMatchObject({
      trigger_kind: 'chat',
      trigger_payload: { text: 'hello' },
      final_output: { output: 'You said: hello' },
    });
  });

  it('keeps an answer once, however often it is looked at', async () => {
    const { sent } = await ask('once');
    await Promise.all(Array.from({ length: 5 }, () => history(sent.thread_id)));
    await until(async () => {
      const { rows } = await server.connection.pool.query(
        "select 1 from graphile_worker._private_jobs where payload->>'id' = $1",
        [sent.execution_id],
      );
      return rows.length === 0;
    });
    expect((await history(sent.thread_id)).messages).toHaveLength(2);
  });

  it('takes an empty text, a long one, and none that is too long', async () => {
    expect((await send('')).status).toBe('pending');
    const long = 'x'.repeat(100 * 1024);
    const { history: found } = await ask(long);
    expect(found.messages.map((one) => one.text.length)).toEqual([long.length, long.length + 10]);
    const answer = await bob.call('chat.send', { workflow_slug, text: 'x'.repeat(200_001) });
    expect(answer).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'text'] }] } });
  });

  it('says in the documented words what is not there', async () => {
    const nowhere = await bob.call('chat.send', { workflow_slug: 'nowhere', text: 'x' });
    expect(nowhere).toMatchObject({ status: 404, body: { detail: 'Workflow not found.' } });
    expect((await eve.call('chat.send', { workflow_slug, text: 'x' })).status).toBe(404);
    expect((await server.nobody.call('chat.send', { workflow_slug, text: 'x' })).status).toBe(401);
    for (const trigger_node_id of ['say', 'absent']) {
      const answer = await bob.call('chat.send', { workflow_slug, text: 'x', trigger_node_id });
      expect(answer).toMatchObject({ status: 404, body: { detail: 'No chat trigger found.' } });
    }
    expect((await send('x', { trigger_node_id: 'chat' })).status).toBe('pending');
  });

  it('leads to one run however often the same request comes', async () => {
    const thread_id = await newThread();
    const once = () =>
      bob.send(
        'POST',
        `/api/v1/workflows/${workflow_slug}/chat/`,
        { text: 'again', thread_id },
        { 'idempotency-key': 'k1' },
      );
    const answers = await Promise.all([once(), once(), once()]);
    answers.push(await once());
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => (body as Sent).execution_id)).size).toBe(1);
    expect((await whenThere(() => history(thread_id), 2)).messages).toHaveLength(2);
  });

  it('refuses the key of one message for another one, in the words of every run', async () => {
    const [thread_id, other] = [await newThread(), await newThread()];
    const say = (body: object, key = 'k2') =>
      bob.send('POST', `/api/v1/workflows/${workflow_slug}/chat/`, body, { 'idempotency-key': key });
    const first = await say({ text: 'one', thread_id });
    const reused = { detail: 'This idempotency key was used for another request. Use a new key.' };
    const file = (data: string) => ({ attachments: [{ filename: 'a', media_type: 'text/plain', data }] });
    const { message_id } = first.body as Sent;
    for (const body of [
      { text: 'two' },
      { text: 'one', edit_of: message_id },
      { text: 'one', ...file('YQ==') },
    ]) {
      expect(await say({ ...body, thread_id })).toMatchObject({ status: 409, body: reused });
    }
    expect(textsOf(await whenThere(() => history(thread_id), 2))).toEqual([
      ['user', 'one'],
      ['assistant', 'You said: one'],
    ]);
    expect(await say({ thread_id, text: 'one' })).toMatchObject({ status: 200, body: first.body as object });
    expect((await say({ text: 'two', thread_id: other })).status).toBe(200);
    // An edit is the same request when it comes again, although what it names is gone by then.
    const edit = { text: 'better', thread_id, edit_of: message_id };
    const [edited, again] = [await say(edit, 'k3'), await say(edit, 'k3')];
    expect([edited.status, again.body]).toEqual([200, edited.body]);
    const atOnce = await Promise.all(['a', 'b', 'c'].map((text) => say({ text, thread_id }, 'k4')));
    expect(atOnce.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
    await until(async () => (await history(thread_id)).messages.length === 4);
  });
});

describe('an answer', () => {
  it('says in a sentence that the run failed', async () => {
    const { history: found, sent } = await ask('fail');
    expect(found.messages[1]).toMatchObject({
      role: 'assistant',
      text: expect.stringMatching(/^Something went wrong, so there is no answer\./),
      error_code: 'bad_json',
      execution_id: sent.execution_id,
    });
  });

  it('says that it was stopped, and is stopped', async () => {
    const thread_id = await newThread();
    const { execution_id } = await send('wait', { thread_id });
    expect(await bob.ok('chat.stop', { workflow_slug, thread_id })).toEqual({
      execution_ids: [execution_id],
    });
    const found = await history(thread_id);
    expect(found.messages[1]).toMatchObject({ text: 'This answer was stopped.', error_code: 'cancelled' });
    expect(await bob.ok('chat.stop', { workflow_slug, thread_id })).toEqual({ execution_ids: [] });
  });
});

describe('taking back', () => {
  it('puts an edited message in the place of the old one and drops what came after', async () => {
    const { sent } = await ask('first');
    const second = await send('second', { thread_id: sent.thread_id });
    await whenThere(() => history(sent.thread_id), 4);
    const edited = await send('better', { thread_id: sent.thread_id, edit_of: second.message_id });
    const found = await until(async () => {
      const now = await history(sent.thread_id);
      return now.messages.at(-1)?.execution_id === edited.execution_id && now.messages.length === 4
        ? now
        : null;
    });
    expect(textsOf(found).map(([, text]) => text)).toEqual([
      'first',
      'You said: first',
      'better',
      'You said: better',
    ]);
    await send('all new', { thread_id: sent.thread_id, edit_of: sent.message_id });
    const all = await whenThere(() => history(sent.thread_id), 2);
    expect(textsOf(all).map(([, text]) => text)).toEqual(['all new', 'You said: all new']);
  });

  it('sends a message again, by itself or by its answer', async () => {
    const { sent, history: before } = await ask('fail');
    let at: History = before;
    for (const which of [0, 1]) {
      const retry_of = at.messages[which]?.id;
      const again = await send('', { thread_id: sent.thread_id, retry_of });
      at = await whenThere(() => history(sent.thread_id), 2);
      expect(at.messages.map((one) => [one.text.slice(0, 4), one.execution_id])).toEqual([
        ['fail', again.execution_id],
        ['Some', again.execution_id],
      ]);
    }
  });

  it('stops the run that worked on what is dropped', async () => {
    const thread_id = await newThread();
    const waiting = await send('wait', { thread_id });
    await send('go on', { thread_id, edit_of: waiting.message_id });
    expect(textsOf(await whenThere(() => history(thread_id), 2))).toEqual([
      ['user', 'go on'],
      ['assistant', 'You said: go on'],
    ]);
    const run = await bob.ok('executions.get', { execution_id: waiting.execution_id });
    expect(run).toMatchObject({ status: 'cancelled' });
  });

  it('refuses messages of other conversations, and what is no message', async () => {
    const { sent } = await ask('mine');
    const other = await newThread();
    const answer = (field: string, value: string) =>
      bob.call('chat.send', { workflow_slug, text: 'x', thread_id: other, [field]: value });
    expect((await answer('edit_of', sent.message_id)).status).toBe(404);
    expect((await answer('retry_of', '9'.repeat(12))).status).toBe(404);
    expect((await answer('edit_of', 'x')).status).toBe(400);
  });
});

describe('conversations', () => {
  it('are made, named, listed and deleted, and belong to one person', async () => {
    const thread_id = await newThread();
    await send('Where is my parcel?\nIt is late.', { thread_id });
    await whenThere(() => history(thread_id), 2);
    const listed = await bob.ok<{ items: { thread_id: string; title: string }[]; total: number }>(
      'chat.threads',
      {
        workflow_slug,
      },
    );
    expect(listed.items[0]).toMatchObject({ thread_id, title: 'Where is my parcel?', is_main: false });
    const named = await bob.ok('chat.renameThread', { workflow_slug, thread_id, title: ' Parcel ' });
    expect(named).toMatchObject({ title: 'Parcel' });
    expect(await bob.ok('chat.threads', { workflow_slug, q: 'PARCEL' })).toMatchObject({ total: 1 });
    expect(await admin.ok('chat.threads', { workflow_slug })).toEqual({ items: [], total: 0 });
    expect((await admin.call('chat.renameThread', { workflow_slug, thread_id, title: 'x' })).status).toBe(
      404,
    );
    expect((await admin.call('chat.deleteThread', { workflow_slug, thread_id })).status).toBe(404);
    expect((await admin.call('chat.send', { workflow_slug, thread_id, text: 'x' })).status).toBe(404);
    await bob.ok('chat.deleteThread', { workflow_slug, thread_id });
    expect((await bob.call('chat.deleteThread', { workflow_slug, thread_id })).status).toBe(404);
    expect((await bob.call('chat.history', { workflow_slug, thread_id })).status).toBe(404);
  });

  it('costs the same to open with 10 messages and with 10,000', async () => {
    const { sent } = await ask('long');
    await server.connection.pool.query(
      `insert into chat_messages (chat_thread_id, role, text, created_at)
       select t.id, case when n % 2 = 0 then 'user' else 'assistant' end, 'message ' || n,
         now() - make_interval(secs => 20000 - n)
       from chat_threads t, generate_series(1, 10000) n where t.thread_id = $1`,
      [sent.thread_id],
    );
    await server.connection.pool.query('analyze chat_messages');
    const { rows } = await server.connection.pool.query<{ 'QUERY PLAN': string }>(
      `explain (analyze, timing off) select id from chat_messages
       where chat_thread_id = (select id from chat_threads where thread_id = $1)
         and role in ('user', 'assistant') and (role = 'user' or text <> '')
       order by created_at desc, id desc limit 51`,
      [sent.thread_id],
    );
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('Index Scan Backward using chat_messages_page');
    expect(plan).not.toContain('Sort');
    // What looks for answers that nobody has written down reads as little, although no question here was a run's.
    const { rows: threads } = await server.connection.pool.query<{ id: string }>(
      'select id from chat_threads where thread_id = $1',
      [sent.thread_id],
    );
    const looked = await sql<{ 'QUERY PLAN': object }>`
      explain (analyze, format json) ${openQuestions(threads[0]?.id ?? '')}`.execute(server.connection.db);
    const read = [...JSON.stringify(looked.rows).matchAll(/"Actual Rows":([\d.]+)/g)];
    expect(read.length).toBeGreaterThan(1);
    expect(Math.max(...read.map(([, count]) => Number(count)))).toBeLessThanOrEqual(50);
    expect(JSON.stringify(looked.rows)).not.toMatch(/"Rows Removed by \w+":[1-9]\d{2}/);
    const seen: string[] = [];
    let before_id: string | undefined;
    do {
      const page: History = await bob.ok<History>('chat.history', {
        workflow_slug,
        thread_id: sent.thread_id,
        limit: 2500,
        ...(before_id && { before_id }),
      });
      seen.unshift(...page.messages.map((one) => one.id));
      before_id = page.has_more ? page.messages[0]?.id : undefined;
    } while (before_id);
    expect(new Set(seen).size).toBe(10_002);
    expect(seen).toHaveLength(10_002);
  });
});

describe('attachments', () => {
  const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(20)]).toString('base64');
  const file = (filename: string, media_type: string, data: string) => ({ filename, media_type, data });
  const notes = file('notes.txt', 'text/plain', Buffer.from('Buy milk.').toString('base64'));

  it('come with the message: text in it, pictures beside it', async () => {
    const { sent, history: found } = await ask('Look', {
      attachments: [notes, file('a.png', 'image/png', png)],
    });
    expect(found.messages[0]).toMatchObject({
      text: 'Look',
      attachments: [
        { filename: 'notes.txt', media_type: 'text/plain', size_bytes: 9 },
        { filename: 'a.png', media_type: 'image/png', size_bytes: 28 },
      ],
    });
    expect(found.messages[1]?.text).toContain('Buy milk.');
    const { rows } = await server.connection.pool.query(
      "select output from steps where execution_id = $1 and node_id = 'chat'",
      [sent.execution_id],
    );
    expect(rows[0]?.output.messages[0].content).toEqual([
      { type: 'text', text: expect.stringContaining('Buy milk.') },
      { type: 'image', url: `data:image/png;base64,${png}`, media_type: 'image/png' },
    ]);
    const id = found.messages[0]?.attachments[0]?.id;
    const path = `/api/v1/workflows/${workflow_slug}/chat/attachments/${id}`;
    const answer = await bob.send('GET', path);
    expect([answer.status, answer.body]).toEqual([200, 'Buy milk.']);
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    expect((await admin.send('GET', path)).status).toBe(404);
  });

  it.each([
    [415, 'tool.exe', 'application/x-msdownload', 'AAAA'],
    [415, 'page.html', 'text/html', 'AAAA'],
    [415, 'fake.png', 'image/png', 'AAAA'],
    [415, 'not.txt', 'text/plain', '/w=='],
    [422, 'half.txt', 'text/plain', 'A'],
    [413, 'large.txt', 'text/plain', Buffer.alloc(2 * 1024 * 1024 + 1, 65).toString('base64')],
  ])('are refused by name with %i: %s', async (status, filename, media_type, data) => {
    const answer = await bob.call('chat.send', {
      workflow_slug,
      text: 'x',
      attachments: [{ filename, media_type, data }],
    });
    expect(answer).toMatchObject({ status, body: { detail: expect.stringContaining(filename) } });
  });
});

it('streams a run to its end, and only to whoever talks', async () => {
  const { sent } = await ask('stream');
  const path = `/api/v1/workflows/${workflow_slug}/chat/stream?execution_id=${sent.execution_id}`;
  const { status, type, events } = await readStream(server.base, path, {
    authorization: `Bearer ${bob.key}`,
  });
  expect([status, type]).toEqual([200, 'text/event-stream; charset=utf-8']);
  expect(events.map((one) => one.type)).toContain('node');
  expect(events.filter((one) => one.type === 'message')).toEqual([
    { type: 'message', node_id: 'say', text: 'You said: stream' },
  ]);
  expect(events.at(-1)).toMatchObject({ type: 'end', status: 'completed', text: 'You said: stream' });
  for (const key of [admin.key, eve.key]) {
    expect((await readStream(server.base, path, { authorization: `Bearer ${key}` })).status).toBe(404);
  }
  expect((await readStream(server.base, path, {})).status).toBe(401);
});

it('says once what one reply hands on from another', async () => {
  const slug = 'echoing';
  await bob.ok('workflows.create', { name: slug, slug });
  await bob.ok('workflows.changeGraph', {
    workflow_slug: slug,
    base_revision: 0,
    commands: [
      node('chat', 'trigger_chat'),
      node('first', 'reply_chat', { message: 'Hello.' }),
      node('second', 'reply_chat'),
      edge('chat.text', 'first.input'),
      edge('first.output', 'second.input'),
    ],
  });
  const { execution_id } = await bob.ok<Sent>('chat.send', { workflow_slug: slug, text: 'hi' });
  const path = `/api/v1/workflows/${slug}/chat/stream?execution_id=${execution_id}`;
  const { events } = await readStream(server.base, path, { authorization: `Bearer ${bob.key}` });
  expect(events.filter((one) => one.type === 'message')).toEqual([
    { type: 'message', node_id: 'first', text: 'Hello.' },
  ]);
  expect(events.at(-1)).toMatchObject({ type: 'end', status: 'completed', text: 'Hello.' });
});

it('removes what only a workflow of its own has', async () => {
  await drawTalk(bob, 'short-lived');
  await bob.ok('chat.send', { workflow_slug: 'short-lived', text: 'hi' });
  await bob.ok('workflows.remove', { workflow_slug: 'short-lived' });
  const { rows } = await server.connection.pool.query(
    'select 1 from chat_threads t left join workflows w on w.id = t.workflow_id where w.id is null',
  );
  expect(rows).toEqual([]);
});
