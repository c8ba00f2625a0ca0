import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';
import { addPerson, codeOf, enrol, PASSWORD, passwordStep } from './test-mfa.ts';

let server: TestServer;
let ada: Caller;
let bob: Caller;
beforeAll(async () => {
  server = await startTestServer();
  ada = await server.setUp();
  bob = (await addPerson(server, 'bob')).caller;
});
afterAll(() => server.close());

interface User {
  readonly id: number;
  readonly username: string;
  readonly role: string;
  readonly is_active: boolean;
  readonly key_count: number;
}
interface Users {
  readonly users: User[];
  readonly items: User[];
  readonly total: number;
}

const refused = (status: number, detail: string) => ({ status, body: { detail } });
const idOf = async (username: string) =>
  (await ada.ok<Users>('users.list', { q: username })).items.find((one) => one.username === username)?.id ??
  0;
const actions = async (target: string) => {
  const { rows } = await server.connection.pool.query(
    "select action from audit_events where target = $1 and action <> 'sign_in_failed' order by id",
    [target],
  );
  return rows.map(({ action }) => action);
};

describe('accounts', () => {
  test('nobody but administrators', async () => {
    const id = await idOf('bob');
    const calls: [string, Record<string, unknown>][] = [
      ['list', {}],
      ['create', { username: 'x', password: PASSWORD }],
      ['get', { user_id: id }],
      ['update', { user_id: id, role: 'admin' }],
      ['disable', { user_id: id }],
      ['resetMfa', { user_id: id }],
      ['userKeys', { user_id: id }],
      ['createUserKey', { user_id: id, name: 'x' }],
      ['revokeUserKey', { user_id: id, key_id: 1 }],
    ];
    for (const [name, input] of calls) {
      expect(await bob.call(`users.${name}`, input)).toMatchObject(refused(403, 'Admin access required.'));
      expect((await server.nobody.call(`users.${name}`, input)).status).toBe(401);
    }
  });

  test('are made, read and changed', async () => {
    const made = await ada.ok<User>('users.create', {
      username: 'carol',
      password: PASSWORD,
      first_name: 'Carol',
    });
    expect(made).toMatchObject({
      username: 'carol',
      role: 'normal',
      first_name: 'Carol',
      last_name: '',
      mfa_enabled: false,
      key_count: 0,
      is_active: true,
    });
    expect(await ada.ok('users.get', { user_id: made.id })).toEqual(made);
    expect((await passwordStep(server, 'CAROL')).status).toBe(200);
    const changed = await ada.ok('users.update', { user_id: made.id, last_name: 'Shaw', first_name: null });
    expect(changed).toMatchObject({ first_name: 'Carol', last_name: 'Shaw', key_count: 1 });
    for (const username of ['carol', 'CAROL']) {
      expect(await ada.call('users.create', { username, password: PASSWORD })).toMatchObject(
        refused(409, 'Username already exists.'),
      );
    }
    expect(await actions('carol')).toEqual(['user_created', 'user_changed']);
  });

  test('unknown ids are 404, what is no id 422', async () => {
    for (const name of ['get', 'update', 'disable', 'userKeys', 'createUserKey', 'resetMfa']) {
      expect(await ada.call(`users.${name}`, { user_id: 99_999, name: 'x' })).toMatchObject(
        refused(404, 'User not found.'),
      );
      expect((await ada.call(`users.${name}`, { user_id: 'x', name: 'x' })).status).toBe(422);
    }
  });

  test('the list pages, searches, filters and sorts, under both names', async () => {
    for (const username of ['list-b', 'list-a', 'LIST-c']) await addPerson(server, username);
    const list = async (input: Record<string, unknown>) => {
      const page = await ada.ok<Users>('users.list', input);
      expect(page.users).toEqual(page.items);
      return [page.items.map((one) => one.username), page.total];
    };
    expect(await list({ q: 'list-' })).toEqual([['list-b', 'list-a', 'LIST-c'], 3]);
    expect(await list({ q: 'list-', sort: 'username' })).toEqual([['list-a', 'list-b', 'LIST-c'], 3]);
    expect(await list({ q: 'LIST-', sort: '-username', limit: 1, offset: 1 })).toEqual([['list-b'], 3]);
    expect(await list({ q: 'list-', limit: 0 })).toEqual([[], 3]);
    expect(await list({ q: 'list-', role: 'admin' })).toEqual([[], 0]);
    expect(await list({ q: 'list-', role: 'nonsense' })).toEqual([[], 0]);
    expect(await list({ q: '%' })).toEqual([[], 0]);
    expect((await list({ role: 'admin' }))[0]).toEqual(['ada']);
    expect((await ada.call('users.list', { limit: -1 })).status).toBe(422);
  });
});

