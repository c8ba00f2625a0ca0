import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Caller, startTestServer, type TestServer, until } from './test-server.ts';

let server: TestServer;
let ada: Caller;
beforeAll(async () => {
  server = await startTestServer();
  ada = await server.setUp();
});
afterAll(() => server.close());

/** Ends every connection to the server's database but this one. */
async function cutConnections(): Promise<void> {
  const client = new pg.Client({ connectionString: server.databaseUrl });
  await client.connect();
  await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  await client.end();
}

test('while database connections are cut, callers get an answer or 503 with Retry-After, never 500', async () => {
  const seen = new Set<number>();
  let cutting = true;
  const caller = async (): Promise<void> => {
    while (cutting) {
      const { status, headers, body } = await ada.call('workflows.list');
      seen.add(status);
      if (status === 503) expect(headers.get('retry-after'), JSON.stringify(body)).toBe('1');
    }
  };
  const callers = Array.from({ length: 10 }, caller);
  for (let n = 0; n < 5; n += 1) await cutConnections();
  cutting = false;
  await Promise.all(callers);
  expect([...seen].filter((status) => status !== 200 && status !== 503)).toEqual([]);
});

test('afterwards everything works again: reading, saving, webhooks', async () => {
  await until(async () => (await ada.call('workflows.list')).status === 200);
  expect(await ada.send('GET', '/health')).toMatchObject({
    status: 200,
    body: { status: 'ok', database: true },
  });
  const { webhooks } = await ada.ok<{ webhooks: Record<string, string> }>('workflows.graph', {
    workflow_slug: 'order-triage',
  });
  const answer = await until(async () => {
    const one = await server.nobody.send('POST', webhooks['order_in'] ?? '', {});
    return one.status === 200 ? one : null;
  });
  expect(answer.body).toMatchObject({ decision: 'approved' });
});
