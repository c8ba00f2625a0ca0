import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';

let server: TestServer;
let dataDir: string;
let admin: Caller;
let bob: Caller;
let bobId: number;
let count = 0;

interface Sandbox {
  id: number;
  name: string;
  path: string;
  allow_network: boolean;
  env_vars: { key: string; value: string | null; credential_id: number | null; source: string }[];
  is_default: boolean;
}
interface Page {
  items: Sandbox[];
  total: number;
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pipewright-sandbox-'));
  server = await startTestServer({ PIPEWRIGHT_DATA: dataDir });
  admin = await server.setUp();
  bob = await server.addUser('bob');
  bobId = (await bob.ok<{ id: number }>('users.me')).id;
});
afterAll(async () => {
  await server.close();
  await rm(dataDir, { recursive: true, force: true });
});

const make = (input: Record<string, unknown> = {}, who = bob) => {
  count += 1;
  return who.ok<Sandbox>('sandboxes.create', { name: `box ${count}`, ...input });
};
async function folderOf({ id }: Sandbox): Promise<string> {
  const { rows } = await server.connection.pool.query('select owner_id, uid from sandboxes where id = $1', [
    id,
  ]);
  return join(dataDir, 'workspaces', String(rows[0]?.owner_id), rows[0]?.uid);
}
const missing = { status: 404, body: { detail: 'Workspace not found.', code: 'not_found' } };

it('gives everybody a default one of their own', async () => {
  for (const who of [admin, bob]) {
    const { items, total } = await who.ok<Page>('sandboxes.list');
    expect(total).toBe(1);
    expect(items[0]).toEqual({
      id: expect.any(Number),
      name: 'default',
      path: 'workspaces/default',
      allow_network: false,
      env_vars: [],
      is_default: true,
      created_at: expect.stringMatching(/Z$/),
    });
    expect(await who.call('sandboxes.remove', { sandbox_id: items[0]?.id })).toMatchObject({
      status: 403,
      body: { detail: 'Cannot delete the default workspace.' },
    });
    await who.ok('sandboxes.batchDelete', { ids: [items[0]?.id] });
    expect((await who.ok<Page>('sandboxes.list')).total).toBe(1);
  }
});

it('makes one with a folder, a label and variables', async () => {
  const env_vars = [{ key: 'TOKEN', value: 'canary-value-1', source: 'raw' }, { key: 'EMPTY' }];
  const made = await make({ name: 'Data  & more', allow_network: true, env_vars });
  expect(made).toMatchObject({ path: 'workspaces/Data-more', allow_network: true, is_default: false });
  expect(made.env_vars).toEqual([
    { key: 'TOKEN', value: 'canary-value-1', credential_id: null, credential_field: null, source: 'raw' },
    { key: 'EMPTY', value: null, credential_id: null, credential_field: null, source: 'raw' },
  ]);
  expect(await bob.ok('sandboxes.get', { sandbox_id: made.id })).toEqual(made);
  expect(await readdir(await folderOf(made))).toEqual(['.tmp']);
  const { rows } = await server.connection.pool.query('select s::text as all from sandboxes s');
  expect(JSON.stringify(rows)).not.toContain('canary-value-1');
  expect(rows.length).toBeGreaterThan(0);
});

it('has names that are one person’s only, everywhere', async () => {
  await make({ name: 'taken' });
  for (const [who, name] of [
    [bob, 'taken'],
    [admin, ' taken '],
    [admin, 'default'],
  ] as const) {
    expect(await who.call('sandboxes.create', { name })).toMatchObject({
      status: 409,
      body: { detail: 'Workspace with this name already exists.' },
    });
  }
});

it.each([
  '/etc',
  '../x',
  'workspaces',
  'workspaces/',
  'workspaces/../x',
  'workspaces/a/../../b',
  'workspaces/.ssh',
  'workspaces/a//b',
  'workspaces\\x',
  'other/x',
])('refuses the path %s', async (path) => {
  expect(await bob.call('sandboxes.create', { name: `path ${path}`, path })).toMatchObject({
    status: 400,
    body: { detail: 'Workspace path must be under workspaces/' },
  });
});

it('takes a label below the root', async () => {
  expect((await make({ path: 'workspaces/team/one/' })).path).toBe('workspaces/team/one');
});

it('changes what is sent and nothing else', async () => {
  const made = await make({ env_vars: [{ key: 'A', value: '1' }] });
  const one = { sandbox_id: made.id };
  const open = await bob.ok<Sandbox>('sandboxes.update', { ...one, allow_network: true });
  expect(open).toEqual({ ...made, allow_network: true });
  const replaced = await bob.ok<Sandbox>('sandboxes.update', {
    ...one,
    env_vars: [{ key: 'B', value: '2' }],
  });
  expect(replaced.env_vars.map(({ key, value }) => [key, value])).toEqual([['B', '2']]);
  expect(await bob.ok<Sandbox>('sandboxes.update', { ...one, env_vars: [] })).toMatchObject({ env_vars: [] });
  expect(await bob.ok<Sandbox>('sandboxes.update', one)).toMatchObject({ allow_network: true });
  for (const wrong of [
    { env_vars: null },
    { allow_network: null },
    { env_vars: [{ key: '1A' }] },
    { env_vars: [{}] },
  ]) {
    expect((await bob.call('sandboxes.update', { ...one, ...wrong })).status).toBe(422);
  }
});

