import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, connect } from '#server/db/connection.ts';
import { createTestDatabase, type TestDatabase } from '#server/db/template-database.ts';
import type { StartRequest } from '#server/engine/interface.ts';
import { ended, startTestEngine, storeWorkflow, type TestEngine, until } from '#server/engine/test-engine.ts';
import { graphOf } from '#server/engine/test-nodes.ts';
import { publish } from '#server/features/workflows/workflow-event.ts';
import { makeUser, startTestSockets, TestClient, type TestSockets } from './test-client.ts';

let database: TestDatabase;
let main: TestEngine;
let key: string;
let runId: string;
let slug: string;
let large: StartRequest;
let db: Connection;
const open: TestSockets[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  main = await startTestEngine(database.url, { drive: true, concurrency: 20 });
  const nodes = Array.from({ length: 100 }, (_, n) => [`n${n}`, 'large', { bytes: 2000 }] as const);
  large = await storeWorkflow(
    main.pool,
    graphOf(
      nodes,
      nodes.map(([id]) => `t -> ${id}`),
    ),
  );
  ({ key } = await makeUser(main, large.environmentId));
  runId = (await main.engine.start(large)).executionId;
  await ended(main.pool, runId);
  db = connect(database.url, 2);
  const row = await db.db
    .selectFrom('workflows')
    .select('slug')
    .where('id', '=', large.workflowId)
    .executeTakeFirstOrThrow();
  slug = row.slug;
});
afterAll(async () => {
  for (const one of open) await one.close();
  await main.close();
  await db.close();
  await database.drop();
});

async function serve(limits: object): Promise<TestSockets> {
  const sockets = await startTestSockets(main, database.url, {
    limits: { tickMs: 20, closeWithinMs: 20_000, ...limits },
  });
  open.push(sockets);
  return sockets;
}

describe('a silent connection', () => {
  it('is pinged after it was idle, and closed when nobody answers', async () => {
    const { port } = await serve({ pingAfterMs: 300, pongWithinMs: 200 });
    const client = await TestClient.open(port, key);
    await client.until((one) => one.type === 'ping');
    expect(performance.now() - client.openedAt).toBeGreaterThan(250);
    // A client that answers stays, and is pinged again.
    await client.until(() => client.messages.length > 2);
    expect(client.messages.every((one) => one.type === 'ping')).toBe(true);
    client.answersPings = false;
    expect(await client.closed).toMatchObject({ code: 4408 });
  });

  it('is not pinged while it is being sent something', async () => {
    const { port } = await serve({ pingAfterMs: 300, pongWithinMs: 200 });
    const client = await TestClient.open(port, key);
    for (let n = 0; n < 10; n += 1) {
      const before = client.messages.length;
      client.send({ type: 'ping' });
      await client.until(() => client.messages.length > before);
      await new Promise((resolve) => {
        setTimeout(resolve, 60);
      });
    }
    expect(client.messages.map((one) => one.type)).toEqual(Array.from({ length: 10 }, () => 'pong'));
    client.socket.close();
  });
});

describe('bad clients', () => {
  it('may send ten frames we do not understand', async () => {
    const { port } = await serve({});
    const client = await TestClient.open(port, key);
    const bad = [
      '{',
      '[]',
      'null',
      '{"type":"x"}',
      '{"type":"subscribe"}',
      '{"type":"subscribe","channel":""}',
    ];
    for (const text of [...bad, '{"type":"subscribe","channel":"x","after_seq":-1}', '"a"', '1']) {
      client.socket.send(text);
    }
    client.socket.send(Buffer.from([1, 2]));
    client.send({ type: 'ping' });
    await client.until((one) => one.type === 'pong');
    expect(client.messages).toHaveLength(1);
    client.socket.send('{');
    expect(await client.closed).toMatchObject({ code: 1008 });
  });

  it('may not send too much or too fast', async () => {
    const { port } = await serve({});
    const large = await TestClient.open(port, key);
    large.socket.send('x'.repeat(64 * 1024 + 1));
    expect(await large.closed).toMatchObject({ code: 1009 });
    const fast = await TestClient.open(port, key);
    for (let n = 0; n < 300; n += 1) fast.send({ type: 'ping' });
    expect(await fast.closed).toMatchObject({ code: 1008 });
  });

  it('may not subscribe to everything', async () => {
    const { port } = await serve({ maxSubscriptions: 1 });
    const client = await TestClient.open(port, key);
    expect(await client.subscribe(`execution:${runId}`)).toMatchObject({ type: 'subscribed' });
    expect(await client.subscribe(`execution:${runId}`)).toMatchObject({ type: 'subscribed' });
    expect(await client.subscribe('workflow:x')).toMatchObject({ type: 'error', code: 'too_many' });
    client.socket.close();
  });
});

/** Publishes 24 MB on a workflow while nobody reads. @returns what the client then got of it. */
async function flood(limits: object) {
  const { port } = await serve(limits);
  const client = await TestClient.open(port, key);
  await client.subscribe(`workflow:${slug}`);
  let received = 0;
  client.socket.on('message', (data: Buffer) => {
    received += data.length;
  });
  const watcher = await TestClient.open(port, key);
  await watcher.subscribe(`workflow:${slug}`);
  client.socket.pause();
  const data = { text: 'x'.repeat(200_000) };
  const events = Array.from({ length: 20 }, () => ({ type: 'node_updated' as const, data }));
  for (let n = 1; n <= 6; n += 1) {
    await db.db.transaction().execute((trx) => publish(trx, slug, events));
    await watcher.until(() => watcher.messages.length > n * 20);
  }
  client.socket.resume();
  const end = await client.closed;
  expect(watcher.socket.readyState).toBe(watcher.socket.OPEN);
  watcher.socket.close();
  return { ...end, received };
}

describe('a client that does not read', () => {
  it('is dropped when too much waits for it', async () => {
    const end = await flood({});
    expect(end.received).toBeLessThan(16_000_000);
    expect(end.code).toBe(1013);
  });

  it('is dropped when it takes nothing for too long', async () => {
    const { code } = await flood({ maxBytes: 1_000_000_000, stalledMs: 100 });
    expect(code).toBe(1013);
  });

  it('goes on where it was when it reads again in time', async () => {
    const { port } = await serve({ holdBytes: 200_000 });
    const runs = await Promise.all(Array.from({ length: 40 }, () => main.engine.start(large)));
    const ids = runs.map((run) => run.executionId);
    for (const id of ids) await ended(main.pool, id);
    const slow = await TestClient.open(port, key);
    slow.socket.pause();
    const quick = await TestClient.open(port, key);
    for (const id of ids) {
      for (const client of [slow, quick]) {
        client.send({ type: 'subscribe', channel: `execution:${id}`, after_seq: 0 });
      }
    }
    const all = (client: TestClient): boolean =>
      client.messages.filter((one) => one.type === 'execution_completed').length === ids.length;
    await until(20_000, async () => all(quick));
    slow.socket.resume();
    await until(20_000, async () => all(slow));
    for (const id of ids) {
      const seqs = (await main.engine.readEvents(id, 0, 10_000)).map((one) => one.seq);
      expect(seqs.length).toBeGreaterThan(300);
      expect(slow.seqs(`execution:${id}`)).toEqual(seqs);
    }
    slow.socket.close();
    quick.socket.close();
  });
});
