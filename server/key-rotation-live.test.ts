import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Provider, startProvider } from './features/credentials/provider-fixture.ts';
import { draw, runOf } from './features/credentials/run-fixture.ts';
import { type Caller, startTestServer, type TestServer } from './http/test-server.ts';
import { rotate } from './key-rotation.ts';
import { SEALED_COLUMNS } from './sealing/sealed-column.ts';

let dataDir: string;
let server: TestServer;
let provider: Provider;
let ada: Caller;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rotation-'));
  provider = await startProvider();
  server = await startTestServer({
    PIPEWRIGHT_DATA: dataDir,
    PIPEWRIGHT_SECRET_KEY: '',
    PIPEWRIGHT_EGRESS_ALLOW: provider.host,
  });
  ada = await server.setUp();
});
afterAll(async () => {
  await server.close();
  await provider.close();
  await rm(dataDir, { recursive: true, force: true });
});

const TOKEN = 'token-1234567890';

/** One value in every table that has sealed ones. */
async function sealEverywhere(): Promise<string> {
  const { id } = await ada.ok<{ id: number }>('credentials.create', {
    name: 'Shop',
    credential_type: 'tool',
    detail: { tool_type: 'http', config: { auth: 'bearer', token: TOKEN } },
    hosts: [provider.host],
  });
  await ada.ok('mfa.setup', { password: 'lovelace' });
  await ada.ok('sandboxes.create', { name: 'box', env_vars: [{ key: 'A', value: 'b', source: 'raw' }] });
  await ada.ok('settings.update', { redis_url: 'redis://:secret@redis.example:6379' });
  const slug = await draw(ada, 'Rotated', [
    { id: 'call', type: 'http_request', config: { url: provider.url, credential: id } },
  ]);
  const hook = { workflow_slug: slug, node_id: 'hook', component_type: 'trigger_webhook' };
  await ada.ok('nodes.create', hook);
  await ada.ok('webhooks.renewSecret', { workflow_slug: slug, node: 'hook' });
  return slug;
}

test('rotating the key under load fails no run, and takes every kind of sealed value along', async () => {
  const slug = await sealEverywhere();
  const { db } = server.connection;
  for (const { table, sealed } of SEALED_COLUMNS) {
    const { rows } = await sql`select from ${sql.table(table)} where ${sql.ref(sealed)} is not null`.execute(
      db,
    );
    expect(rows.length, table).toBeGreaterThan(0);
  }
  const before = await readFile(join(dataDir, 'secret.key'), 'utf8');
  let isOver = false;
  const load = Array.from({ length: 4 }, async () => {
    const statuses: string[] = [];
    while (!isOver || statuses.length < 3) statuses.push((await runOf(ada, slug)).status);
    return statuses;
  });
  const config = { secretKey: null, previousSecretKeys: [], dataDir };
  await rotate({ config, db, say: () => undefined, settleMs: 500 }).finally(() => {
    isOver = true;
  });
  const statuses = (await Promise.all(load)).flat();
  expect(new Set(statuses)).toEqual(new Set(['completed']));
  expect(provider.seen.every(({ headers }) => headers.authorization === `Bearer ${TOKEN}`)).toBe(true);
  const after = await readFile(join(dataDir, 'secret.key'), 'utf8');
  expect(after.trim().split('\n')).toHaveLength(1);
  expect(after).not.toBe(before);
});
