import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';

let server: TestServer;
let admin: Caller;
let user: Caller;
let environmentId: number;
const RESOURCES = ['facts', 'episodes', 'procedures', 'users', 'checkpoints'] as const;
const capital = (name: string) => name.slice(0, 1).toUpperCase() + name.slice(1);

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.setUp();
  user = await server.addUser('bob');
  const { rows } = await server.connection.pool.query<{ id: number }>(
    'select min(id) as id from environments',
  );
  environmentId = rows[0]?.id ?? 0;
});
afterAll(() => server.close());

const insert = (sql: string, values: unknown[]) => server.connection.pool.query(sql, values);
const fact = (key: string, more: { scope?: string; type?: string; at?: string; value?: unknown } = {}) =>
  insert(
    `insert into memory_facts (environment_id, scope, agent_id, key, value, fact_type, confidence, updated_at)
     values ($1, $2, 'agent_1', $3, $4, $5, 0.75, $6)`,
    [
      environmentId,
      more.scope ?? 'agent',
      key,
      JSON.stringify(more.value ?? 'tea'),
      more.type ?? 'user_preference',
      more.at ?? '2026-01-01T00:00:00Z',
    ],
  );

interface Page {
  items: Record<string, unknown>[];
  total: number;
}

it('lists facts, changed last first, by scope, type and words', async () => {
  await fact('drink', { value: { likes: ['tea', null] } });
  await fact('city', { scope: 'global', type: 'world_knowledge', at: '2026-03-01T00:00:00Z' });
  await fact('a', { at: '2026-02-01T00:00:00Z' });
  await fact('b', { at: '2026-02-01T00:00:00Z' });
  const all = await admin.ok<Page>('memories.facts');
  expect(all.total).toBe(4);
  expect(all.items.map((one) => one['key'])).toEqual(['city', 'b', 'a', 'drink']);
  expect(all.items[3]).toEqual({
    id: expect.any(String),
    scope: 'agent',
    agent_id: 'agent_1',
    user_id: null,
    key: 'drink',
    value: { likes: ['tea', null] },
    fact_type: 'user_preference',
    confidence: 0.75,
    times_confirmed: 1,
    access_count: 0,
    created_at: expect.stringMatching(/Z$/),
    updated_at: '2026-01-01T00:00:00.000Z',
  });
  const keys = async (input: Record<string, unknown>) =>
    (await admin.ok<Page>('memories.facts', input)).items.map((one) => one['key']);
  expect(await keys({ scope: 'global' })).toEqual(['city']);
  expect(await keys({ fact_type: 'world_knowledge' })).toEqual(['city']);
  expect(await keys({ scope: 'galaxy' })).toEqual([]);
  expect(await keys({ scope: '', fact_type: '' })).toHaveLength(4);
  expect(await keys({ q: 'LIKES' })).toEqual(['drink']);
  expect(await keys({ q: '100%' })).toEqual([]);
  expect(await keys({ limit: 2, offset: 1 })).toEqual(['b', 'a']);
  expect(await keys({ offset: 9 })).toEqual([]);
  expect(await admin.ok<Page>('memories.facts', { limit: 0 })).toEqual({ items: [], total: 4 });
});

it('lists episodes and procedures by agent', async () => {
  await insert(
    `insert into memory_episodes (environment_id, agent_id, trigger_type, success, summary, started_at)
     values ($1, 'a', 'chat', true, 'Booked a table', '2026-01-01Z'), ($1, 'b', 'manual', false, null, '2026-01-02Z')`,
    [environmentId],
  );
  await insert(
    `insert into memory_procedures (environment_id, agent_id, name, procedure_type, times_used, times_succeeded, times_failed)
     values ($1, 'a', 'new', 'plan', 0, 0, 0), ($1, 'b', 'old', 'plan', 4, 3, 1)`,
    [environmentId],
  );
  const episodes = await admin.ok<Page>('memories.episodes');
  expect(episodes.items.map((one) => one['agent_id'])).toEqual(['b', 'a']);
  expect(episodes.items[1]).toEqual({
    id: expect.any(String),
    agent_id: 'a',
    user_id: null,
    trigger_type: 'chat',
    success: true,
    error_code: null,
    summary: 'Booked a table',
    started_at: '2026-01-01T00:00:00.000Z',
    ended_at: null,
    duration_ms: null,
    created_at: expect.stringMatching(/Z$/),
  });
  expect((await admin.ok<Page>('memories.episodes', { agent_id: 'a' })).total).toBe(1);
  const procedures = await admin.ok<Page>('memories.procedures');
  const rates = Object.fromEntries(procedures.items.map((one) => [one['name'], one['success_rate']]));
  expect(rates).toEqual({ new: 0.5, old: 0.75 });
  expect((await admin.ok<Page>('memories.procedures', { agent_id: 'nobody' })).items).toEqual([]);
});

