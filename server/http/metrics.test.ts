import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Caller, startTestServer, type TestServer, until } from './test-server.ts';

let server: TestServer;
let ada: Caller;
beforeAll(async () => {
  server = await startTestServer();
  ada = await server.setUp();
});
afterAll(() => server.close());

/** A proxy's header makes a caller from this machine a stranger. */
const AFAR = { 'x-forwarded-for': '203.0.113.9' };

const figures = async (): Promise<string> => String((await server.nobody.send('GET', '/metrics')).body);

/** The value of one line of the text form; null where there is none. */
function valueOf(text: string, line: string): number | null {
  const found = text.split('\n').find((one) => one.startsWith(`${line} `));
  return found === undefined ? null : Number(found.slice(line.length + 1));
}

test('the figures of the process are there in text form, requests by the route they took', async () => {
  await ada.call('workflows.list');
  await ada.send('GET', '/api/v1/workflows/no-such-thing/');
  await server.nobody.send('GET', '/not/there');
  const seen = 'pipewright_http_request_seconds_count{method="GET",route="/api/v1/workflows",status="200"}';
  // A request is counted when its answer has gone out, which may be after it was read here.
  const text = await until(async () => {
    const one = await figures();
    return valueOf(one, seen) === 1 && one;
  });
  expect(
    valueOf(
      text,
      'pipewright_http_request_seconds_count{method="GET",route="/api/v1/workflows/{workflow_slug}",status="404"}',
    ),
  ).toBe(1);
  expect(text).not.toContain('no-such-thing');
  expect(text).not.toContain('/not/there');
  expect(valueOf(text, 'pipewright_database_up')).toBe(1);
  expect(valueOf(text, 'pipewright_processes{role="all"}')).toBe(1);
  for (const state of ['queued', 'running', 'waiting', 'held']) {
    expect(valueOf(text, `pipewright_runs{state="${state}"}`)).toBe(0);
  }
  expect(valueOf(text, 'pipewright_sockets')).toBe(0);
  expect(valueOf(text, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
  expect(valueOf(text, 'pipewright_database_connections{pool="api",state="awaited"}')).toBe(0);
});

test('runs and steps are counted when they have ended', async () => {
  const { webhooks } = await ada.ok<{ webhooks: Record<string, string> }>('workflows.graph', {
    workflow_slug: 'order-triage',
  });
  expect((await server.nobody.send('POST', webhooks['order_in'] ?? '', {})).status).toBe(200);
  const text = await until(async () => {
    const one = await figures();
    return valueOf(one, 'pipewright_run_seconds_count{status="completed"}') === 1 && one;
  });
  expect(valueOf(text, 'pipewright_runs_started_total{trigger="webhook"}')).toBe(1);
  expect(valueOf(text, 'pipewright_step_seconds_count{type="reply",status="success"}')).toBe(1);
  expect(valueOf(text, 'pipewright_journal_batch_runs_count')).toBeGreaterThan(0);
  expect(valueOf(text, 'pipewright_journal_batch_steps_sum')).toBeGreaterThan(2);
  expect(text).toContain('route="/webhooks/{token}",status="200"');
});

test('strangers get no figures, administrators do wherever they are', async () => {
  const lea = await server.addUser('lea');
  const ask = async (who: Caller, method = 'GET') =>
    (await who.send(method, '/metrics', undefined, AFAR)).status;
  expect(await ask(server.nobody)).toBe(401);
  expect(await ask(lea)).toBe(403);
  expect(await ask(ada)).toBe(200);
  expect(await ask(ada, 'DELETE')).toBe(405);
  expect((await server.nobody.send('GET', '/metrics')).status).toBe(200);
});

test('a request keeps the id it came with, unless that is not a sane one', async () => {
  const idOf = async (sent: string): Promise<string | null> =>
    (await ada.send('GET', '/api/v1/workflows/', undefined, { 'x-request-id': sent })).headers.get(
      'x-request-id',
    );
  expect(await idOf('edge-7f3a:42/1')).toBe('edge-7f3a:42/1');
  for (const odd of ['short', 'with blank inside', '"quoted-and-long"', 'x'.repeat(129)]) {
    expect(await idOf(odd)).toMatch(/^[0-9a-f-]{36}$/);
  }
});
