import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';
import { drawTalk, type History, readStream, type Sent, textsOf, whenThere } from './test-talk.ts';

let server: TestServer;
let bob: Caller;
let page_id: string;
let workflowId: number;
const workflow_slug = 'shop';

beforeAll(async () => {
  server = await startTestServer();
  await server.setUp();
  bob = await server.addUser('bob');
  await drawTalk(bob, workflow_slug);
  ({ id: workflowId } = await bob.ok<{ id: number }>('workflows.get', { workflow_slug }));
});
afterAll(() => server.close());

const save = (wish: object) =>
  bob.ok<{ page_id: string; used_tokens_today: number }>('chat.savePage', {
    workflow_slug,
    // All visitors of these tests come from one network.
    network_percent: 100,
    ...wish,
  });
beforeEach(async () => {
  ({ page_id } = await save({ enabled: true, visitor_per_minute: 100, page_per_minute: 1000 }));
  await server.connection.pool.query('delete from chat_visits');
});

/** Somebody new on the page, with the widget's token. */
async function visit(page = page_id): Promise<Caller> {
  const { token } = await server.nobody.ok<{ token: string }>('visits.open', {
    page_id: page,
    mode: 'token',
  });
  return new Caller(server.base, token);
}
const send = (who: Caller, text: string, more: object = {}) =>
  who.ok<Sent>('visits.send', { page_id, text, ...more });
const history = (who: Caller) => who.ok<History>('visits.history', { page_id, limit: 0 });

describe('settings', () => {
  it('are off until they are set', async () => {
    await drawTalk(bob, 'plain');
    expect(await bob.ok('chat.page', { workflow_slug: 'plain' })).toMatchObject({
      page_id: null,
      path: null,
      enabled: false,
      daily_tokens: 100_000,
      daily_usd: 1,
    });
    expect((await server.nobody.call('chat.page', { workflow_slug: 'plain' })).status).toBe(401);
  });

  it('keep the address until a new one is wanted, and switch the page off', async () => {
    expect((await save({ enabled: true, title: 'Shop' })).page_id).toBe(page_id);
    expect(await server.nobody.ok('visits.page', { page_id })).toMatchObject({
      title: 'Shop',
      max_message: 8000,
    });
    const renewed = await save({ enabled: true, renew_address: true });
    expect(renewed.page_id).not.toBe(page_id);
    expect((await server.nobody.call('visits.page', { page_id })).status).toBe(404);
    const who = await visit(renewed.page_id);
    await save({ enabled: false });
    for (const call of ['visits.page', 'visits.open', 'visits.history', 'visits.stop']) {
      expect((await who.call(call, { page_id: renewed.page_id })).status).toBe(404);
    }
  });

  it('name the sites that may embed the page', async () => {
    const wrong = await bob.call('chat.savePage', { workflow_slug, enabled: true, embed_enabled: true });
    expect(wrong.status).toBe(422);
    for (const origin of ['https://a.example/path', 'javascript:alert(1)', "https://x'; script-src *", '*']) {
      const answer = await bob.call('chat.savePage', { workflow_slug, allowed_origins: [origin] });
      expect(answer.status).toBe(422);
    }
    const sites = ['https://a.example', 'http://localhost:3000'];
    expect(await save({ embed_enabled: true, allowed_origins: sites })).toMatchObject({
      allowed_origins: sites,
    });
  });
});

