import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';
import { issueKey } from './credential.ts';
import { hashPassword } from './password.ts';
import { setupToken } from './setup.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const account = { username: 'ada', password: 'lovelace' };
const forwarded = { 'x-forwarded-for': '127.0.0.1' };
const send = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
  server.nobody.send(body === undefined ? 'GET' : 'POST', `/api/v1/auth/${path}/`, body, headers);
const cookieOf = (headers: Headers) => headers.get('set-cookie')?.split(';')[0] ?? '';

describe('the first account', () => {
  test('from anywhere but this machine it needs the token of the log', async () => {
    expect((await send('setup-status', undefined, forwarded)).body).toEqual({
      needs_setup: true,
      setup_token_required: true,
    });
    const refused = { status: 403, body: { code: 'forbidden' } };
    expect(await send('setup', account, forwarded)).toMatchObject(refused);
    expect(await send('setup', { ...account, setup_token: 'x'.repeat(32) }, forwarded)).toMatchObject(
      refused,
    );
    expect(await send('setup', { ...account, setup_token: '' }, forwarded)).toMatchObject(refused);
  });

  test('of 50 who try at once exactly one succeeds, and the others learn that it is done', async () => {
    const tries = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        send('setup', { ...account, username: n === 0 ? 'ada' : `ada${n}` }),
      ),
    );
    const statuses = tries.map((one) => one.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(49);
    const { rows } = await server.connection.pool.query('select username, role from users');
    expect(rows).toHaveLength(1);
    await server.connection.pool.query("update users set username = 'ada'");
    expect((await send('setup-status')).body).toEqual({ needs_setup: false, setup_token_required: false });
  });

  test('it is over for good, even with the token', async () => {
    const again = await send('setup', { ...account, setup_token: setupToken('x'.repeat(40)) }, forwarded);
    expect(again).toMatchObject({ status: 409, body: { detail: 'Setup already completed.' } });
  });

  test('passwords are kept as Argon2id with its cost in the text', async () => {
    const { rows } = await server.connection.pool.query('select password_hash from users');
    expect(rows[0].password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  test('it owns an environment with a sample workflow', async () => {
    const ada = new Caller(server.base, ((await send('token', account)).body as { key: string }).key);
    const { items } = await ada.ok<{ items: { slug: string }[] }>('workflows.list');
    expect(items.map((one) => one.slug)).toEqual(['order-triage']);
    expect(await ada.ok('workflows.validate', { workflow_slug: 'order-triage' })).toMatchObject({
      valid: true,
    });
  });
});

describe('keys', () => {
  let ada: Caller;
  beforeAll(async () => {
    ada = new Caller(server.base, ((await send('token', account)).body as { key: string }).key);
  });

  test('two logins give two keys that both work, and none is stored readable', async () => {
    const other = new Caller(server.base, ((await send('token', account)).body as { key: string }).key);
    expect(other.key).not.toBe(ada.key);
    expect(other.key?.length).toBeGreaterThanOrEqual(32);
    await ada.ok('auth.me');
    await other.ok('auth.me');
    const { rows } = await server.connection.pool.query('select api_keys::text as row from api_keys');
    expect(rows.some(({ row }) => row.includes(ada.key ?? '-'))).toBe(false);
  });

  test('each reason for refusal has its own words', async () => {
    const { db, pool } = server.connection;
    const { rows } = await pool.query('select id from users');
    const past = {
      userId: rows[0].id,
      name: 'old',
      kind: 'key' as const,
      expiresAt: new Date(Date.now() - 1000),
    };
    const { key: expired } = await issueKey(db, past);
    const made = await ada.ok<{ id: number; key: string }>('users.createKey', { name: 'mine' });
    await ada.ok('users.revokeKey', { key_id: made.id });
    const said = async (headers: Record<string, string>) =>
      (await server.nobody.send('GET', '/api/v1/auth/me/', undefined, headers)).body;
    const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
    expect(await said({})).toMatchObject({ detail: 'Not authenticated' });
    expect(await said({ authorization: 'Basic abc' })).toMatchObject({ detail: 'Not authenticated' });
    expect(await said(bearer('nonsense'))).toMatchObject({ detail: 'Invalid or missing API key.' });
    expect(await said(bearer(made.key))).toMatchObject({ detail: 'API key has been revoked.' });
    expect(await said(bearer(expired))).toMatchObject({ detail: 'API key has expired.' });
  });

  test('the list is newest first and shows no key', async () => {
    const made = await ada.ok<{ id: number; key: string; prefix: string }>('users.createKey', {
      name: 'listed',
    });
    expect(made.key.startsWith(made.prefix)).toBe(true);
    const keys = await ada.ok<{ id: number; name: string }[]>('users.keys');
    expect(keys[0]).toMatchObject({ id: made.id, name: 'listed', is_active: true });
    expect(JSON.stringify(keys)).not.toContain(made.key);
  });

  test('an expiry must be a date to come; without a zone it is UTC', async () => {
    const create = (expires_at: string) => ada.call('users.createKey', { name: 'k', expires_at });
    expect(await create('2001-01-01')).toMatchObject({
      status: 400,
      body: { detail: 'expires_at must be in the future.' },
    });
    expect((await create('soon')).status).toBe(422);
    expect((await create('2999-13-45')).status).toBe(422);
    expect((await create('2999-01-02T03:04:05')).body).toMatchObject({
      expires_at: '2999-01-02T03:04:05.000Z',
    });
  });

  test("another user's key is not there", async () => {
    const bob = await server.addUser('bob');
    const mine = await ada.ok<{ id: number }>('users.createKey', { name: 'k' });
    for (const id of [mine.id, 99_999]) {
      expect(await bob.call('users.revokeKey', { key_id: id })).toMatchObject({
        status: 404,
        body: { detail: 'API key not found.' },
      });
    }
  });

  test('signing out ends a login key', async () => {
    const gone = new Caller(server.base, ((await send('token', account)).body as { key: string }).key);
    await gone.ok('auth.logout');
    expect((await gone.call('auth.me')).status).toBe(401);
  });

  test('a new password ends all other sessions but not this one', async () => {
    const other = new Caller(server.base, ((await send('token', account)).body as { key: string }).key);
    await ada.ok('users.updateMe', { password: 'lovelace-2', first_name: 'Ada', role: 'normal' });
    expect((await other.call('auth.me')).status).toBe(401);
    expect(await ada.ok('users.me')).toMatchObject({ first_name: 'Ada', role: 'admin' });
    expect((await send('token', account)).status).toBe(401);
    expect((await send('token', { ...account, password: 'lovelace-2' })).status).toBe(200);
    expect((await ada.call('users.updateMe', { password: 'short' })).status).toBe(422);
    await ada.ok('users.updateMe', { password: account.password });
  });
});

describe('the browser session', () => {
  let cookie: string;
  beforeEach(async () => {
    const answer = await send('session', account);
    cookie = cookieOf(answer.headers);
  });
  const create = (headers: Record<string, string>) =>
    server.nobody.send('POST', '/api/v1/workflows/', { name: 'x', slug: 'x' }, headers);
  const me = (headers: Record<string, string>) =>
    server.nobody.send('GET', '/api/v1/auth/me/', undefined, headers);

  test('the cookie is out of reach of scripts and of other sites', async () => {
    const answer = await send('session', account);
    expect(answer).toMatchObject({ status: 200, body: { requires_mfa: false } });
    expect(answer.headers.get('set-cookie')).toMatch(/; HttpOnly; SameSite=Lax$/);
  });

  test('reading works; the token in the cookie is stored hashed', async () => {
    expect((await me({ cookie })).status).toBe(200);
    const { rows } = await server.connection.pool.query('select sessions::text as row from sessions');
    expect(rows.some(({ row }) => row.includes(cookie.split('=')[1]))).toBe(false);
  });

  test('changes need our own origin', async () => {
    const before = await server.connection.pool.query('select count(*) from workflows');
    expect((await create({ cookie })).status).toBe(403);
    expect((await create({ cookie, origin: 'https://evil.example' })).status).toBe(403);
    expect((await create({ cookie, origin: 'null' })).status).toBe(403);
    expect((await create({ cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await create({ cookie, 'sec-fetch-site': 'same-site' })).status).toBe(403);
    expect((await server.connection.pool.query('select count(*) from workflows')).rows).toEqual(before.rows);
    expect((await create({ cookie, origin: server.base })).status).toBe(201);
    expect((await create({ cookie, 'sec-fetch-site': 'same-origin' })).status).toBe(201);
    const rpc = (headers: Record<string, string>) =>
      server.nobody.send('POST', '/trpc/workflows.create', { name: 'x', slug: 'x' }, headers);
    expect((await rpc({ cookie, origin: 'https://evil.example' })).status).toBe(403);
    expect((await rpc({ cookie, origin: server.base })).status).toBe(200);
  });

  test('another site cannot sign its visitors in', async () => {
    expect((await send('session', account, { origin: 'https://evil.example' })).status).toBe(403);
  });

  test('a key beside it wins, even a bad one', async () => {
    expect((await me({ cookie, authorization: 'Bearer nonsense' })).status).toBe(401);
  });

  test('signing out ends it and clears the cookie', async () => {
    const answer = await send('logout', {}, { cookie, origin: server.base });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('set-cookie')).toContain('Max-Age=0');
    expect((await me({ cookie })).status).toBe(401);
  });
});

test('ten wrong passwords lock the account, for the right one too, and other addresses do not help', async () => {
  await server.addUser('eve');
  await server.connection.db
    .updateTable('users')
    .set({ password_hash: await hashPassword('right') })
    .where('username', '=', 'eve')
    .execute();
  const wrong = (n: number) =>
    send('token', { username: 'eve', password: `guess-${n}` }, { 'x-forwarded-for': `10.0.0.${n}` });
  for (let n = 0; n < 10; n += 1) expect((await wrong(n)).status).toBe(401);
  const locked = await send('token', { username: 'Eve', password: 'right' });
  expect(locked).toMatchObject({ status: 429, body: { code: 'too_many' } });
  expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await send('token', account)).status).toBe(200);
});

test('an unknown name and a wrong password look the same', async () => {
  const unknown = await send('token', { username: 'nobody', password: 'x' });
  const wrong = await send('token', { username: 'ada', password: 'x' });
  expect(unknown.status).toBe(401);
  expect(unknown.body).toEqual(wrong.body);
  expect(unknown.body).toMatchObject({ detail: 'Invalid credentials.' });
});

test('a flood of sign-ins is turned away instead of piling up', async () => {
  const answers = await Promise.all(Array.from({ length: 80 }, () => send('token', account)));
  const statuses = new Set(answers.map((one) => one.status));
  expect(statuses).toEqual(new Set([200, 503]));
  const refused = answers.find((one) => one.status === 503);
  expect(refused?.headers.get('retry-after')).toBe('2');
});