it('lists users and checkpoints', async () => {
  await insert(
    `insert into memory_users (environment_id, canonical_id, display_name, last_seen_at)
     values ($1, 'u1', 'Grace', '2026-01-01Z'), ($1, 'u2', null, '2026-01-02Z')`,
    [environmentId],
  );
  await insert(
    `insert into memory_checkpoints (environment_id, thread_id, checkpoint_id, state, blob_size, step)
     values ($1, '1:1', 'c1', '{}', 2, 0), ($1, '1:1', 'c2', '{}', 2, 1), ($1, '2:1', 'c3', '{}', 2, null)`,
    [environmentId],
  );
  const users = await admin.ok<Page>('memories.users');
  expect(users.items.map((one) => one['canonical_id'])).toEqual(['u2', 'u1']);
  expect((await admin.ok<Page>('memories.users', { q: 'grace' })).total).toBe(1);
  const checkpoints = await admin.ok<Page>('memories.checkpoints');
  expect(checkpoints.items.map((one) => one['checkpoint_id'])).toEqual(['c3', 'c2', 'c1']);
  expect(checkpoints.items[2]).toEqual({
    thread_id: '1:1',
    checkpoint_ns: '',
    checkpoint_id: 'c1',
    parent_checkpoint_id: null,
    step: 0,
    source: null,
    blob_size: 2,
  });
  expect((await admin.ok<Page>('memories.checkpoints', { thread_id: '1:1' })).total).toBe(2);
});

it('forgets what is chosen, and passes over what is not there', async () => {
  for (const resource of RESOURCES.slice(0, 4)) {
    const before = await admin.ok<Page>(`memories.${resource}`);
    const [first] = before.items;
    await admin.ok(`memories.delete${capital(resource)}`, {
      ids: [first?.['id'], 'nonsense', '00000000-0000-4000-8000-000000000000', first?.['id']],
    });
    expect((await admin.ok<Page>(`memories.${resource}`)).total).toBe(before.total - 1);
    await admin.ok(`memories.delete${capital(resource)}`, { ids: [] });
  }
  const { rows } = await insert(
    "select target, detail from audit_events where action = 'memory_deleted'",
    [],
  );
  expect(rows).toContainEqual({ target: 'memory_facts', detail: { count: 1 } });
});

it('forgets conversations by thread and by state, and their chat with them', async () => {
  const { rows } = await insert(
    `with w as (insert into workflows (environment_id, owner_id, name, slug) values ($1, 1, 'w', 'w-memory') returning id),
      t as (insert into chat_threads (thread_id, environment_id, workflow_id, user_id) select '1:1', $1, id, 1 from w returning id)
     insert into chat_messages (chat_thread_id, role, text) select id, 'user', 'hi' from t returning id`,
    [environmentId],
  );
  expect(rows).toHaveLength(1);
  await admin.ok('memories.deleteCheckpoints', { checkpoint_ids: ['c3'] });
  expect((await admin.ok<Page>('memories.checkpoints')).total).toBe(2);
  await admin.ok('memories.deleteCheckpoints', {});
  await admin.ok('memories.deleteCheckpoints', { thread_ids: [], checkpoint_ids: null });
  expect((await admin.ok<Page>('memories.checkpoints')).total).toBe(2);
  await admin.ok('memories.deleteCheckpoints', { thread_ids: ['1:1', 'other'] });
  expect((await admin.ok<Page>('memories.checkpoints')).total).toBe(0);
  expect((await insert('select id from chat_messages', [])).rows).toEqual([]);
});

it.each(RESOURCES)('is for administrators: %s', async (resource) => {
  const refused = { status: 403, body: { detail: 'Admin access required.', code: 'forbidden' } };
  expect(await user.call(`memories.${resource}`)).toMatchObject(refused);
  expect(await user.call(`memories.delete${capital(resource)}`, { ids: [] })).toMatchObject(refused);
  expect((await server.nobody.call(`memories.${resource}`)).status).toBe(401);
});

it.each(RESOURCES)('refuses what it cannot read: %s', async (resource) => {
  expect((await admin.call(`memories.${resource}`, { limit: -1 })).status).toBe(422);
  expect((await admin.call(`memories.${resource}`, { q: 'a\u0000' })).status).toBe(422);
  const name = `memories.delete${capital(resource)}`;
  const field = resource === 'checkpoints' ? 'thread_ids' : 'ids';
  expect((await admin.call(name, { [field]: 'x' })).status).toBe(422);
  expect((await admin.call(name, { [field]: [1] })).status).toBe(422);
  if (resource !== 'checkpoints') expect((await admin.call(name, {})).status).toBe(422);
});
