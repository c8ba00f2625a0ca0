import { once } from 'node:events';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { Client, pause } from './chaos/client.ts';
import { Fleet } from './chaos/fleet.ts';
import { callsFlow } from './chaos/flow.ts';
import { brokenInvariants } from './chaos/invariant.ts';
import { StartLoad } from './chaos/load.ts';
import { outcome } from './chaos/outcome.ts';
import { createTestDatabase, type TestDatabase } from './db/template-database.ts';
import { until } from './engine/test-engine.ts';
import { CountingServer } from './engine/test-process.ts';
import { type ScriptedProvider, startScriptedProvider } from './model/provider-fixture.ts';
import { OpenStream, SocketTail } from './test-live-reader.ts';

let database: TestDatabase;
let pool: pg.Pool;
let sink: CountingServer;
let llm: ScriptedProvider;
let fleet: Fleet;
let client: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 3 });
  pool.on('error', () => undefined);
  sink = await CountingServer.start(30);
  llm = await startScriptedProvider();
  fleet = await Fleet.start({
    servers: 2,
    workers: 1,
    environment: {
      DATABASE_URL: database.url,
      PIPEWRIGHT_SECRET_KEY: 'several'.repeat(6),
      PIPEWRIGHT_EGRESS_ALLOW: `${new URL(sink.url).host},${llm.host}`,
    },
  });
  client = new Client(() => fleet.bases());
  await client.setUp();
}, 60_000);
afterAll(async () => {
  client.close();
  await fleet.close();
  await sink.close();
  await llm.close();
  await pool.end();
  await database.drop();
});

const open = async (): Promise<number> =>
  (
    await pool.query<{ n: number }>(
      "select count(*)::int as n from executions where status in ('queued', 'running', 'waiting')",
    )
  ).rows[0]?.n ?? 0;

/** The status /health answers with; 0 where nobody answers. */
const healthOf = (url: string): Promise<number> =>
  fetch(`${url}/health`).then(
    (answer) => answer.status,
    () => 0,
  );

async function bringIn(url = sink.url): Promise<string> {
  const { slug } = await client.insist<{ slug: string }>('POST', '/workflows/import/', {
    document: callsFlow(url),
  });
  return slug;
}

it('makes one run of one idempotency key, whichever server is asked and however often', async () => {
  const path = `/workflows/${await bringIn()}/execute/`;
  const keys = Array.from({ length: 30 }, (_, n) => `order-${n}`);
  const ids = await Promise.all(
    keys.map(async (idempotencyKey) => {
      const five = Array.from({ length: 5 }, () =>
        client.insist<{ execution_id: string }>('POST', path, { text: idempotencyKey }, { idempotencyKey }),
      );
      return new Set((await Promise.all(five)).map((one) => one.execution_id));
    }),
  );
  expect(ids.map((set) => set.size)).toEqual(keys.map(() => 1));
  const { rows } = await pool.query<{ n: number }>('select count(*)::int as n from executions');
  expect(rows[0]?.n).toBe(keys.length);
  expect((await client.once('POST', path, { text: 'another' }, 'order-0')).status).toBe(409);
  await until(20_000, async () => (await open()) === 0);
});

/** Stores a workflow. Edges as `from.port > to.port`. @returns its slug */
async function draw(slug: string, nodes: readonly object[], lines: readonly string[]): Promise<string> {
  await client.insist('POST', '/workflows/', { name: slug, slug });
  const commands = [
    ...nodes.map((one) => ({
      kind: 'add_node',
      node: { label: null, x: 0, y: 0, settings: DEFAULT_SETTINGS, config: {}, ...one },
    })),
    ...lines.map((line, n) => {
      const [source = '', sourcePort = '', target = '', targetPort = ''] = line.split(/\.| > /);
      return { kind: 'add_edge', edge: { id: n + 1, source, sourcePort, target, targetPort, priority: 0 } };
    }),
  ];
  await client.insist('POST', `/workflows/${slug}/graph/`, { base_revision: 0, commands });
  return slug;
}

it('shows a chat on every server while a worker answers it, and stops it from any of them', async () => {
  const { id } = await client.insist<{ id: number }>('POST', '/credentials/', {
    name: 'Models',
    credential_type: 'llm',
    detail: { provider_type: 'openai_compatible', base_url: llm.openai, api_key: 'sk-scripted-0123456789' },
  });
  const slug = await draw(
    'chatting',
    [
      { id: 'chat', type: 'trigger_chat' },
      { id: 'agent', type: 'agent' },
      { id: 'model', type: 'ai_model', config: { llm_credential_id: id, model_name: 'gpt-4o' } },
    ],
    ['chat.messages > agent.messages', 'model.model > agent.model'],
  );
  const [one = '', two = ''] = fleet.bases();
  llm.script({ chunks: ['one ', 'two ', 'three ', 'four'], holdAfter: 2 });
  const send = (text: string) =>
    client.insist<{ execution_id: string }>('POST', `/workflows/${slug}/chat/`, { text });
  const { execution_id } = await send('Count');
  const path = `/workflows/${slug}/chat/stream?execution_id=${execution_id}`;
  const here = new OpenStream(one, path, client.token);
  const socket = await SocketTail.open(two, client.token, `execution:${execution_id}`);
  await until(15_000, async () => here.words() === 'one two ' && socket.words() === 'one two ');
  // The reader loses its server and comes back at another one.
  here.close();
  const there = new OpenStream(two, path, client.token, here.lastId());
  await until(15_000, async () => there.words() === 'one two ');
  llm.release();
  await until(15_000, async () => there.hasEnded() && socket.types().includes('execution_completed'));
  expect([there.words(), socket.words()]).toEqual(['one two three four', 'one two three four']);
  expect(`${here.text}${there.text}`.match(/^event: message$/gm)).toHaveLength(1);
  socket.close();

  llm.requests.length = 0;
  llm.script({ chunks: ['This ', 'goes ', 'on'], holdAfter: 2 });
  const next = await send('Talk');
  const watched = new OpenStream(two, path.replace(execution_id, next.execution_id), client.token);
  await until(15_000, async () => watched.words() === 'This goes ');
  const stopped = await client.insist<{ execution_ids: string[] }>(
    'POST',
    `/workflows/${slug}/chat/stop/`,
    {},
  );
  expect(stopped.execution_ids).toEqual([next.execution_id]);
  expect(await llm.requests[0]?.ended).toBe('cut');
  await until(15_000, async () => watched.hasEnded());
  const { messages } = await client.insist<{ messages: { text: string; error_code: string | null }[] }>(
    'GET',
    `/workflows/${slug}/chat/history/`,
  );
  expect(messages.at(-1)).toMatchObject({ text: 'This goes', error_code: 'cancelled' });
});

