import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Message } from '#domain/chat/message.ts';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { type Connection, connect } from '#server/db/connection.ts';
import { createTestDatabase, type TestDatabase } from '#server/db/template-database.ts';
import { storeWorkflow } from '#server/engine/test-engine.ts';
import { closeEpisode } from './episode.ts';
import { memoryPlace } from './place.ts';
import { createStepMemory } from './step-memory.ts';

let database: TestDatabase;
let connection: Connection;
beforeAll(async () => {
  database = await createTestDatabase();
  connection = connect(database.url, 3);
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

type Flow = Awaited<ReturnType<typeof storeWorkflow>>;
type Given = { visitor?: string; startedBy?: number; origin?: string; call?: string };

const newFlow = (auth = 'none'): Promise<Flow> =>
  storeWorkflow(connection.pool, {
    nodes: [
      {
        id: 't',
        type: 'trigger_webhook',
        label: null,
        x: 0,
        y: 0,
        config: { auth },
        settings: DEFAULT_SETTINGS,
      },
    ],
    edges: [],
  });

/** A run that is under way, and what its step may remember. */
async function newRun(
  { environmentId, workflowId, versionId }: Flow,
  triggerKind: string,
  { visitor, startedBy, origin, call = '' }: Given = {},
) {
  const executionId = randomUUID();
  const options = origin ? { origin: { run: origin, kind: 'chat', depth: 1 } } : {};
  await connection.pool.query(
    `insert into executions (id, environment_id, workflow_id, workflow_version_id, started_by, trigger_node,
       trigger_kind, root_id, status, trigger, options, created_at)
     values ($1, $2, $3, $4, $5, 't', $6, $1, 'running', '{"text":"Hello"}', $7, now())`,
    [
      executionId,
      environmentId,
      workflowId,
      versionId,
      startedBy ?? null,
      triggerKind,
      JSON.stringify(options),
    ],
  );
  if (visitor) {
    await connection.pool.query(
      'insert into chat_visits (execution_id, workflow_id, visitor_id) values ($1, $2, $3)',
      [executionId, workflowId, visitor],
    );
  }
  const run = { executionId, rootId: executionId, environmentId, workflowId, triggerKind, depth: 0 };
  const step = { node: 'agent', actor: 'agent', scope: '', call, token: 1, idempotencyKey: 'k' };
  const place = { ...run, ...step, signal: new AbortController().signal };
  return { place, ...createStepMemory(connection.db)(place) };
}

const userOf = async (flow: Flow): Promise<number> => {
  const { rows } = await connection.pool.query('select owner_id from workflows where id = $1', [
    flow.workflowId,
  ]);
  return rows[0].owner_id;
};
const agent = { name: 'agent' };
const PLAN: Message[] = [{ role: 'user', content: 'my secret plan' }];
const bob = {
  kind: 'identify',
  channel: 'email',
  externalId: 'bob@example.com',
  displayName: 'Bob',
} as const;
const drink = {
  kind: 'remember',
  key: 'drink',
  value: 'tea',
  factType: 'user_preference',
  overwrite: true,
  scope: 'user',
} as const;

test('strangers never get into a conversation of the owner, also when a visitor deletes theirs meanwhile', async () => {
  const flow = await newFlow();
  await (await newRun(flow, 'manual')).keepConversation(agent, PLAN);
  // Of what was said nothing is there any more.
  const visit = await newRun(flow, 'chat', { visitor: 'somebody' });
  const webhook = await newRun(flow, 'webhook');
  for (const stranger of [visit, webhook]) {
    expect(await stranger.conversation(agent)).toEqual([]);
    await stranger.keepConversation(agent, [{ role: 'user', content: 'I am the owner' }]);
  }
  expect(await (await newRun(flow, 'manual')).conversation(agent)).toEqual(PLAN);
  expect(await memoryPlace(connection.db, visit.place)).toMatchObject({ personId: 'visitor:somebody' });
});

test('what a visitor’s run begins through the API speaks for the visitor, not for the owner', async () => {
  const flow = await newFlow();
  const visit = await newRun(flow, 'chat', { visitor: 'somebody' });
  const begun = { startedBy: await userOf(flow), origin: visit.place.executionId };
  const { place } = await newRun(flow, 'manual', begun);
  expect(await memoryPlace(connection.db, place)).toMatchObject({
    personId: 'visitor:somebody',
    threadId: `visitor:somebody:${flow.workflowId}`,
    isVisit: true,
    isStranger: true,
  });
});

describe('whom people say they are', () => {
  const known = { userId: 'email:bob@example.com', context: { facts: { drink: 'tea' } } };

  test.each([
    ['a step for a webhook that checks its callers', 'hmac', 'webhook', {}, known],
    ['a step of a run without anybody', 'none', 'schedule', {}, known],
    [
      'a step for an open webhook',
      'none',
      'webhook',
      {},
      { userId: 'unverified:email:bob@example.com', isNew: true, context: { facts: {}, verified: false } },
    ],
    [
      'a model in a run without anybody',
      'none',
      'schedule',
      { call: 'tool:1:0' },
      { userId: 'unverified:email:bob@example.com', context: { facts: {}, verified: false } },
    ],
    [
      'a step for a visitor',
      'none',
      'chat',
      { visitor: 'eve' },
      {
        userId: 'visitor:eve',
        context: { facts: {}, claims: 'email:bob@example.com', verified: false, display_name: 'Bob' },
      },
    ],
  ])('counts as %s is concerned', async (_who, auth, kind, given, expected) => {
    const flow = await newFlow(auth);
    const first = await newRun(flow, 'manual');
    await first.memory(bob);
    await first.memory(drink);
    const { memory } = await newRun(flow, kind, given);
    expect(await memory(bob)).toMatchObject(expected);
    const mine = await memory({
      kind: 'recall',
      memory: 'facts',
      key: 'drink',
      query: null,
      limit: 5,
      minConfidence: 0,
    });
    expect(mine).toHaveLength(expected === known ? 1 : 0);
  });

  test('does not turn somebody who is signed in into somebody else', async () => {
    const flow = await newFlow();
    await (await newRun(flow, 'manual')).memory(bob);
    const startedBy = await userOf(flow);
    const { memory } = await newRun(flow, 'chat', { startedBy, call: 'tool:1:0' });
    expect(await memory(bob)).toMatchObject({ userId: `user:${startedBy}`, context: { verified: false } });
  });
});

describe('what strangers say', () => {
  async function ended(run: Awaited<ReturnType<typeof newRun>>): Promise<void> {
    const { place } = run;
    await run.conversation(agent);
    await run.memory({ ...drink, scope: 'auto' }).catch(() => undefined);
    await connection.pool.query(
      `update executions set status = 'completed', output = '{"output":"Hi"}', finished_at = now() where id = $1`,
      [place.executionId],
    );
    await closeEpisode(connection.db, () => undefined, { ...place, status: 'completed', error: null });
  }
  const episodesFor = async (run: Awaited<ReturnType<typeof newRun>>) =>
    (
      await run.memory({
        kind: 'recall',
        memory: 'episodes',
        key: null,
        query: null,
        limit: 50,
        minConfidence: 0,
      })
    ).map(({ key }) => key);

  test('is recalled by nobody else, and strangers recall nothing of runs without anybody', async () => {
    const flow = await newFlow();
    const signed = { startedBy: await userOf(flow) };
    await ended(await newRun(flow, 'chat', { visitor: 'eve' }));
    await ended(await newRun(flow, 'webhook'));
    await ended(await newRun(flow, 'schedule'));
    await ended(await newRun(flow, 'chat', signed));
    expect(await episodesFor(await newRun(flow, 'chat', { visitor: 'eve' }))).toEqual(['chat']);
    expect(await episodesFor(await newRun(flow, 'chat', { visitor: 'mallory' }))).toEqual([]);
    expect(await episodesFor(await newRun(flow, 'webhook'))).toEqual([]);
    expect(await episodesFor(await newRun(flow, 'schedule'))).toEqual(['schedule']);
    expect(await episodesFor(await newRun(flow, 'chat', signed))).toEqual(['chat', 'schedule']);
  });

  test('is no procedure for everybody, unless the owner wants it', async () => {
    const flow = await newFlow();
    const lesson = {
      kind: 'learn',
      name: 'refund',
      description: 'Money back',
      content: ['Pay twice'],
    } as const;
    for (const run of [
      await newRun(flow, 'chat', { visitor: 'eve' }),
      await newRun(flow, 'webhook'),
      await newRun(flow, 'gateway', { startedBy: await userOf(flow) }),
    ]) {
      await expect(run.memory(lesson)).rejects.toMatchObject({ code: 'bad_memory', permanent: true });
    }
    const visit = await newRun(flow, 'chat', { visitor: 'eve' });
    expect(await visit.memory({ ...lesson, fromStrangers: true })).toEqual({ created: true });
    expect(await (await newRun(flow, 'schedule')).memory(lesson)).toEqual({ created: false });
  });
});
