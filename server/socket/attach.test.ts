import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Connection, connect } from '#server/db/connection.ts';
import { createTestDatabase, type TestDatabase } from '#server/db/template-database.ts';
import { startTestEngine, storeWorkflow, type TestEngine, until } from '#server/engine/test-engine.ts';
import { chain, graphOf } from '#server/engine/test-nodes.ts';
import { hashOf, randomSecret } from '#server/features/accounts/secret.ts';
import { publish } from '#server/features/workflows/workflow-event.ts';
import { makeUser, startTestSockets, TestClient, type TestSockets } from './test-client.ts';

let database: TestDatabase;
let main: TestEngine;
let other: Connection;
let sockets: TestSockets;
const limits = { refusalMs: 100, refusalsPerMinute: 4, recheckMs: 200, tickMs: 50 };

beforeAll(async () => {
  database = await createTestDatabase();
  main = await startTestEngine(database.url, { drive: true, concurrency: 20 });
  other = connect(database.url, 2);
  sockets = await startTestSockets(main, database.url, { limits });
});
afterAll(async () => {
  await sockets.close();
  await main.close();
  await other.close();
  await database.drop();
});

/** A stored workflow with somebody who may see it. */
async function scene(length = 3) {
  const request = await storeWorkflow(main.pool, chain(length));
  const user = await makeUser(main, request.environmentId);
  const slug = await slugOf(request.workflowId);
  return { request, slug, ...user };
}

async function slugOf(workflowId: number): Promise<string> {
  const { rows } = await main.pool.query<{ slug: string }>('select slug from workflows where id = $1', [
    workflowId,
  ]);
  return rows[0]?.slug ?? '';
}

