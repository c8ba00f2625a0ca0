import { afterAll, beforeAll, expect, test } from 'vitest';
import { Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';
import { addPerson } from './test-mfa.ts';

let server: TestServer;
let ada: Caller;
let bob: Caller;
beforeAll(async () => {
  server = await startTestServer();
  ada = await server.setUp();
  bob = (await addPerson(server, 'bob')).caller;
});
afterAll(() => server.close());

interface Agent {
  readonly id: number;
  readonly username: string;
  readonly key: string;
  readonly api_key_preview: string;
}
interface Agents {
  readonly items: Agent[];
  readonly total: number;
}

const notFound = { status: 404, body: { detail: 'Agent user not found' } };

test('an agent works with its key, which is shown once, where its maker works', async () => {
  const made = await bob.ok<Agent>('agents.create', { username: 'reporter', purpose: 'Weekly report' });
  expect(made).toMatchObject({ username: 'reporter', purpose: 'Weekly report', created_by: 'bob' });
  expect(made.api_key_preview).toBe(`...${made.key.slice(-8)}`);
  const agent = new Caller(server.base, made.key);
  expect(await agent.ok('auth.me')).toMatchObject({ username: 'reporter', role: 'normal' });
  await bob.ok('workflows.create', { name: 'Shared', slug: 'shared' });
  const { items } = await agent.ok<{ items: { slug: string }[] }>('workflows.list');
  expect(items.map((one) => one.slug)).toEqual(['shared']);
  const listed = await bob.ok<Agents>('agents.list');
  expect(listed.items[0]).toMatchObject({ id: made.id, api_key_preview: made.api_key_preview });
  expect(JSON.stringify(listed)).not.toContain(made.key);
});

test('a key it makes for itself works where it does, and goes with it', async () => {
  const made = await bob.ok<Agent>('agents.create', {});
  const agent = new Caller(server.base, made.key);
  const { key } = await agent.ok<{ key: string }>('users.createKey', { name: 'second' });
  const second = new Caller(server.base, key);
  expect(await second.ok('auth.me')).toMatchObject({ username: made.username });
  await second.ok('workflows.list');
  await bob.ok('agents.delete', { user_id: made.id });
  expect((await second.call('auth.me')).status).toBe(401);
});

test('none is made for somebody who is being disabled', async () => {
  const { caller, id } = await addPerson(server, 'leaver');
  const client = await server.connection.pool.connect();
  try {
    await client.query('begin');
    await client.query('update users set disabled_at = now() where id = $1', [id]);
    const making = caller.call('agents.create', { username: 'left-behind' });
    await until(async () => {
      const waiting = await client.query(
        'select from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid))',
      );
      return waiting.rowCount !== 0;
    });
    await client.query('commit');
    expect(await making).toMatchObject({ status: 401, body: { detail: 'User not found.' } });
  } finally {
    client.release();
  }
  expect(await ada.ok('agents.list', { q: 'left-behind' })).toMatchObject({ total: 0 });
});

test('it has no password, no MFA, and makes no agents', async () => {
  const { key, username } = await bob.ok<Agent>('agents.create', {});
  expect(username).toMatch(/^agent-[0-9a-f]{8}$/);
  const agent = new Caller(server.base, key);
  expect((await server.nobody.call('auth.token', { username, password: '' })).status).toBe(401);
  expect((await agent.call('agents.create', {})).status).toBe(403);
  expect((await agent.call('mfa.setup')).status).toBe(403);
  expect((await agent.call('users.updateMe', { password: 'a long password' })).status).toBe(403);
  expect((await server.nobody.call('auth.token', { username, password: 'a long password' })).status).toBe(
    401,
  );
});

test('names are unique among people and agents', async () => {
  expect(await bob.call('agents.create', { username: 'ADA' })).toMatchObject({
    status: 409,
    body: { detail: 'Username already exists.' },
  });
});

test('they are listed newest first, to their maker and to administrators', async () => {
  const cy = (await addPerson(server, 'cy')).caller;
  for (const username of ['cy-1', 'cy-2', 'cy-3']) await cy.ok('agents.create', { username, purpose: 'p' });
  const names = async (caller: Caller, input: Record<string, unknown>) => {
    const page = await caller.ok<Agents>('agents.list', input);
    return [page.items.map((one) => one.username), page.total];
  };
  expect(await names(cy, {})).toEqual([['cy-3', 'cy-2', 'cy-1'], 3]);
  expect(await names(cy, { limit: 1, offset: 1 })).toEqual([['cy-2'], 3]);
  expect(await names(ada, { q: 'CY-2' })).toEqual([['cy-2'], 1]);
  expect(await names(bob, { q: 'cy-' })).toEqual([[], 0]);
});

test('their maker and administrators delete them; people are never touched', async () => {
  const dee = await addPerson(server, 'dee');
  const eli = await addPerson(server, 'eli');
  const made = await dee.caller.ok<Agent>('agents.create', { username: 'temp' });
  await new Caller(server.base, made.key).ok('workflows.create', { name: 'Made', slug: 'made-by-agent' });
  for (const user_id of [made.id, dee.id, 99_999]) {
    expect(await eli.caller.call('agents.delete', { user_id })).toMatchObject(notFound);
  }
  expect(await ada.call('agents.delete', { user_id: dee.id })).toMatchObject(notFound);
  await dee.caller.ok('agents.delete', { user_id: made.id });
  expect((await new Caller(server.base, made.key).call('auth.me')).status).toBe(401);
  expect(await dee.caller.call('agents.delete', { user_id: made.id })).toMatchObject(notFound);
  await dee.caller.ok('workflows.get', { workflow_slug: 'made-by-agent' });
  const again = await dee.caller.ok<Agent>('agents.create', { username: 'temp' });
  await ada.ok('agents.delete', { user_id: again.id });
  await dee.caller.ok('auth.me');
});

test('of many, those are deleted that may be; the rest is left alone without a word', async () => {
  const fay = await addPerson(server, 'fay');
  const gus = await addPerson(server, 'gus');
  const own = await fay.caller.ok<Agent>('agents.create', {});
  const other = await gus.caller.ok<Agent>('agents.create', {});
  await fay.caller.ok('agents.batchDelete', { ids: [own.id, other.id, gus.id, fay.id, 99_999] });
  await fay.caller.ok('agents.batchDelete', { ids: [] });
  expect((await fay.caller.call('agents.batchDelete', {})).status).toBe(422);
  expect((await new Caller(server.base, own.key).call('auth.me')).status).toBe(401);
  for (const key of [other.key, gus.caller.key, fay.caller.key])
    await new Caller(server.base, key).ok('auth.me');
});

test('agents are no users to the routes for users', async () => {
  const made = await bob.ok<Agent>('agents.create', { username: 'hidden-agent' });
  expect(await ada.ok('users.list', { q: 'hidden-agent' })).toMatchObject({ total: 0 });
  for (const name of ['get', 'update', 'disable', 'userKeys', 'resetMfa']) {
    expect((await ada.call(`users.${name}`, { user_id: made.id })).status).toBe(404);
  }
});
