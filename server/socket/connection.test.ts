import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#server/db/template-database.ts';
import { ended, startTestEngine, storeWorkflow, type TestEngine } from '#server/engine/test-engine.ts';
import { chain, graphOf } from '#server/engine/test-nodes.ts';
import { makeUser, startTestSockets, TestClient, type TestSockets } from './test-client.ts';

let database: TestDatabase;
let main: TestEngine;
let key: string;
let runId: string;
const open: TestSockets[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  main = await startTestEngine(database.url, { drive: true, concurrency: 20 });
  const nodes = Array.from({ length: 100 }, (_, n) => [`n${n}`, 'large', { bytes: 2000 }] as const);
  const request = await storeWorkflow(
    main.pool,
    graphOf(
      nodes,
      nodes.map(([id]) => `t -> ${id}`),
    ),
  );
  ({ key } = await makeUser(main, request.environmentId));
  runId = (await main.engine.start(request)).executionId;
  await ended(main.pool, runId);
});
afterAll(async () => {
  for (const one of open) await one.close();
  await main.close();
  await database.drop();
});

async function serve(limits: object): Promise<TestSockets> {
  const sockets = await startTestSockets(main, database.url, { limits: { tickMs: 20, ...limits } });
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

/** The bytes of a masked text frame. */
function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  const header =
    payload.length < 126
      ? [0x81, 0x80 | payload.length]
      : [0x81, 0xfe, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from([...header, 0, 0, 0, 0]), payload]);
}

async function rawClient(port: number): Promise<Socket> {
  const socket = createConnection({ port, host: '127.0.0.1' });
  await once(socket, 'connect');
  socket.write(
    `GET /ws/?token=${key} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n',
  );
  await once(socket, 'data');
  socket.pause();
  return socket;
}

describe('a client that does not read', () => {
  it('is sent no more than fits, and is dropped when it stays that way', async () => {
    const { port } = await serve({ holdBytes: 50_000, stalledMs: 500, messagesPerSecond: 10_000 });
    const socket = await rawClient(port);
    let ended = false;
    socket.on('close', () => {
      ended = true;
    });
    // The kernel takes some megabytes on a loopback connection: ask for the run's 200 kB again and again.
    const again = frame(JSON.stringify({ type: 'subscribe', channel: `execution:${runId}`, after_seq: 0 }));
    for (let n = 0; n < 100; n += 1) socket.write(again);
    const before = process.memoryUsage().arrayBuffers;
    const timer = setInterval(() => socket.write(again), 5);
    const end = Date.now() + 15_000;
    while (!socket.destroyed && !ended && Date.now() < end) {
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1024 * 1024);
      // Only reading tells that the other side has hung up; it was given three seconds to say goodbye.
      if (Date.now() > end - 9000) socket.resume();
    }
    clearInterval(timer);
    expect(socket.destroyed || ended).toBe(true);
  });

  it('goes on where it was when it reads again in time', async () => {
    const { port } = await serve({ holdBytes: 20_000 });
    const request = await storeWorkflow(main.pool, chain(3));
    const client = await TestClient.open(port, key);
    client.socket.pause();
    const channel = `execution:${runId}`;
    client.send({ type: 'subscribe', channel, after_seq: 0 });
    expect(request.workflowId).toBeGreaterThan(0);
    await new Promise((resolve) => {
      setTimeout(resolve, 200);
    });
    client.socket.resume();
    await client.until((one) => one.type === 'execution_completed');
    const seqs = (await main.engine.readEvents(runId, 0, 10_000)).map((one) => one.seq);
    expect(client.seqs(channel)).toEqual(seqs);
    client.socket.close();
  });
});