describe('visitors', () => {
  it('see their own conversation, and never another’s', async () => {
    const [ada, eve] = [await visit(), await visit()];
    const sent = await send(ada, 'my secret');
    await send(eve, 'hello');
    expect(textsOf(await whenThere(() => history(ada), 2))).toEqual([
      ['user', 'my secret'],
      ['assistant', 'You said: my secret'],
    ]);
    const other = await whenThere(() => history(eve), 2);
    expect(JSON.stringify(other)).not.toContain('secret');
    const path = `/api/v1/chat/${page_id}/stream?execution_id=${sent.execution_id}`;
    const read = (who: Caller) => readStream(server.base, path, { authorization: `Bearer ${who.key}` });
    expect((await read(eve)).status).toBe(404);
    const { events } = await read(ada);
    expect(events.map((one) => one.type)).toEqual(['message', 'end']);
    const answer = (field: string) =>
      eve.call('visits.send', { page_id, text: 'x', [field]: sent.message_id });
    expect([(await answer('edit_of')).status, (await answer('retry_of')).status]).toEqual([404, 404]);
    await eve.ok('visits.clear', { page_id });
    expect((await history(ada)).messages).toHaveLength(2);
    await ada.ok('visits.clear', { page_id });
    expect((await history(ada)).messages).toEqual([]);
  });

  it('reach nothing of the API with their token, and nobody else reaches a visit with a key', async () => {
    const ada = await visit();
    for (const operation of ['chat.history', 'chat.page', 'workflows.get', 'workflows.graph']) {
      expect((await ada.call(operation, { workflow_slug })).status).toBe(401);
    }
    const strangers = [server.nobody, bob, new Caller(server.base, `${ada.key}x`)];
    for (const who of strangers) {
      for (const operation of ['visits.history', 'visits.clear', 'visits.stop']) {
        expect((await who.call(operation, { page_id })).status).toBe(401);
      }
      expect((await who.call('visits.send', { page_id, text: 'x' })).status).toBe(401);
    }
    await drawTalk(bob, 'elsewhere');
    const { page_id: other } = await bob.ok<{ page_id: string }>('chat.savePage', {
      workflow_slug: 'elsewhere',
      enabled: true,
    });
    expect((await ada.call('visits.history', { page_id: other })).status).toBe(401);
  });

  it('are known again by the cookie of the page, which scripts cannot read', async () => {
    const opened = await server.nobody.call('visits.open', { page_id });
    const cookie = opened.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly; SameSite=Lax$/);
    expect(opened.body).toMatchObject({ token: null });
    const headers = { cookie: cookie.split(';')[0] ?? '' };
    const path = `/api/v1/chat/${page_id}/messages/`;
    await server.nobody.send('POST', path, { text: 'from the page' }, headers);
    const again = await server.nobody.send('POST', `/api/v1/chat/${page_id}/session/`, {}, headers);
    const kept = { cookie: again.headers.get('set-cookie')?.split(';')[0] ?? '' };
    const found = await until(async () => {
      const { body } = await server.nobody.send('GET', path, undefined, kept);
      const messages = (body as History).messages;
      return messages.length === 2 ? messages : null;
    });
    expect(found[0]?.text).toBe('from the page');
    const foreign = { ...headers, origin: 'https://evil.example' };
    expect((await server.nobody.send('POST', path, { text: 'x' }, foreign)).status).toBe(403);
  });

  it('are told in a sentence that something failed, without a hint at runs', async () => {
    const ada = await visit();
    await send(ada, 'fail');
    const { messages } = await whenThere(() => history(ada), 2);
    expect(messages[1]).toMatchObject({
      text: 'Something went wrong, so there is no answer. Try again in a moment.',
      error_code: 'bad_json',
    });
  });

  it('stop their own answer only', async () => {
    const [ada, eve] = [await visit(), await visit()];
    const { execution_id } = await send(ada, 'wait');
    expect(await eve.ok('visits.stop', { page_id })).toEqual({ execution_ids: [] });
    expect(await ada.ok('visits.stop', { page_id })).toEqual({ execution_ids: [execution_id] });
  });

  it('have short messages, and files only where the page takes them', async () => {
    const ada = await visit();
    expect((await ada.call('visits.send', { page_id, text: 'x'.repeat(8001) })).status).toBe(422);
    const attachments = [{ filename: 'a.txt', media_type: 'text/plain', data: 'YWJj' }];
    expect((await ada.call('visits.send', { page_id, text: 'x', attachments })).status).toBe(415);
    await save({ enabled: true, attachments_enabled: true });
    expect((await send(ada, 'x', { attachments })).status).toBe('pending');
  });
});

describe('limits', () => {
  it('hold a visitor who writes too fast, however many requests come at once', async () => {
    await save({ enabled: true, visitor_per_minute: 3 });
    const ada = await visit();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => ada.call('visits.send', { page_id, text: 'x' })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      200, 200, 200, 429, 429, 429, 429, 429,
    ]);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await history(ada)).messages.filter((one) => one.role === 'user')).toHaveLength(3);
    expect((await (await visit()).call('visits.send', { page_id, text: 'x' })).status).toBe(200);
  });

  it('hold all visitors of a page together', async () => {
    await save({ enabled: true, visitor_per_minute: 5, page_per_minute: 2 });
    const visitors = [await visit(), await visit(), await visit()];
    const answers = [];
    for (const who of visitors) answers.push((await who.call('visits.send', { page_id, text: 'x' })).status);
    expect(answers).toEqual([200, 200, 429]);
  });

  it('end when the page’s budget of the day is used up, for visitors only', async () => {
    const ada = await visit();
    const { execution_id } = await send(ada, 'costly');
    await server.connection.pool.query(
      `insert into llm_calls (environment_id, workflow_id, execution_id, root_id, node_id, trigger_kind, provider,
         model, status, input_tokens, output_tokens, cost_usd, expires_at)
       select environment_id, id, $2, $2, 'agent', 'chat', 'openai', 'm', 'ok', 900, 100, 0.25, now()
       from workflows where id = $1`,
      [workflowId, execution_id],
    );
    expect(await save({ enabled: true, daily_tokens: 1000 })).toMatchObject({
      used_tokens_today: 1000,
      used_usd_today: 0.25,
    });
    const refused = await ada.call('visits.send', { page_id, text: 'more' });
    expect(refused).toMatchObject({ status: 429, body: { detail: expect.stringContaining('tomorrow') } });
    await save({ enabled: true, daily_tokens: 1001 });
    expect((await ada.call('visits.send', { page_id, text: 'more' })).status).toBe(200);
    await save({ enabled: true, daily_tokens: 5000, daily_usd: 0.25 });
    expect((await ada.call('visits.send', { page_id, text: 'more' })).status).toBe(429);
    expect((await bob.call('chat.send', { workflow_slug, text: 'more' })).status).toBe(200);
  });
});
