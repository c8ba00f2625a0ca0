import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { type Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';

let server: TestServer;
let bob: Caller;
beforeAll(async () => {
  server = await startTestServer();
  bob = await server.addUser('bob');
});
afterAll(() => server.close());

const node = (id: string, type: string, config: object = {}) => ({
  kind: 'add_node',
  node: { id, type, label: null, x: 0, y: 0, config, settings: DEFAULT_SETTINGS },
});
const edge = (id: number, source: string, target: string, sourcePort = 'output') => ({
  kind: 'add_edge',
  edge: { id, source, sourcePort, target, targetPort: 'input', priority: 0 },
});

/** A workflow that answers with what it got. @returns the address and what is needed to change it. */
async function echo(slug: string, trigger: object = {}, reply: object = { body: '{{ trigger }}' }) {
  await bob.ok('workflows.create', { name: slug, slug });
  const config = { respond: 'when_finished', methods: ['POST', 'GET'], ...trigger };
  const commands = [
    node('hook', 'trigger_webhook', config),
    node('say', 'reply', reply),
    edge(1, 'hook', 'say', 'payload'),
  ];
  const input = { workflow_slug: slug, base_revision: 0, commands };
  const { webhooks } = await bob.ok<{ webhooks: Record<string, string> }>('workflows.changeGraph', input);
  return webhooks['hook'] ?? '';
}
const call = (method: string, address: string, body?: unknown, headers?: Record<string, string>) =>
  server.nobody.send(method, address, body, headers);
const nothing = { status: 404, body: { detail: 'Not Found', code: 'not_found' } };

test('the run sees body, headers, query, method and path, without the caller’s secrets', async () => {
  const address = await echo('sees');
  const { status, body } = await call(
    'POST',
    `${address}/orders/7/?a=1&a=2&b=x`,
    { n: 1 },
    {
      'x-shop': 'yes',
      authorization: 'Bearer secret',
      cookie: 'session=secret',
    },
  );
  expect(status).toBe(200);
  expect(body).toMatchObject({
    body: { n: 1 },
    query: { a: ['1', '2'], b: 'x' },
    method: 'POST',
    path: 'orders/7',
    headers: { 'x-shop': 'yes' },
  });
  expect(JSON.stringify(body)).not.toContain('secret');
});

test('forms and text arrive too, an empty body as null, bytes that are no text not at all', async () => {
  const address = await echo('kinds', {}, { body: '{{ trigger.body }}', body_type: 'json' });
  const type = (contentType: string) => ({ 'content-type': contentType });
  expect((await call('POST', address, 'a=1&b=2', type('application/x-www-form-urlencoded'))).body).toEqual({
    a: '1',
    b: '2',
  });
  expect((await call('POST', address, '[1,2]', type('application/json'))).body).toEqual([1, 2]);
  expect((await call('GET', address)).body).toBeNull();
  const broken = await call(
    'POST',
    address,
    new Uint8Array([0xff, 0xfe, 0x00]),
    type('application/octet-stream'),
  );
  expect(broken.status).toBe(415);
});

test('the reply’s status and headers are the workflow’s, within limits', async () => {
  const headers = { 'X-Total': '5', 'Retry-After': '3' };
  const address = await echo('reply', {}, { status: 418, body: 'short and stout', headers });
  const answer = await call('POST', address, {});
  expect(answer).toMatchObject({ status: 418, body: 'short and stout' });
  expect(answer.headers.get('x-total')).toBe('5');
  expect(answer.headers.get('content-type')).toContain('text/plain');
  expect(answer.headers.get('content-security-policy')).toContain('sandbox');
});

describe('when the answer does not wait', () => {
  test('202 with the run, which is stored by then', async () => {
    const address = await echo('now', { respond: 'immediately' });
    const { status, body } = await call('POST', address, {});
    expect(status).toBe(202);
    const { execution_id } = body as { execution_id: string };
    await bob.ok('executions.get', { execution_id });
  });

  test('a slow run is let go with 202 after the longest wait', async () => {
    await bob.ok('workflows.create', { name: 'slow', slug: 'slow' });
    const { webhooks } = await bob.ok<{ webhooks: Record<string, string> }>('workflows.changeGraph', {
      workflow_slug: 'slow',
      base_revision: 0,
      commands: [
        node('hook', 'trigger_webhook', { respond: 'when_finished', wait_seconds: 1 }),
        node('pause', 'wait', { duration: 600, unit: 'seconds' }),
        edge(1, 'hook', 'pause', 'payload'),
      ],
    });
    const { status, body } = await call('POST', webhooks['hook'] ?? '', {});
    expect(status).toBe(202);
    const { execution_id } = body as { execution_id: string };
    expect(await bob.ok('executions.cancel', { execution_id })).toMatchObject({ status: 'cancelled' });
  });

  test('the same idempotency key is one run', async () => {
    const address = await echo('once', { respond: 'immediately' });
    const send = (n: number) => call('POST', address, { n }, { 'idempotency-key': 'k' });
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(1)));
    expect(new Set(answers.map((one) => JSON.stringify(one.body))).size).toBe(1);
    expect((await bob.ok<{ total: number }>('executions.list', { workflow_slug: 'once' })).total).toBe(1);
    // Strangers name runs of this address only, never those that schedules, messages or users start.
    const { rows } = await server.connection.pool.query(
      "select idempotency_key from executions where idempotency_key like '%k' and trigger_kind = 'webhook'",
    );
    expect(rows).toEqual([{ idempotency_key: 'sent hook k' }]);
    const crafted = await call('POST', `${address}?__proto__=a&__proto__=b`, { n: 2 });
    expect(crafted.status).toBe(202);
  });
});

