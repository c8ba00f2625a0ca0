import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { operation } from '#contract/operation.ts';
import { may } from '#domain/access/permission.ts';
import type { PlatformAnswer } from '#domain/node/ai-capability.ts';
import { AppError } from '#domain/problem.ts';
import { type Connection, connect } from '#server/db/connection.ts';
import { createTestDatabase } from '#server/db/template-database.ts';
import { uuidV7 } from '#server/engine/uuid-v7.ts';
import { createAccount } from '#server/features/accounts/setup.ts';
import { prepare } from '#server/http/operation.ts';
import { type RequestContext, seesEverything } from '../handler.ts';
import { ownerOf } from './owner.ts';
import { type CallingStep, createPlatform } from './platform.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let connection: Connection;
let place: CallingStep;
let ownerId: number;
const reported: unknown[] = [];

const ask = (access: 'workflow.read' | 'workflow.edit', method: 'get' | 'post', path: string) =>
  operation({
    method,
    path,
    status: 200,
    access,
    summary: 'For this test.',
    input: z.object({ n: z.int().optional() }),
    output: z.json(),
  });

const operations = {
  thing: {
    read: ask('workflow.read', 'get', '/things'),
    change: ask('workflow.edit', 'post', '/things'),
    fail: ask('workflow.read', 'get', '/failing'),
    refuse: ask('workflow.read', 'get', '/refusing'),
  },
};
const seen = ({ viewer, address }: RequestContext) =>
  Promise.resolve({ who: viewer?.username ?? null, as: viewer?.memberRole ?? null, address });
const handlers = {
  thing: {
    read: seen,
    change: seen,
    fail: () => Promise.reject(new Error('a secret detail')),
    refuse: () => Promise.reject(new AppError('conflict', 'Taken.')),
  },
};

const platform = () =>
  createPlatform({
    db: connection.db,
    operations: prepare(operations, handlers),
    own: [],
    report: (error) => void reported.push(error),
  });

beforeAll(async () => {
  database = await createTestDatabase();
  connection = connect(database.url, 4);
  const { db } = connection;
  const made = await db
    .transaction()
    .execute((trx) => createAccount(trx, { username: 'bob', password_hash: '', role: 'normal' }));
  ownerId = made.userId;
  const { environment_id } = await db
    .selectFrom('memberships')
    .select('environment_id')
    .where('user_id', '=', ownerId)
    .executeTakeFirstOrThrow();
  const { id } = await db
    .insertInto('workflows')
    .values({ environment_id, owner_id: ownerId, name: 'A', slug: 'a' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const executionId = uuidV7();
  place = {
    executionId,
    rootId: executionId,
    workflowId: id,
    environmentId: environment_id,
    node: 'bot',
    actor: 'tool_1',
    call: '1',
    idempotencyKey: 'key',
  };
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

const read = { operation: 'thing.read', input: {} };

test('is the owner, in the run’s environment', async () => {
  expect(await platform()(place, read)).toEqual({
    status: 200,
    body: { who: 'bob', as: 'owner', address: `execution ${place.executionId}` },
  });
});

test('is no administrator beyond the environment, though the owner is one', async () => {
  const { db } = connection;
  await db.updateTable('users').set({ role: 'admin' }).where('id', '=', ownerId).execute();
  const viewer = await ownerOf(db, place);
  await db.updateTable('users').set({ role: 'normal' }).where('id', '=', ownerId).execute();
  expect(viewer).toMatchObject({ memberRole: 'owner', environmentId: place.environmentId });
  expect(seesEverything(viewer)).toBe(false);
  expect(may(viewer, 'memory.read')).toBe(false);
});

test('answers refusals as over HTTP instead of throwing', async () => {
  const call = platform();
  expect(await call(place, { operation: 'thing.refuse', input: {} })).toEqual({
    status: 409,
    body: { detail: 'Taken.', code: 'conflict' },
  });
  expect(await call(place, { operation: 'thing.read', input: { n: 'x' } })).toMatchObject({
    status: 422,
    body: { detail: [{ loc: ['query', 'n'] }] },
  });
  expect(await call(place, { method: 'GET', path: '/things?n=5' })).toMatchObject({ status: 200 });
});

test('reports what nobody meant to happen, and does not tell the step what it was', async () => {
  const failing = platform()(place, { operation: 'thing.fail', input: {} });
  await expect(failing).rejects.toMatchObject({ code: 'platform_failed', permanent: false });
  await expect(failing).rejects.not.toThrow(/secret detail/);
  expect(reported).toEqual([expect.objectContaining({ message: 'a secret detail' })]);
});

test('records changes only, as done by the owner through the run', async () => {
  await sql`delete from audit_events`.execute(connection.db).catch(() => undefined);
  const call = platform();
  await call(place, { operation: 'thing.change', input: {} });
  const rows = await connection.db
    .selectFrom('audit_events')
    .select(['actor_id', 'target', 'detail', 'actor_address'])
    .where('action', '=', 'operation_called')
    .execute();
  expect(rows).toEqual([
    {
      actor_id: ownerId,
      target: 'thing.change',
      actor_address: `execution ${place.executionId}`,
      detail: { via: 'execution', execution_id: place.executionId, node: 'tool_1' },
    },
  ]);
});

test('stops runs that call endlessly, each workflow for itself', async () => {
  const call = platform();
  const answers: PlatformAnswer[] = [];
  for (let batch = 0; batch < 40 && answers.every(({ status }) => status === 200); batch += 1) {
    answers.push(...(await Promise.all(Array.from({ length: 50 }, () => call(place, read)))));
  }
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(240);
  expect(answers.find(({ status }) => status === 429)?.body).toMatchObject({ code: 'too_many' });
  expect((await call({ ...place, workflowId: place.workflowId + 1 }, read)).status).toBe(401);
});

test('follows what becomes of the owner', async () => {
  const { db } = connection;
  const call = platform();
  const change = { operation: 'thing.change', input: {} };
  await db.updateTable('memberships').set({ role: 'viewer' }).where('user_id', '=', ownerId).execute();
  expect((await call(place, read)).status).toBe(200);
  expect(await call(place, change)).toMatchObject({
    status: 403,
    body: { detail: expect.stringContaining('at least the role “editor”') },
  });
  await db.deleteFrom('memberships').where('user_id', '=', ownerId).execute();
  expect((await call(place, read)).status).toBe(403);
  await db.updateTable('users').set({ disabled_at: sql`now()` }).where('id', '=', ownerId).execute();
  expect((await call(place, read)).status).toBe(401);
});
