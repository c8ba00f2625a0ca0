import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { operation } from '#contract/operation.ts';
import { AppError } from '#domain/problem.ts';
import { type Connection, connect } from '#server/db/connection.ts';
import { deleteRuns } from '#server/db/delete-run.ts';
import { createTestDatabase } from '#server/db/template-database.ts';
import { uuidV7 } from '#server/engine/uuid-v7.ts';
import { createAccount } from '#server/features/accounts/setup.ts';
import { prepare } from '#server/http/operation.ts';
import { type CallingStep, createPlatform } from './platform.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let connection: Connection;
let place: CallingStep;
let crash: () => Promise<unknown> = () => Promise.resolve();

const operations = {
  thing: {
    add: operation({
      method: 'post',
      path: '/things',
      status: 201,
      access: 'workflow.edit',
      summary: 'For this test.',
      input: z.object({ username: z.string() }),
      output: z.json(),
    }),
  },
};
/** Every call leaves something behind, and may die afterwards. */
const handlers = {
  thing: {
    add: async (_: unknown, { username }: { username: string }) => {
      if (username === 'nobody') throw new AppError('conflict', 'Taken.');
      const values = { username: `${username}-${uuidV7()}`, password_hash: '', role: 'normal' } as const;
      const { userId } = await connection.db.transaction().execute((trx) => createAccount(trx, values));
      await crash();
      return { id: userId };
    },
  },
};

/** As a process does that has just begun. */
const platform = () =>
  createPlatform({
    db: connection.db,
    operations: prepare(operations, handlers),
    own: [],
    report: () => undefined,
  });
const add = (username: string) => ({ operation: 'thing.add', input: { username } });
async function added(username: string): Promise<number> {
  const rows = await connection.db
    .selectFrom('users')
    .select('id')
    .where('username', 'like', `${username}-%`)
    .execute();
  return rows.length;
}

beforeAll(async () => {
  database = await createTestDatabase();
  connection = connect(database.url, 4);
  const { db } = connection;
  const { userId } = await db
    .transaction()
    .execute((trx) => createAccount(trx, { username: 'bob', password_hash: '', role: 'normal' }));
  const { environment_id } = await db
    .selectFrom('memberships')
    .select('environment_id')
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow();
  const { id } = await db
    .insertInto('workflows')
    .values({ environment_id, owner_id: userId, name: 'A', slug: 'a' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const executionId = uuidV7();
  const ids = { executionId, rootId: executionId, workflowId: id, environmentId: environment_id };
  place = { ...ids, node: 'bot', actor: 'tool_1', call: '1', idempotencyKey: 'key' };
});
beforeEach(() => {
  crash = () => Promise.resolve();
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

test('does not do again what was done before the step was run again, and answers the same', async () => {
  const first = await platform()(place, add('once'));
  expect(first.status).toBe(201);
  expect(await platform()(place, add('once'))).toEqual(first);
  expect(await added('once')).toBe(1);
});

test('says that it does not know after a crash between the effect and its record', async () => {
  crash = () => Promise.reject(new Error('the process died'));
  await expect(platform()(place, add('torn'))).rejects.toMatchObject({ code: 'platform_failed' });
  crash = () => Promise.resolve();
  expect(await platform()(place, add('torn'))).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('It is not known whether thing.add happened') },
  });
  expect(await added('torn')).toBe(1);
  // The model has looked, and calls once more.
  expect((await platform()({ ...place, call: '2', idempotencyKey: 'other' }, add('torn'))).status).toBe(201);
});

test('refuses again what it has refused', async () => {
  const refused = { status: 409, body: { detail: 'Taken.', code: 'conflict' } };
  expect(await platform()(place, add('nobody'))).toEqual(refused);
  expect(await platform()(place, add('nobody'))).toEqual(refused);
});

test('does the same again for another step, and forgets it all with the run', async () => {
  await platform()(place, add('both'));
  await platform()({ ...place, node: 'bot2', idempotencyKey: 'key2' }, add('both'));
  expect(await added('both')).toBe(2);
  await deleteRuns(connection.db, [place.executionId]);
  expect(await connection.db.selectFrom('api_calls').select('key').execute()).toEqual([]);
});