describe('channels', () => {
  it('bring the events of a run to its own and its workflow’s subscribers', async () => {
    const { request, slug, key } = await scene();
    const client = await TestClient.open(sockets.port, key);
    const channel = `workflow:${slug}`;
    expect(await client.subscribe(channel)).toEqual({ type: 'subscribed', channel });
    const { executionId } = await main.engine.start(request);
    const last = await client.until((one) => one.type === 'execution_completed');
    expect(last).toMatchObject({ channel, execution_id: executionId, data: { execution_id: executionId } });
    expect(last.timestamp).toBeTypeOf('number');
    await client.subscribe(`execution:${executionId}`, 0);
    await client.until(
      (one) => one.type === 'execution_completed' && one.channel === `execution:${executionId}`,
    );
    const stored = await main.engine.readEvents(executionId, 0, 1000);
    expect(client.seqs(channel)).toEqual(stored.map((one) => one.seq));
    expect(client.seqs(`execution:${executionId}`)).toEqual(stored.map((one) => one.seq));
    client.send({ type: 'unsubscribe', channel });
    await client.until((one) => one.type === 'unsubscribed');
    client.socket.close();
  });

  it('are continued after a number without a hole or a double while the run goes on', async () => {
    const { request, key } = await scene(300);
    const { executionId } = await main.engine.start(request);
    const channel = `execution:${executionId}`;
    const clients = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const client = await TestClient.open(sockets.port, key);
        // At different moments of the run, which takes some hundred milliseconds.
        await until(5000, async () => (await main.engine.readEvents(executionId, index * 60, 1)).length > 0);
        await client.subscribe(channel, index * 60);
        return client;
      }),
    );
    for (const client of clients) await client.until((one) => one.type === 'execution_completed');
    const seqs = (await main.engine.readEvents(executionId, 0, 10_000)).map((one) => one.seq);
    expect(seqs.length).toBeGreaterThan(600);
    for (const [index, client] of clients.entries()) {
      expect(client.seqs(channel)).toEqual(seqs.slice(index * 60));
      client.socket.close();
    }
  });

  it('refuse what is not there in the same words as what belongs to somebody else', async () => {
    const { request, slug } = await scene();
    const stranger = await makeUser(main, null);
    const { executionId } = await main.engine.start(request);
    const client = await TestClient.open(sockets.port, stranger.key);
    const nobody = '00000000-0000-7000-8000-000000000000';
    const names = [`workflow:${slug}`, 'workflow:none', `execution:${executionId}`, `execution:${nobody}`];
    for (const channel of [...names, 'epic:1', 'execution:*', 'workflow:*', 'x']) {
      expect(await client.subscribe(channel, 0)).toEqual({ type: 'error', channel, code: 'forbidden' });
    }
    client.send({ type: 'ping' });
    await client.until((one) => one.type === 'pong');
    expect(client.messages.filter((one) => one.seq !== undefined)).toEqual([]);
    const admin = await TestClient.open(sockets.port, (await makeUser(main, null, 'admin')).key);
    expect(await admin.subscribe(`execution:${executionId}`)).toMatchObject({ type: 'subscribed' });
    client.socket.close();
    admin.socket.close();
  });

  it('are closed to a key whose user is no member of its environment any more', async () => {
    const { request, slug, key } = await scene();
    const { executionId } = await main.engine.start(request);
    await main.pool.query('update api_keys set environment_id = $1 where key_hash = $2', [
      request.environmentId,
      hashOf(key),
    ]);
    const channels = [`workflow:${slug}`, `execution:${executionId}`];
    const before = await TestClient.open(sockets.port, key);
    for (const channel of channels) expect(await before.subscribe(channel)).toMatchObject({ channel });
    await main.pool.query('delete from memberships where environment_id = $1', [request.environmentId]);
    await until(5000, () => Promise.resolve(before.socket.readyState === WebSocket.CLOSED));
    const after = await TestClient.open(sockets.port, key);
    for (const channel of channels) {
      expect(await after.subscribe(channel)).toEqual({ type: 'error', channel, code: 'forbidden' });
    }
    after.socket.close();
  });

  it('bring changes of a workflow from other connections, and end with it', async () => {
    const { request, slug, key } = await scene();
    const client = await TestClient.open(sockets.port, key);
    const channel = `workflow:${slug}`;
    await client.subscribe(channel);
    const data = { node_id: 'n1', text: 'ä'.repeat(20_000) };
    await other.db.transaction().execute((trx) => publish(trx, slug, [{ type: 'node_updated', data }]));
    expect(await client.until((one) => one.type === 'node_updated')).toMatchObject({ channel, data });
    await other.db
      .transaction()
      .execute((trx) => publish(trx, slug, [{ type: 'workflow_deleted', data: { slug } }]));
    await client.until((one) => one.type === 'unsubscribed');
    const { executionId } = await main.engine.start(request);
    await until(
      5000,
      async () => (await main.engine.readEvents(executionId, 0, 100)).at(-1)?.type === 'execution_completed',
    );
    client.send({ type: 'ping' });
    await client.until((one) => one.type === 'pong');
    expect(client.seqs(channel)).toEqual([]);
    client.socket.close();
  });

  it('end when the workflow moves out of sight', async () => {
    const { request, slug, key } = await scene();
    const client = await TestClient.open(sockets.port, key);
    await client.subscribe(`workflow:${slug}`);
    await main.pool.query("update workflows set slug = slug || '-new' where id = $1", [request.workflowId]);
    expect(await client.until((one) => one.type === 'unsubscribed')).toMatchObject({
      channel: `workflow:${slug}`,
    });
    client.socket.close();
  });
});

describe('/ws/executions/{id}/', () => {
  it('says where the run stands, then what happens, and closes at the end', async () => {
    const request = await storeWorkflow(main.pool, graphOf([['h', 'hang']], ['t -> h']));
    const { key } = await makeUser(main, request.environmentId);
    const { executionId } = await main.engine.start(request);
    const client = await TestClient.open(sockets.port, key, `/ws/executions/${executionId}/`);
    const state = await client.until((one) => one.type === 'execution_state');
    expect(state).toMatchObject({ execution_id: executionId });
    expect(client.messages[0]).toBe(state);
    await main.engine.cancel(executionId);
    expect(await client.closed).toMatchObject({ code: 1000 });
    expect(client.messages.at(-1)).toMatchObject({ type: 'execution_cancelled' });
    const late = new TestClient(sockets.port, `/ws/executions/${executionId}?token=${key}&after_seq=0`);
    expect(await late.closed).toMatchObject({ code: 1000 });
    expect(late.seqs(`execution:${executionId}`)).toEqual(
      late.messages.slice(1).map((_, index) => index + 1),
    );
    expect(late.messages.at(-1)).toMatchObject({ type: 'execution_cancelled' });
    const stranger = await makeUser(main, null);
    const refused = await TestClient.open(sockets.port, stranger.key, `/ws/executions/${executionId}/`);
    expect(await refused.closed).toMatchObject({ code: 1008 });
    expect(refused.messages).toMatchObject([{ type: 'error', code: 'forbidden' }]);
  });
});