describe('rights', () => {
  test('another role or password signs out everywhere', async () => {
    const dave = await addPerson(server, 'dave');
    await ada.ok('users.update', { user_id: dave.id, role: 'normal' });
    await dave.caller.ok('auth.me');
    await ada.ok('users.update', { user_id: dave.id, role: 'admin' });
    expect((await dave.caller.call('auth.me')).status).toBe(401);
    const again = (await passwordStep(server, 'dave')).body as { key: string };
    await ada.ok('users.update', { user_id: dave.id, password: 'another good one' });
    expect((await new Caller(server.base, again.key).call('auth.me')).status).toBe(401);
    expect((await passwordStep(server, 'dave')).status).toBe(401);
    expect((await passwordStep(server, 'dave', 'another good one')).status).toBe(200);
    await ada.ok('users.update', { user_id: dave.id, role: 'normal' });
    expect(await actions('dave')).toEqual(['user_changed', 'password_changed', 'user_changed']);
  });

  test('the last administrator stays one, whoever asks and however many at once', async () => {
    const id = await idOf('ada');
    const demote = { user_id: id, role: 'normal' };
    expect(await ada.call('users.update', demote)).toMatchObject(
      refused(409, 'Cannot demote the last admin user.'),
    );
    expect(await ada.call('users.disable', { user_id: id })).toMatchObject(
      refused(409, 'Cannot delete the last admin user.'),
    );
    expect((await ada.call('users.update', { user_id: id, is_active: false })).status).toBe(409);
    const eve = await addPerson(server, 'eve', 'admin');
    const answers = await Promise.all([
      ada.call('users.update', { user_id: eve.id, role: 'normal' }),
      eve.caller.call('users.update', demote),
    ]);
    expect(answers.filter((one) => one.status === 200)).toHaveLength(1);
    const { rows } = await server.connection.pool.query("select username from users where role = 'admin'");
    expect(rows).toHaveLength(1);
    await server.connection.pool.query(
      "update users set role = case username when 'ada' then 'admin' else 'normal' end",
    );
    ada = new Caller(server.base, await newKey('ada', 'lovelace'));
  });

  test('a disabled user can do nothing, and comes back without keys', async () => {
    const fay = await addPerson(server, 'fay');
    const made = await fay.caller.ok<{ key: string }>('users.createKey', { name: 'mine' });
    const agent = await fay.caller.ok<{ key: string }>('agents.create', { purpose: 'reports' });
    await new Caller(server.base, agent.key).ok('auth.me');
    await ada.ok('users.disable', { user_id: fay.id });
    for (const key of [fay.caller.key, made.key, agent.key]) {
      expect((await new Caller(server.base, key).call('auth.me')).status).toBe(401);
    }
    expect(await passwordStep(server, 'fay')).toMatchObject(refused(401, 'Invalid credentials.'));
    expect(await ada.ok('users.get', { user_id: fay.id })).toMatchObject({ is_active: false, key_count: 0 });
    expect(await ada.call('users.createUserKey', { user_id: fay.id, name: 'x' })).toMatchObject({
      status: 409,
    });
    expect((await ada.call('users.disable', { user_id: fay.id })).status).toBe(204);
    await ada.ok('users.update', { user_id: fay.id, is_active: true });
    expect((await passwordStep(server, 'fay')).status).toBe(200);
    expect((await fay.caller.call('auth.me')).status).toBe(401);
    expect(await actions('fay')).toEqual(['user_disabled', 'user_changed']);
  });

  test('MFA of somebody who lost their device is reset, and nobody resets their own this way', async () => {
    const gil = await enrol(await addPerson(server, 'gil'));
    expect(await ada.ok('users.resetMfa', { user_id: gil.id })).toEqual({ mfa_enabled: false });
    expect((await gil.caller.call('auth.me')).status).toBe(401);
    expect((await passwordStep(server, 'gil')).body).toMatchObject({ requires_mfa: false });
    expect(await actions('gil')).toEqual(['mfa_reset']);
    const hana = await enrol(await addPerson(server, 'hana', 'admin'));
    expect((await hana.caller.call('users.resetMfa', { user_id: hana.id })).status).toBe(403);
    await hana.caller.ok('mfa.disable', { code: codeOf(hana.secret) });
  });
});

test('keys of others: made, listed, revoked, each shown once', async () => {
  const ivo = await addPerson(server, 'ivo');
  const made = await ada.ok<{ id: number; key: string }>('users.createUserKey', {
    user_id: ivo.id,
    name: 'ci',
  });
  expect(await new Caller(server.base, made.key).ok('auth.me')).toMatchObject({ username: 'ivo' });
  const keys = await ada.ok<{ id: number }[]>('users.userKeys', { user_id: ivo.id });
  expect(keys[0]).toMatchObject({ id: made.id, name: 'ci', is_active: true });
  expect(JSON.stringify(keys)).not.toContain(made.key);
  const wrongOwner = { user_id: await idOf('bob'), key_id: made.id };
  expect(await ada.call('users.revokeUserKey', wrongOwner)).toMatchObject(refused(404, 'API key not found.'));
  await ada.ok('users.revokeUserKey', { user_id: ivo.id, key_id: made.id });
  expect((await new Caller(server.base, made.key).call('auth.me')).status).toBe(401);
  const past = { user_id: ivo.id, name: 'x', expires_at: '2001-01-01' };
  expect(await ada.call('users.createUserKey', past)).toMatchObject(
    refused(400, 'expires_at must be in the future.'),
  );
});

async function newKey(username: string, password: string): Promise<string> {
  return ((await passwordStep(server, username, password)).body as { key: string }).key;
}
