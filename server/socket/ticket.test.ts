import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Connection, connect } from '#server/db/connection.ts';
import { createTestDatabase, type TestDatabase } from '#server/db/template-database.ts';
import { startTestEngine, storeWorkflow, type TestEngine } from '#server/engine/test-engine.ts';
import { chain } from '#server/engine/test-nodes.ts';
import { createIdentities } from '#server/features/accounts/identity.ts';
import { issueTicket } from '#server/features/accounts/socket-ticket.ts';
import { makeUser, startTestSockets, TestClient, type TestSockets } from './test-client.ts';

let database: TestDatabase;
let main: TestEngine;
let connection: Connection;
let sockets: TestSockets;

beforeAll(async () => {
  database = await createTestDatabase();
  main = await startTestEngine(database.url, { drive: true, concurrency: 5 });
  connection = connect(database.url, 2);
  sockets = await startTestSockets(main, database.url, {
    limits: { refusalMs: 10, refusalsPerMinute: 100, recheckMs: 200, tickMs: 50 },
  });
});
afterAll(async () => {
  await sockets.close();
  await main.close();
  await connection.close();
  await database.drop();
});

const refused = { code: 1008, reason: 'Invalid or missing token' };

async function scene() {
  const request = await storeWorkflow(main.pool, chain(2));
  const user = await makeUser(main, request.environmentId);
  const viewer = await createIdentities(connection.db).byKey(user.key);
  return { ...user, request, viewer, ticket: () => issueTicket(connection.db, viewer) };
}

const join = (ticket: string) => new TestClient(sockets.port, `/ws/?ticket=${ticket}`);

async function answers(client: TestClient): Promise<void> {
  await once(client.socket, 'open');
  client.send({ type: 'ping' });
  await client.until((one) => one.type === 'pong');
}

it('a ticket lets in once, as whoever asked for it', async () => {
  const { ticket, request } = await scene();
  const text = await ticket();
  const client = join(text);
  await answers(client);
  const { executionId } = await main.engine.start(request);
  expect(await client.subscribe(`execution:${executionId}`, 0)).toMatchObject({ type: 'subscribed' });
  client.socket.close();
  expect(await join(text).closed).toEqual(refused);
});

it('of many who show the same ticket at once, one comes in', async () => {
  const { ticket } = await scene();
  const text = await ticket();
  const clients = Array.from({ length: 8 }, () => join(text));
  const ends = Promise.all(clients.map((one) => Promise.race([one.closed, answers(one).then(() => null)])));
  expect((await ends).filter((end) => end === null)).toHaveLength(1);
  for (const one of clients) one.socket.close();
});

it('a late, a made-up or a foreign ticket lets nobody in', async () => {
  const { ticket, key } = await scene();
  const late = await ticket();
  await main.pool.query("update socket_tickets set expires_at = now() - interval '1 second'");
  for (const text of [late, 'x', key, 'a'.repeat(5000), '%00']) {
    expect(await join(text).closed, text).toEqual(refused);
  }
  const { rows } = await main.pool.query<{ n: number }>('select count(*)::int as n from socket_tickets');
  expect(rows[0]?.n).toBe(0);
});

it('a ticket is worth no more than the key it was asked for with', async () => {
  const { ticket, keyId } = await scene();
  const text = await ticket();
  await main.pool.query('update api_keys set is_active = false where id = $1', [keyId]);
  expect(await join(text).closed).toEqual(refused);
  const other = await scene();
  const open = join(await other.ticket());
  await answers(open);
  await main.pool.query('update api_keys set is_active = false where id = $1', [other.keyId]);
  expect(await open.closed).toEqual(refused);
});

it.each([
  ['a changed role', "update users set role = 'admin' where id = $1"],
  ['a changed role in the environment', "update memberships set role = 'viewer' where user_id = $1"],
  ['no membership any more', 'delete from memberships where user_id = $1'],
  ['a disabled account', 'update users set disabled_at = now() where id = $1'],
])('%s ends the sockets opened before, and only those', async (_what, change) => {
  const { key, userId } = await scene();
  const before = await TestClient.open(sockets.port, key);
  const other = await TestClient.open(sockets.port, (await scene()).key);
  const began = performance.now();
  await main.pool.query(change, [userId]);
  expect(await before.closed).toEqual(refused);
  expect(performance.now() - began).toBeLessThan(5000);
  other.send({ type: 'ping' });
  await other.until((one) => one.type === 'pong');
  other.socket.close();
});
