import { Agent, request } from 'node:http';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { residentMb } from './bench/instance.ts';
import { Client } from './chaos/client.ts';
import { Fleet } from './chaos/fleet.ts';
import { answeringFlow } from './chaos/flow.ts';
import { brokenInvariants } from './chaos/invariant.ts';
import { createTestDatabase, type TestDatabase } from './db/template-database.ts';
import { until } from './engine/test-engine.ts';
import { CountingServer } from './engine/test-process.ts';

/** One process lets a thousand wait at once. */
const CALLERS = 1300;
const MOST = 1000;

let database: TestDatabase;
let pool: pg.Pool;
let sink: CountingServer;
let fleet: Fleet;
let client: Client;
const agent = new Agent({ maxSockets: CALLERS });

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
  sink = await CountingServer.start();
  fleet = await Fleet.start({
    servers: 1,
    workers: 0,
    environment: {
      PIPEWRIGHT_ROLE: 'all',
      DATABASE_URL: database.url,
      PIPEWRIGHT_SECRET_KEY: 'overload'.repeat(5),
      PIPEWRIGHT_EGRESS_ALLOW: new URL(sink.url).host,
    },
  });
  client = new Client(() => fleet.bases());
  await client.setUp();
}, 60_000);
afterAll(async () => {
  agent.destroy();
  client.close();
  await fleet.close();
  await sink.close();
  await pool.end();
  await database.drop();
});

interface Answered {
  readonly status: number;
  readonly retryAfter: string | undefined;
}

const post = (url: string): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', agent }, (incoming) => {
      incoming.resume();
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, retryAfter: incoming.headers['retry-after'] }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end();
  });

it('turns away whom it cannot serve, keeps its memory, and finishes what it has taken', {
  timeout: 90_000,
}, async () => {
  const { slug } = await client.insist<{ slug: string }>('POST', '/workflows/import/', {
    document: answeringFlow(`${sink.url}/slow`),
  });
  const { webhooks } = await client.insist<{ webhooks: Record<string, string> }>(
    'GET',
    `/workflows/${slug}/graph/`,
  );
  const [base = ''] = fleet.bases();
  const url = `${base}${webhooks['hook'] ?? ''}`;
  const answers: Answered[] = [];
  const callers = Array.from({ length: CALLERS }, () => post(url).then((one) => answers.push(one)));
  await until(30_000, async () => answers.length >= CALLERS - MOST);
  const refused = [...answers];
  expect(refused.filter(({ status, retryAfter }) => status !== 503 || retryAfter === undefined)).toEqual([]);
  const pid = fleet.members[0]?.installation?.child.pid ?? 0;
  expect(await residentMb(pid)).toBeLessThan(1024);
  // Others are served all the same.
  const asked = performance.now();
  expect((await client.once('GET', '/workflows/')).status).toBe(200);
  expect(performance.now() - asked).toBeLessThan(2000);

  const releasing = setInterval(() => sink.release(), 50);
  await Promise.all(callers);
  clearInterval(releasing);
  const served = answers.filter(({ status }) => status === 200);
  expect(served.length + refused.length).toBe(CALLERS);
  const { rows } = await pool.query<{ n: number }>(
    "select count(*)::int as n from executions where status = 'completed'",
  );
  expect(rows[0]?.n).toBe(served.length);
  expect(await brokenInvariants(pool)).toEqual([]);
});
