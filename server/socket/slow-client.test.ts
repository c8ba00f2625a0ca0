import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULT_SETTINGS as settings } from '#domain/graph/graph.ts';
import { createTestDatabase, type TestDatabase } from '#server/db/template-database.ts';
import { until } from '#server/http/test-server.ts';
import { type Installation, killInstallation, startInstallation } from '../test-installation.ts';
import { TestClient } from './test-client.ts';
import { RawClient } from './test-raw-client.ts';

const CLIENTS = 16;
const MIB = 1024 * 1024;

let database: TestDatabase;
let server: Installation;
let port: number;
let key: string;
let slug: string;

beforeAll(async () => {
  database = await createTestDatabase();
  server = await startInstallation({ DATABASE_URL: database.url, PIPEWRIGHT_SECRET_KEY: 'x'.repeat(40) });
  port = Number(new URL(server.url).port);
  ({ key } = await call<{ key: string }>('auth/setup/', { username: 'ada', password: 'lovelace-1815' }));
  ({ slug } = await call<{ slug: string }>('workflows/import/', { document: busy() }));
});
afterAll(async () => {
  await killInstallation(server);
  await database.drop();
});

async function call<T>(path: string, body?: object): Promise<T> {
  const answer = await fetch(`${server.url}/api/v1/${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** 1,500 times round a loop, 2 KB of text each time: some 4 MB of events a run. */
function busy() {
  const node = (id: string, type: string, config: object = {}) => ({
    id,
    type,
    label: null,
    x: 0,
    y: 0,
    config,
    settings,
  });
  const edge = (id: number, source: string, sourcePort: string, target: string, targetPort: string) => ({
    id,
    source,
    sourcePort,
    target,
    targetPort,
    priority: 0,
  });
  return {
    format: 'pipewright/workflow',
    version: 1,
    workflow: { name: 'Busy' },
    nodes: [
      node('start', 'trigger_manual'),
      node('items', 'set', { mode: 'json', json: '{{ trigger.items }}' }),
      node('loop', 'loop', { max_iterations: 10_000 }),
      node('body', 'set', { mode: 'text', text: 'x'.repeat(2000) }),
    ],
    edges: [
      edge(1, 'start', 'payload', 'items', 'input'),
      edge(2, 'items', 'output', 'loop', 'items'),
      edge(3, 'loop', 'loop_body', 'body', 'input'),
      edge(4, 'body', 'output', 'loop', 'loop_return'),
    ],
  };
}

const start = async (length = 1500): Promise<string> => {
  const payload = { items: Array.from({ length }, (_, n) => n) };
  return (await call<{ execution_id: string }>(`workflows/${slug}/execute/`, { payload })).execution_id;
};
const hasEnded = async (id: string): Promise<boolean> =>
  (await call<{ status: string }>(`executions/${id}/status/`)).status === 'completed';

async function residentBytes(): Promise<number> {
  const status = await readFile(`/proc/${server.child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

/** The server's largest resident memory while so many runs are driven, one after the other. */
async function peakOf(runs: number): Promise<number> {
  let peak = 0;
  for (let n = 0; n < runs; n += 1) {
    const id = await start();
    await until(async () => {
      peak = Math.max(peak, await residentBytes());
      return hasEnded(id);
    }, 60_000);
  }
  return peak;
}

it('a client that reads nothing costs 8 MiB at most and is hung up on', { timeout: 180_000 }, async () => {
  const watcher = await TestClient.open(port, key);
  await watcher.subscribe(`workflow:${slug}`);
  await peakOf(2);
  const without = await peakOf(3);
  const silent = await Promise.all(
    Array.from({ length: CLIENTS }, () => RawClient.open(port, `/ws/?token=${key}`)),
  );
  for (const client of silent) client.send({ type: 'subscribe', channel: `workflow:${slug}` });
  await until(async () => (await metric('pipewright_sockets')) === CLIENTS + 1);
  const withThem = await peakOf(3);
  const each = (withThem - without) / CLIENTS;
  process.stdout.write(
    `a silent client cost ${(each / MIB).toFixed(1)} MiB of ${(withThem / MIB).toFixed(0)} MiB\n`,
  );
  expect(each).toBeLessThan(8 * MIB);
  await until(async () => (await metric('pipewright_sockets')) === 1, 60_000);
  const read = await Promise.all(silent.map((client) => client.drain()));
  // What the kernel had taken already; never the 20 MB and more that were sent to those who read.
  expect(Math.max(...read)).toBeLessThan(12 * MIB);
  expect(watcher.socket.readyState).toBe(watcher.socket.OPEN);
  watcher.socket.close();
});

it('one that loses its connection again and again misses nothing', { timeout: 120_000 }, async () => {
  const id = await start(5000);
  const channel = `execution:${id}`;
  const seqs: number[] = [];
  let connections = 0;
  let isOver = false;
  while (!isOver) {
    const client = await TestClient.open(port, key);
    connections += 1;
    await client.subscribe(channel, seqs.at(-1) ?? 0);
    const enough = 200 + connections * 150;
    await client.until(
      (one) => one.type === 'execution_completed' || client.messages.length > enough,
      60_000,
    );
    // Without a word, in the middle of whatever is under way.
    client.socket.terminate();
    await client.closed;
    seqs.push(...client.seqs(channel));
    isOver = client.messages.some((one) => one.type === 'execution_completed');
  }
  expect(connections).toBeGreaterThan(2);
  expect(seqs.length).toBeGreaterThan(5000);
  expect(seqs).toEqual(seqs.map((_, index) => index + 1));
});

async function metric(name: string): Promise<number> {
  const answer = await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${key}` } });
  const text = await answer.text();
  return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\d+)`, 'm').exec(text)?.[1]);
}
