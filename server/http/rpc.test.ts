import { createTRPCClient, httpBatchLink } from '@trpc/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AppRouter } from '#contract/contract.ts';
import { type Caller, startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
let ada: Caller;
beforeAll(async () => {
  server = await startTestServer();
  ada = await server.setUp();
});
afterAll(() => server.close());

const client = () =>
  createTRPCClient<AppRouter>({
    links: [httpBatchLink({ url: `${server.base}/trpc`, headers: { authorization: `Bearer ${ada.key}` } })],
  });
const dataOf = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error: { data: Record<string, unknown> }) => error.data,
  );

test('queries and changes reach the same handlers as REST', async () => {
  const { items } = await client().workflows.list.query({ limit: 5 });
  expect(items[0]?.slug).toBe('order-triage');
  const made = await client().workflows.create.mutate({ name: 'By rpc', slug: 'by-rpc' });
  expect(await ada.ok('workflows.get', { workflow_slug: 'by-rpc' })).toMatchObject({ id: made.id });
  await client().workflows.remove.mutate({ workflow_slug: 'by-rpc' });
});

test('several queries travel together, and one that fails does not spoil the others', async () => {
  const rpc = client();
  const [me, missing, list] = await Promise.allSettled([
    rpc.auth.me.query({}),
    rpc.workflows.get.query({ workflow_slug: 'nope' }),
    rpc.workflows.list.query({}),
  ]);
  expect([me.status, missing.status, list.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('errors carry the code, the detail and the extras of REST', async () => {
  expect(await dataOf(client().workflows.get.query({ workflow_slug: 'nope' }))).toMatchObject({
    httpStatus: 404,
    problem: 'not_found',
    detail: 'Workflow not found.',
  });
  const invalid = client().workflows.create.mutate({ name: '', slug: 'x' });
  expect(await dataOf(invalid)).toMatchObject({ httpStatus: 422, detail: [{ loc: ['body', 'name'] }] });
  const stale = client().workflows.changeGraph.mutate({
    workflow_slug: 'order-triage',
    base_revision: 0,
    commands: [{ kind: 'remove_node', id: 'start' }],
  });
  const data = await dataOf(stale);
  expect(data).toMatchObject({ httpStatus: 409, problem: 'conflict', extra: { revision: 1 } });
  expect((data?.['extra'] as { missing: unknown[] } | undefined)?.missing).toHaveLength(16);
});

test('typed clients stay strict where REST is lenient, and unsafe JSON is refused here too', async () => {
  const lenient = client().workflows.list.query({ limit: '5' as unknown as number });
  expect(await dataOf(lenient)).toMatchObject({ httpStatus: 422 });
  const post = (body: string) => ada.send('POST', '/trpc/workflows.create', body);
  expect((await post('{"__proto__":{}}')).status).toBe(422);
  expect((await post(`${'['.repeat(200)}${']'.repeat(200)}`)).status).toBe(422);
  expect((await post('{"name":')).status).toBe(422);
  expect((await post(JSON.stringify({ name: 'x'.repeat(2_000_000) }))).status).toBe(413);
  expect((await ada.send('GET', '/trpc/workflows.get?input=%7B%22')).status).toBe(422);
});

test('without a session it is 401, and no stack leaves the server', async () => {
  const answer = await server.nobody.send('GET', '/trpc/auth.me');
  expect(answer.status).toBe(401);
  expect(JSON.stringify(answer.body)).not.toContain('stack');
  expect((await ada.send('GET', '/trpc/nothing.here')).status).toBe(404);
  expect((await ada.send('GET', '/trpc/workflows.create')).status).toBe(405);
});

test('signing in sets the cookie', async () => {
  const body = { username: 'ada', password: 'lovelace' };
  const { status, headers } = await server.nobody.send('POST', '/trpc/auth.openSession', body);
  expect(status).toBe(200);
  expect(headers.get('set-cookie')).toMatch(
    /^pipewright=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/,
  );
});