it('refers only to credentials of the own environment', async () => {
  const { rows } = await server.connection.pool.query<{ id: number; owner: number }>(
    `insert into credentials (environment_id, owner_id, name, type, public_detail)
     select environment_id, user_id, 'k', 'tool', '{}' from memberships returning id, owner_id as owner`,
  );
  const own = rows.find((row) => row.owner === bobId)?.id;
  const foreign = rows.find((row) => row.owner !== bobId)?.id;
  const variable = (credential_id: unknown) => [
    { key: 'K', source: 'credential', credential_id, credential_field: 'token', value: 'dropped' },
  ];
  const made = await make({ env_vars: variable(own) });
  expect(made.env_vars[0]).toEqual({
    key: 'K',
    value: null,
    credential_id: own,
    credential_field: 'token',
    source: 'credential',
  });
  for (const id of [foreign, 999_999]) {
    const answer = await bob.call('sandboxes.create', { name: 'never', env_vars: variable(id) });
    expect(answer).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body', 'env_vars', 0, 'credential_id'], msg: 'Credential not found.' }] },
    });
  }
  expect((await bob.call('sandboxes.create', { name: 'never', env_vars: variable(null) })).status).toBe(422);
  const twice = [{ key: 'A' }, { key: 'A' }];
  expect((await bob.call('sandboxes.create', { name: 'never', env_vars: twice })).status).toBe(422);
  await server.connection.pool.query('delete from credentials where id = $1', [own]);
  const after = await bob.ok<Sandbox>('sandboxes.get', { sandbox_id: made.id });
  expect(after.env_vars[0]).toMatchObject({ key: 'K', credential_id: null, source: 'credential' });
});

it('empties the folder without following what leads out of it', async () => {
  const outside = await mkdtemp(join(tmpdir(), 'pipewright-outside-'));
  await writeFile(join(outside, 'keep.txt'), 'kept');
  const made = await make();
  const folder = await folderOf(made);
  await mkdir(join(folder, 'deep', 'er'), { recursive: true });
  await writeFile(join(folder, 'deep', 'er', 'file'), 'x');
  await symlink(outside, join(folder, 'link'));
  await rm(join(folder, '.tmp'), { recursive: true });
  await symlink(outside, join(folder, '.tmp'));
  const { message } = await bob.ok<{ message: string }>('sandboxes.reset', { sandbox_id: made.id });
  expect(message).toContain('2 removed');
  expect(await readdir(folder)).toEqual(['.tmp']);
  expect(await readFile(join(outside, 'keep.txt'), 'utf8')).toBe('kept');
  await rm(folder, { recursive: true });
  await symlink(outside, folder);
  expect(await bob.ok('sandboxes.reset', { sandbox_id: made.id })).toMatchObject({ ok: true });
  expect(await readdir(folder)).toEqual(['.tmp']);
  expect(await readdir(outside)).toEqual(['keep.txt']);
  await rm(outside, { recursive: true });
  expect(await bob.ok('sandboxes.resetRootfs', { sandbox_id: made.id })).toMatchObject({ ok: true });
});

it('deletes workspaces and leaves their files', async () => {
  const [one, two] = [await make(), await make()];
  await bob.ok('sandboxes.remove', { sandbox_id: one.id });
  await bob.ok('sandboxes.batchDelete', { ids: [two.id, two.id, 999_999, -1] });
  for (const { id } of [one, two])
    expect(await bob.call('sandboxes.get', { sandbox_id: id })).toMatchObject(missing);
  const { rows } = await server.connection.pool.query(
    "select target from audit_events where action = 'sandbox_deleted'",
  );
  expect(rows).toContainEqual({ target: one.name });
});

it('pages through them by id', async () => {
  const all = await bob.ok<Page>('sandboxes.list', { limit: 1000 });
  const ids = all.items.map((one) => one.id);
  expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  const page = await bob.ok<Page>('sandboxes.list', { limit: 2, offset: 1 });
  expect(page.items).toEqual(all.items.slice(1, 3));
  expect(page.total).toBe(all.total);
  expect((await bob.ok<Page>('sandboxes.list', { q: 'TAK' })).items.map((one) => one.name)).toEqual([
    'taken',
  ]);
});

it('is strictly the own, for administrators too', async () => {
  const { id } = await make();
  const before = await bob.ok<Sandbox>('sandboxes.get', { sandbox_id: id });
  for (const sandbox_id of [id, 999_999]) {
    for (const operation of ['get', 'update', 'remove', 'reset', 'resetRootfs']) {
      expect(await admin.call(`sandboxes.${operation}`, { sandbox_id, allow_network: true })).toMatchObject(
        missing,
      );
    }
  }
  await admin.ok('sandboxes.batchDelete', { ids: [id] });
  expect(await bob.ok('sandboxes.get', { sandbox_id: id })).toEqual(before);
  expect((await server.nobody.call('sandboxes.list')).status).toBe(401);
  expect((await bob.send('GET', '/api/v1/workspaces/abc/')).status).toBe(422);
});