it('tells whoever watches a run at a server of the steps of its children at a worker', async () => {
  const inner = await draw(
    'inner',
    [
      { id: 'called', type: 'trigger_workflow' },
      { id: 'work', type: 'set', config: { mode: 'text', text: 'inner' } },
    ],
    ['called.payload > work.input'],
  );
  const outer = await draw(
    'outer',
    [
      { id: 'start', type: 'trigger_manual' },
      { id: 'call', type: 'workflow', config: { target_workflow: inner } },
    ],
    ['start.payload > call.payload'],
  );
  const [one = '', two = ''] = fleet.bases();
  const sockets = await Promise.all(
    [one, two].map((base) => SocketTail.open(base, client.token, `workflow:${outer}`)),
  );
  const { execution_id } = await client.insist<{ execution_id: string }>(
    'POST',
    `/workflows/${outer}/execute/`,
    {},
  );
  for (const socket of sockets) {
    await until(15_000, async () => socket.types().includes('execution_completed'));
    const works = socket.messages.filter(({ type }) => type === 'child_node_status');
    expect(works.length).toBeGreaterThan(0);
    expect(works.at(-1)).toMatchObject({
      execution_id,
      data: { node_id: 'work', status: 'success', parent_node_id: 'call', is_child_event: true },
    });
    expect(new Set(works.map((work) => JSON.stringify(work.data))).size).toBe(works.length);
    socket.close();
  }
});

it('replaces every process under load without a run that fails, is lost or is done twice', {
  timeout: 90_000,
}, async () => {
  const slug = await bringIn();
  const load = new StartLoad({ client, slugs: [slug], rate: 30, until: Date.now() + 8000 });
  const [first] = fleet.healthy('server');
  const socket = new WebSocket(`${first?.installation?.url.replace('http', 'ws')}/ws/?token=${client.token}`);
  await once(socket, 'open');
  const closed = once(socket, 'close') as Promise<[number]>;
  for (const member of [...fleet.members]) {
    await pause(500);
    const { code, ms } = await fleet.roll(member);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(30_000);
  }
  expect((await closed)[0]).toBe(1012);
  await load.done;
  await until(20_000, async () => (await open()) === 0);
  const result = await outcome({ pool, sink, acknowledged: load.acknowledged });
  expect(load.acknowledged.size).toBeGreaterThan(150);
  expect({ ...result, acknowledged: 0, finished: 0 }).toEqual({
    acknowledged: 0,
    finished: 0,
    lost: [],
    duplicated: 0,
    repeated: [],
    late: [],
    callsAgain: 0,
    strayKeys: 0,
  });
  const { rows } = await pool.query('select id from executions where losses > 0');
  expect(rows).toEqual([]);
  expect(await brokenInvariants(pool)).toEqual([]);
});

it('stops taking requests at once, and ends at a second signal while a step still hangs', async () => {
  const slug = await bringIn(`${sink.url}/slow`);
  const [worker] = fleet.healthy('worker');
  const { execution_id } = await client.insist<{ execution_id: string }>(
    'POST',
    `/workflows/${slug}/execute/`,
    {},
  );
  const calls = () => sink.calls.filter((call) => call.path.startsWith('/slow'));
  await until(10_000, async () => calls().length === 1);
  if (!worker?.installation) throw new Error('There is no worker.');
  const { child, url } = worker.installation;
  const gone = once(child, 'exit') as Promise<[number | null]>;
  child.kill('SIGTERM');
  await until(1000, async () => (await healthOf(url)) !== 200);
  // It waits for the step, so it is still there after the time in which a signal counts as the first one's copy.
  await pause(700);
  expect(child.exitCode).toBe(null);
  const asked = Date.now();
  child.kill('SIGTERM');
  expect((await gone)[0]).toBe(143);
  expect(Date.now() - asked).toBeLessThan(1000);
  await fleet.launch(worker);
  await until(15_000, async () => calls().length === 2);
  await until(15_000, async () => {
    sink.release();
    return (await open()) === 0;
  });
  const { rows } = await pool.query('select status from executions where id = $1', [execution_id]);
  expect(rows).toEqual([{ status: 'completed' }]);
  expect(new Set(calls().map((call) => call.key)).size).toBe(4);
});
