import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { canIsolate } from '#server/command/isolation.ts';
import { edge, node } from '#server/features/executions/test-suspension.ts';
import { type Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';

let server: TestServer;
let dataDir: string;
let admin: Caller;
let bob: Caller;
let eve: Caller;
let count = 0;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pipewright-use-'));
  server = await startTestServer({ PIPEWRIGHT_DATA: dataDir, PIPEWRIGHT_ENABLE: 'run_command' });
  admin = await server.setUp();
  bob = await server.addUser('bob');
  eve = await server.addUser('eve');
});
afterAll(async () => {
  await server.close();
  await rm(dataDir, { recursive: true, force: true });
});

interface Detail {
  status: string;
  error_message: string;
  logs: { node_id: string; output: { stdout?: string } | null; error_code: string | null }[];
}

/** How a program ends in a workspace. */
async function run(who: Caller, workspace: string, script: string) {
  return ended(who, await drawn(who, workspace, script));
}

async function drawn(who: Caller, workspace: string, script: string): Promise<string> {
  count += 1;
  const slug = `use-${count}`;
  await who.ok('workflows.create', { name: slug, slug });
  await who.ok('workflows.changeGraph', {
    workflow_slug: slug,
    base_revision: 0,
    commands: [
      node('start', 'trigger_manual'),
      node('run', 'run_command', { program: 'bash', args: ['-c', script], workspace }),
      edge('start.payload', 'run.input'),
    ],
  });
  return slug;
}

async function ended(who: Caller, slug: string) {
  const { execution_id } = await who.ok<{ execution_id: string }>('workflows.execute', {
    workflow_slug: slug,
  });
  const over = await until(async () => {
    const found = await who.ok<Detail>('executions.get', { execution_id });
    return ['completed', 'failed'].includes(found.status) ? found : null;
  });
  const step = over.logs.find((one) => one.node_id === 'run');
  return { stdout: step?.output?.stdout, code: step?.error_code, all: JSON.stringify(over) };
}

const make = (name: string, more: Record<string, unknown> = {}) =>
  bob.ok<{ id: number }>('sandboxes.create', { name, allow_network: true, ...more });

it('works in the folder of the workspace, which stays, with its variables', async () => {
  const { id } = await make('kept', { env_vars: [{ key: 'GREETING', value: 'hello' }] });
  expect(await run(bob, 'kept', 'echo "$GREETING" > note; test -d "$TMPDIR" && cat note')).toMatchObject({
    stdout: 'hello\n',
  });
  expect(await run(bob, 'kept', 'cat note')).toMatchObject({ stdout: 'hello\n' });
  const { rows } = await server.connection.pool.query('select owner_id, uid from sandboxes where id = $1', [
    id,
  ]);
  const folder = join(dataDir, 'workspaces', String(rows[0]?.owner_id), rows[0]?.uid);
  expect(await readFile(join(folder, 'note'), 'utf8')).toBe('hello\n');
  await bob.ok('sandboxes.reset', { sandbox_id: id });
  expect(await readdir(folder)).toEqual(['.tmp']);
});

it('keeps secret values and credentials out of what is recorded', async () => {
  const credential = await bob.ok<{ id: number }>('credentials.create', {
    name: 'robot',
    credential_type: 'git',
    detail: { access_token: 'canary-credential-1' },
  });
  await make('secretive', {
    env_vars: [
      { key: 'API_TOKEN', value: 'canary-raw-value-1' },
      { key: 'DATABASE_URL', value: 'postgres://me:canary-address-1@db/shop' },
      { key: 'GIT', source: 'credential', credential_id: credential.id, credential_field: 'access_token' },
    ],
  });
  // The program has the values: their lengths are not what was put in their place.
  const { stdout, all } = await run(
    bob,
    'secretive',
    'echo "$API_TOKEN $GIT $DATABASE_URL"; echo "${#API_TOKEN} ${#GIT}"',
  );
  expect(stdout).toContain('18 19');
  expect(all).not.toContain('canary');
  await bob.ok('credentials.remove', { credential_id: credential.id });
  expect(await run(bob, 'secretive', 'true')).toMatchObject({ code: 'credential_denied' });
});

it('is nobody else’s', async () => {
  await make('private');
  expect(await run(eve, 'private', 'true')).toMatchObject({ code: 'workspace_not_found' });
  expect(await run(bob, 'nowhere', 'true')).toMatchObject({ code: 'workspace_not_found' });
});

it('opens nothing for an owner who may not work in the environment any more', async () => {
  const own = `where user_id = (select id from users where username = 'bob')`;
  await make('revoked', { env_vars: [{ key: 'GREETING', value: 'hello' }] });
  const demote = (role: string) =>
    server.connection.pool.query(`update memberships set role = $1 ${own}`, [role]);
  const slug = await drawn(bob, 'revoked', 'true');
  await demote('viewer');
  try {
    expect(await ended(admin, slug)).toMatchObject({ code: 'workspace_not_found' });
  } finally {
    await demote('owner');
  }
  expect(await ended(admin, slug)).toMatchObject({ code: null });
});

it('says so where the variables cannot be opened, and shows the workspaces all the same', async () => {
  const { id } = await make('damaged', { env_vars: [{ key: 'GREETING', value: 'hello' }] });
  await server.connection.pool.query(
    "update sandboxes set sealed = overlay(sealed placing '\\x00'::bytea from 20) where id = $1",
    [id],
  );
  expect(await run(bob, 'damaged', 'true')).toMatchObject({ code: 'credential_denied' });
  const shown = await bob.ok<{ env_vars: unknown[] }>('sandboxes.get', { sandbox_id: id });
  expect(shown.env_vars).toEqual([expect.objectContaining({ key: 'GREETING', value: null })]);
});

it('keeps programs from the network where that is not allowed', async () => {
  await make('shut', { allow_network: false });
  const look = 'cat /proc/net/dev | tail -n +3 | cut -d: -f1 | tr -d " \\n"';
  const { stdout, code } = await run(bob, 'shut', look);
  if (await canIsolate()) expect(stdout).toBe('lo');
  else expect(code).toBe('network_not_isolated');
});