describe('who may connect', () => {
  it('is whoever has a key, or our own pages with a session', async () => {
    const { key, userId } = await scene();
    const token = randomSecret();
    await main.pool.query(
      `insert into sessions (user_id, token_hash, expires_at) values ($1, $2, now() + interval '1 hour')`,
      [userId, hashOf(token)],
    );
    const own = `http://127.0.0.1:${sockets.port}`;
    const cookie = `pipewright=${token}`;
    for (const headers of [{ authorization: `Bearer ${key}` }, { cookie, origin: own }]) {
      const client = new TestClient(sockets.port, '/ws', { headers });
      await once(client.socket, 'open');
      client.send({ type: 'ping' });
      await client.until((one) => one.type === 'pong');
      client.socket.close();
    }
    for (const headers of [{ cookie, origin: 'https://evil.example' }, { cookie }]) {
      const client = new TestClient(sockets.port, '/ws/', { headers });
      expect(await client.closed).toEqual({ code: 1008, reason: 'Invalid or missing token' });
    }
  });

  it('makes the refused wait longer each time, and turns the stubborn away at the door', async () => {
    const own = await startTestSockets(main, database.url, { limits });
    const waits: number[] = [];
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const client = new TestClient(own.port, attempt === 0 ? '/ws/' : '/ws/?token=wrong');
      await once(client.socket, 'open');
      const began = performance.now();
      expect(await client.closed).toEqual({ code: 1008, reason: 'Invalid or missing token' });
      waits.push(performance.now() - began);
    }
    expect(waits[0]).toBeGreaterThan(80);
    expect(waits[1]).toBeGreaterThan(180);
    expect(waits[3]).toBeGreaterThan(780);
    const last = new WebSocket(`ws://127.0.0.1:${own.port}/ws/?token=wrong`);
    const [error] = (await once(last, 'error')) as [Error];
    expect(error.message).toContain('401');
    // Somebody with a key comes through although they share the address.
    const { key } = await scene();
    const client = await TestClient.open(own.port, key);
    client.send({ type: 'ping' });
    await client.until((one) => one.type === 'pong');
    await own.close();
    expect(await client.closed).toMatchObject({ code: 1012 });
  });

  it('is looked up again: a revoked key ends its sockets', async () => {
    const { key, keyId } = await scene();
    const client = await TestClient.open(sockets.port, key);
    await main.pool.query('update api_keys set is_active = false where id = $1', [keyId]);
    expect(await client.closed).toEqual({ code: 1008, reason: 'Invalid or missing token' });
  });

  it('is at most so many sockets of one user', async () => {
    const own = await startTestSockets(main, database.url, { limits: { ...limits, maxSocketsPerUser: 2 } });
    const { key } = await scene();
    const first = await TestClient.open(own.port, key);
    await TestClient.open(own.port, key);
    const third = await TestClient.open(own.port, key);
    expect(await third.closed).toMatchObject({ code: 1008 });
    first.socket.close();
    await first.closed;
    const fourth = await TestClient.open(own.port, key);
    fourth.send({ type: 'ping' });
    await fourth.until((one) => one.type === 'pong');
    await own.close();
  });
});

describe('other upgrade requests', () => {
  it('go to whoever else is there', async () => {
    const own = await startTestSockets(main, database.url, {
      limits,
      onOther: (_, socket) => socket.end('HTTP/1.1 418 Teapot\r\nContent-Length: 0\r\n\r\n'),
    });
    const client = new WebSocket(`ws://127.0.0.1:${own.port}/_next/webpack-hmr`);
    const [error] = (await once(client, 'error')) as [Error];
    expect(error.message).toContain('418');
    await own.close();
  });
});
