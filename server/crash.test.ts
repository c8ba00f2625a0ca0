import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CountingServer } from './engine/test-process.ts';
import { type Installation, killDatabase, killInstallation, startInstallation } from './test-installation.ts';

const RUNS = 200;
const KILLS = 10;

let dataDir: string;
let counting: CountingServer;
let environment: Record<string, string>;
let installation: Installation;
let headers: Record<string, string>;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pipewright-crash-'));
  counting = await CountingServer.start(10);
  environment = { PIPEWRIGHT_DATA: dataDir, PIPEWRIGHT_EGRESS_ALLOW: new URL(counting.url).host };
  installation = await startInstallation(environment);
  headers = { 'content-type': 'application/json' };
  const { key } = await call<{ key: string }>('POST', '/auth/setup/', {
    username: 'ada',
    password: 'correct horse',
  });
  headers = { ...headers, authorization: `Bearer ${key}` };
}, 60_000);

afterAll(async () => {
  await killInstallation(installation);
  await killDatabase(dataDir);
  await counting.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${installation.url}/api/v1${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** trigger → three calls outside in a row with pure steps in between. */
function flow(): unknown {
  const settings = { onError: 'fail', join: 'all' };
  const node = (id: string, type: string, config: object) => ({
    id,
    type,
    label: null,
    x: 0,
    y: 0,
    config,
    settings,
  });
  const request = (id: string) => node(id, 'http_request', { url: `${counting.url}/${id}` });
  const edge = (id: number, source: string, sourcePort: string, target: string) => ({
    id,
    source,
    sourcePort,
    target,
    targetPort: 'input',
    priority: 0,
  });
  return {
    format: 'pipewright/workflow',
    version: 1,
    workflow: { name: 'Crash' },
    nodes: [
      node('start', 'trigger_manual', {}),
      request('first'),
      node('between', 'set', { mode: 'text', text: 'after {{ first.response.status }}' }),
      request('second'),
      request('third'),
    ],
    edges: [
      edge(1, 'start', 'payload', 'first'),
      edge(2, 'first', 'body', 'between'),
      edge(3, 'between', 'output', 'second'),
      edge(4, 'second', 'body', 'third'),
    ],
  };
}

interface Detail {
  readonly status: string;
  readonly logs: readonly { node_id: string; status: string; timestamp: string; duration_ms: number }[];
}

it('loses no acknowledged run and repeats no recorded step when everything is killed ten times', {
  timeout: 240_000,
}, async () => {
  const { slug } = await call<{ slug: string }>('POST', '/workflows/import/', { document: flow() });
  const acknowledged: string[] = [];
  const start = () => call<{ execution_id: string }>('POST', `/workflows/${slug}/execute/`, {});
  for (let round = 0; round < KILLS; round += 1) {
    let alive = true;
    const starting = (async () => {
      for (let n = 0; alive && n < RUNS / KILLS; n += 1) {
        const started = await start().catch(() => null);
        if (started) acknowledged.push(started.execution_id);
      }
    })();
    await pause(Math.random() * 300);
    alive = round < KILLS / 2;
    if (alive) await starting;
    await killInstallation(installation);
    await starting;
    if (round % 2 === 1) await killDatabase(dataDir);
    installation = await startInstallation(environment);
  }
  while (acknowledged.length < RUNS) acknowledged.push((await start()).execution_id);

  const deadline = Date.now() + 60_000;
  const open = async (): Promise<number> => {
    const counts = await Promise.all(
      ['pending', 'running', 'interrupted'].map((status) =>
        call<{ total: number }>('GET', `/executions/?workflow_slug=${slug}&status=${status}&limit=0`),
      ),
    );
    return counts.reduce((sum, { total }) => sum + total, 0);
  };
  while ((await open()) > 0 && Date.now() < deadline) await pause(100);

  for (const id of acknowledged) {
    const run = await call<Detail>('GET', `/executions/${id}/`);
    expect(run.status).toBe('completed');
    for (const nodeId of ['first', 'second', 'third']) {
      const recorded = run.logs.filter((log) => log.node_id === nodeId && log.status === 'success');
      expect(recorded).toHaveLength(1);
      const calls = counting.calls.filter((one) => one.path === `/${nodeId}` && one.key.startsWith(id));
      expect(calls.length).toBeGreaterThanOrEqual(1);
      // Every repetition carries the same key, and none begins after the step's end was recorded.
      expect(new Set(calls.map((one) => one.key)).size).toBe(1);
      const recordedAt = Date.parse(recorded[0]?.timestamp ?? '') + (recorded[0]?.duration_ms ?? 0);
      expect(Math.max(...calls.map((one) => one.at))).toBeLessThanOrEqual(recordedAt + 5);
    }
  }
});
