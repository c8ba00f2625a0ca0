import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';
import { addPerson, PASSWORD } from './test-mfa.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.setUp();
});
afterAll(() => server.close());

interface Session {
  readonly id: string;
  readonly kind: 'browser' | 'key';
  readonly user_agent: string;
  readonly current: boolean;
}

const browserOf = async (username: string, agent: string) => {
  const answer = await server.nobody.send(
    'POST',
    '/api/v1/auth/session/',
    { username, password: PASSWORD },
    { 'user-agent': agent },
  );
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  return (method: string, path: string) =>
    server.nobody.send(method, `/api/v1${path}`, undefined, { cookie, origin: server.base });
};
const loginKeyOf = async (username: string, agent: string) => {
  const answer = await server.nobody.send(
    'POST',
    '/api/v1/auth/token/',
    { username, password: PASSWORD },
    { 'user-agent': agent },
  );
  return new Caller(server.base, (answer.body as { key: string }).key);
};
const listed = async (caller: Caller) =>
  (await caller.ok<{ items: Session[]; total: number }>('sessions.list')).items;

test('the list has browsers and login keys, this one first, and neither API keys nor what has ended', async () => {
  const { caller } = await addPerson(server, 'sam');
  await caller.ok('users.createKey', { name: 'mine' });
  await (await loginKeyOf('sam', 'gone/1')).ok('auth.logout');
  await browserOf('sam', 'Firefox');
  await loginKeyOf('sam', 'tool/1');
  const sessions = await listed(caller);
  expect(sessions.map(({ kind, user_agent, current }) => [kind, user_agent, current])).toEqual([
    ['key', '', true],
    ['key', 'tool/1', false],
    ['browser', 'Firefox', false],
  ]);
  const page = await caller.ok<{ items: Session[]; total: number }>('sessions.list', { limit: 1, offset: 2 });
  expect(page).toMatchObject({ items: [{ kind: 'browser' }], total: 3 });
});

test('one can be ended, also this one, whose cookie goes with it', async () => {
  const { caller } = await addPerson(server, 'tea');
  const browser = await browserOf('tea', 'Firefox');
  const tool = await loginKeyOf('tea', 'tool/1');
  const [, first, second] = await listed(caller);
  const ids = [first, second].map((one) => one?.id ?? '');
  const toolId = ids.find((id) => id.startsWith('key-')) ?? '';
  const browserId = ids.find((id) => id.startsWith('browser-')) ?? '';
  await caller.ok('sessions.revoke', { session_id: toolId });
  expect((await tool.call('auth.me')).status).toBe(401);
  const self = await browser('DELETE', `/auth/sessions/${browserId}/`);
  expect(self.status).toBe(204);
  expect(self.headers.get('set-cookie')).toContain('Max-Age=0');
  expect((await browser('GET', '/auth/me/')).status).toBe(401);
  expect(await listed(caller)).toHaveLength(1);
});

test("another user's session is not there, nor is an API key a session", async () => {
  const { caller } = await addPerson(server, 'una');
  const [own] = await listed(caller);
  const { caller: other } = await addPerson(server, 'vic');
  const made = await other.ok<{ id: number }>('users.createKey', { name: 'mine' });
  for (const session_id of [own?.id ?? '', `key-${made.id}`, 'key-999999', 'browser-1', 'key', 'key-1x']) {
    expect(await other.call('sessions.revoke', { session_id })).toMatchObject({
      status: 404,
      body: { detail: 'Session not found.' },
    });
  }
  await caller.ok('auth.me');
});

test('what is over is removed when its owner signs in again', async () => {
  const { id } = await addPerson(server, 'oli');
  const { pool } = server.connection;
  const rows = async () =>
    (await pool.query('select user_agent from sessions where user_id = $1 order by id', [id])).rows;
  await browserOf('oli', 'old');
  await pool.query("update sessions set expires_at = now() - interval '1 second' where user_id = $1", [id]);
  await browserOf('oli', 'new');
  await browserOf('oli', 'newer');
  expect(await rows()).toEqual([{ user_agent: 'new' }, { user_agent: 'newer' }]);
});

test('all others can be ended at once', async () => {
  const { caller } = await addPerson(server, 'wim');
  const browser = await browserOf('wim', 'Firefox');
  const tool = await loginKeyOf('wim', 'tool/1');
  const made = await caller.ok<{ key: string }>('users.createKey', { name: 'mine' });
  expect(await caller.ok('sessions.revokeOthers')).toEqual({ revoked: 2 });
  expect((await browser('GET', '/auth/me/')).status).toBe(401);
  expect((await tool.call('auth.me')).status).toBe(401);
  await new Caller(server.base, made.key).ok('auth.me');
  await caller.ok('auth.me');
});

test('the sockets of a session that has ended close within five seconds', async () => {
  const { caller } = await addPerson(server, 'xan');
  const tool = await loginKeyOf('xan', 'tool/1');
  const socket = new WebSocket(`${server.base.replace('http', 'ws')}/ws/?token=${tool.key}`);
  await once(socket, 'open');
  const closed = once(socket, 'close');
  const from = performance.now();
  await caller.ok('sessions.revokeOthers');
  const [code] = await closed;
  expect(code).toBe(1008);
  expect(performance.now() - from).toBeLessThan(5000);
});
