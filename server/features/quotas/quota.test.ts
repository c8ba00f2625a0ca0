import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OutputOf } from '#contract/contract.ts';
import { QUOTAS, type QuotaName } from '#domain/access/quota.ts';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { type Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';

type Quotas = OutputOf<'quotas', 'get'>;

let server: TestServer;
let ada: Caller;
let bob: Caller;
let environment: number;
beforeAll(async () => {
  // Takes runs and drives none, so that they stay queued.
  server = await startTestServer({ PIPEWRIGHT_ROLE: 'server' });
  ada = await server.setUp();
  bob = await server.addUser('bob');
  environment = (await bob.ok<Quotas>('quotas.get')).environment_id;
});
afterAll(() => server.close());

const limit = (limits: Partial<Record<QuotaName, number | null>>) =>
  ada.ok<Quotas>('quotas.update', { environment_id: environment, ...limits });
const used = async (name: QuotaName): Promise<number> =>
  (await bob.ok<Quotas>('quotas.get')).quotas.find((one) => one.name === name)?.used ?? -1;

const add = (n: number, name: string) =>
  bob.call(
    name,
    {
      'workflows.create': { name: `w${n}`, slug: `w${n}` },
      'credentials.create': {
        name: `c${n}`,
        credential_type: 'llm',
        detail: { provider_type: 'openai', api_key: 'sk-0123456789abcdef' },
      },
      'users.createKey': { name: `k${n}` },
    }[name],
  );

test.each([
  ['workflows', 'workflows.create'],
  ['credentials', 'credentials.create'],
  ['api_keys', 'users.createKey'],
] as const)('%s: many at once take exactly what is left', async (quota, operation) => {
  const before = await used(quota);
  await limit({ [quota]: before + 3 });
  const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => add(n, operation)));
  expect(answers.map((one) => one.status).toSorted((a, b) => a - b)).toEqual([
    201, 201, 201, 409, 409, 409, 409, 409,
  ]);
  const refused = answers.find((one) => one.status === 409)?.body as { detail: string };
  expect(refused.detail).toContain(`quota “${quota}”`);
  expect(refused.detail).toMatch(/administrator for more\.$/);
  expect(await used(quota)).toBe(before + 3);
  await limit({ [quota]: null });
  expect((await add(100, operation)).status).toBe(201);
});

const hooks = (slug: string, revision: number, ids: readonly string[]) =>
  bob.call('workflows.changeGraph', {
    workflow_slug: slug,
    base_revision: revision,
    commands: ids.map((id) => ({
      kind: 'add_node',
      node: { id, type: 'trigger_webhook', label: null, x: 0, y: 0, config: {}, settings: DEFAULT_SETTINGS },
    })),
  });

test('webhooks: a change with too many is refused whole, one without new ones is not', async () => {
  await bob.ok('workflows.create', { name: 'hooks', slug: 'hooks' });
  await limit({ webhooks: 3 });
  expect((await hooks('hooks', 0, ['a', 'b'])).status).toBe(200);
  const refused = await hooks('hooks', 1, ['c', 'd']);
  expect(refused).toMatchObject({ status: 409, body: { code: 'conflict' } });
  expect(await used('webhooks')).toBe(2);
  await limit({ webhooks: 1 });
  const moved = await bob.call('workflows.changeGraph', {
    workflow_slug: 'hooks',
    base_revision: 1,
    commands: [{ kind: 'move_node', id: 'a', x: 5, y: 5 }],
  });
  expect(moved.status).toBe(200);
  await limit({ webhooks: null });
});

test('queued runs: 429, and when to come back', async () => {
  await bob.ok('workflows.create', { name: 'runs', slug: 'runs' });
  await bob.ok('workflows.changeGraph', {
    workflow_slug: 'runs',
    base_revision: 0,
    commands: [
      {
        kind: 'add_node',
        node: {
          id: 't',
          type: 'trigger_manual',
          label: null,
          x: 0,
          y: 0,
          config: {},
          settings: DEFAULT_SETTINGS,
        },
      },
      {
        kind: 'add_node',
        node: {
          id: 's',
          type: 'set',
          label: null,
          x: 0,
          y: 0,
          config: { mode: 'text', text: 'x' },
          settings: DEFAULT_SETTINGS,
        },
      },
      {
        kind: 'add_edge',
        edge: { id: 1, source: 't', sourcePort: 'payload', target: 's', targetPort: 'input', priority: 0 },
      },
    ],
  });
  const run = () => bob.call('workflows.execute', { workflow_slug: 'runs' });
  await limit({ queued_runs: 2 });
  const refused = await until(async () => {
    const answer = await run();
    return answer.status === 429 ? answer : null;
  });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused.body).toMatchObject({ code: 'too_many' });
  expect((refused.body as { detail: string }).detail).toContain('quota “queued_runs”');
  const queued = await used('queued_runs');
  expect((await run()).status).toBe(429);
  expect(await used('queued_runs')).toBe(queued);
  await limit({ queued_runs: null });
  await until(async () => (await run()).status === 200);
});

test('quotas are read by members and changed by administrators', async () => {
  expect((await bob.call('quotas.update', { environment_id: environment, workflows: 5 })).status).toBe(403);
  expect((await ada.call('quotas.update', { environment_id: 99_999, workflows: 5 })).status).toBe(404);
  expect((await ada.call('quotas.update', { environment_id: environment, workflows: -1 })).status).toBe(422);
  await limit({ workflows: 7, schedules: 8 });
  await limit({ schedules: null });
  const { quotas } = await bob.ok<Quotas>('quotas.get');
  const limits = Object.fromEntries(quotas.map((one) => [one.name, one.limit]));
  expect(limits).toEqual({
    ...Object.fromEntries(Object.entries(QUOTAS).map(([name, quota]) => [name, quota.limit])),
    workflows: 7,
  });
  await limit({ workflows: null });
});