test('a failed run says so without its details', async () => {
  const address = await echo('fails', {}, { body: '{{ trigger.body.secret_name }}' });
  const { status, body } = await call('POST', address, {});
  expect(status).toBe(500);
  expect(body).toMatchObject({
    detail: 'The workflow failed.',
    code: 'run_failed',
    execution_id: expect.any(String),
  });
  expect(JSON.stringify(body)).not.toContain('secret_name');
});

test('unknown, switched off and wrong method are one answer', async () => {
  const address = await echo('quiet');
  expect(await call('POST', `${address}x`, {})).toMatchObject(nothing);
  expect(await call('POST', '/webhooks/', {})).toMatchObject(nothing);
  expect(await call('DELETE', address)).toMatchObject(nothing);
  expect(await call('PUT', address, '{"broken":')).toMatchObject(nothing);
  await bob.ok('workflows.update', { workflow_slug: 'quiet', is_active: false });
  expect(await call('POST', address, {})).toMatchObject(nothing);
  await bob.ok('workflows.update', { workflow_slug: 'quiet', is_active: true });
  expect((await call('POST', address, {})).status).toBe(200);
  await bob.ok('nodes.update', { workflow_slug: 'quiet', node: 'hook', config: { is_active: false } });
  expect(await call('POST', address, {})).toMatchObject(nothing);
});

test('what was saved a moment ago is what runs', async () => {
  const address = await echo('fresh', {}, { body: 'v0' });
  for (let n = 1; n <= 5; n += 1) {
    const commands = [{ kind: 'update_node', id: 'say', config: { body: `v${n}` } }];
    await bob.ok('workflows.changeGraph', { workflow_slug: 'fresh', base_revision: n, commands });
    expect((await call('POST', address, {})).body).toBe(`v${n}`);
  }
});

test('bad bodies are refused before anything starts', async () => {
  const address = await echo('strict', { respond: 'immediately' });
  const deep = `${'['.repeat(100)}${']'.repeat(100)}`;
  for (const body of ['{"a":', deep, '{"__proto__":{}}', '"\\u0000"', '"\\ud800"']) {
    expect((await call('POST', address, body)).status).toBe(422);
  }
  expect((await call('POST', address, JSON.stringify('x'.repeat(1_100_000)))).status).toBe(413);
  expect((await bob.ok<{ total: number }>('executions.list', { workflow_slug: 'strict' })).total).toBe(0);
});
