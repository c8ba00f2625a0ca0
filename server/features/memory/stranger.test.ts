import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Message } from '#domain/chat/message.ts';
import { type Connection, connect } from '#server/db/connection.ts';
import { createTestDatabase, type TestDatabase } from '#server/db/template-database.ts';
import { storeWorkflow } from '#server/engine/test-engine.ts';
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

async function newRun({ environmentId, workflowId, versionId }: Flow, triggerKind: string) {
  const executionId = randomUUID();
  await connection.pool.query(
    `insert into executions (id, environment_id, workflow_id, workflow_version_id, trigger_node, trigger_kind,
       root_id, status, trigger, created_at) values ($1, $2, $3, $4, 't', $5, $1, 'running', '{}', now())`,
    [executionId, environmentId, workflowId, versionId, triggerKind],
  );
  const run = { executionId, rootId: executionId, environmentId, workflowId, triggerKind, depth: 0 };
  const step = { node: 'agent', actor: 'agent', scope: '', call: '', token: 1, idempotencyKey: 'k' };
  const place = { ...run, ...step, signal: new AbortController().signal };
  return { place, ...createStepMemory(connection.db)(place) };
}

const agent = { name: 'agent' };
const PLAN: Message[] = [{ role: 'user', content: 'my secret plan' }];

test('strangers never get into a conversation of the owner, also when a visitor deletes theirs meanwhile', async () => {
  const flow = await storeWorkflow(connection.pool, { nodes: [], edges: [] });
  await (await newRun(flow, 'manual')).keepConversation(agent, PLAN);
  const visit = await newRun(flow, 'chat');
  // Of what was said nothing is there any more.
  await connection.pool.query(
    'insert into chat_visits (execution_id, workflow_id, visitor_id) values ($1, $2, $3)',
    [visit.place.executionId, flow.workflowId, 'somebody'],
  );
  const webhook = await newRun(flow, 'webhook');
  for (const stranger of [visit, webhook]) {
    expect(await stranger.conversation(agent)).toEqual([]);
    await stranger.keepConversation(agent, [{ role: 'user', content: 'I am the owner' }]);
  }
  expect(await (await newRun(flow, 'manual')).conversation(agent)).toEqual(PLAN);
  expect(await memoryPlace(connection.db, visit.place)).toMatchObject({ personId: 'visitor:somebody' });
});
