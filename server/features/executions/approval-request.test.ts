import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApprovalRequest } from '#domain/node/executor.ts';
import { type Connection, connect } from '#server/db/connection.ts';
import { createTestDatabase, type TestDatabase } from '#server/db/template-database.ts';
import type { StepPlace } from '#server/engine/interface.ts';
import { createAccount } from '../accounts/setup.ts';
import { readLink } from './approval-link.ts';
import { createApprovalRequests } from './approval-request.ts';
import { createAwaitedCalls } from './awaited-call.ts';

let database: TestDatabase;
let connection: Connection;
let owner: { userId: number; environmentId: number };
let workflowId: number;
beforeAll(async () => {
  database = await createTestDatabase();
  connection = connect(database.url, 5);
  const { db, pool } = connection;
  const account = { username: 'grace', password_hash: '', role: 'normal' } as const;
  const { userId } = await db.transaction().execute((trx) => createAccount(trx, account));
  const { rows } = await pool.query<{ id: number; environment: number }>(
    `insert into workflows (environment_id, owner_id, name, slug)
     select environment_id, user_id, 'w', 'w' from memberships where user_id = $1
     returning id, environment_id as environment`,
    [userId],
  );
  owner = { userId, environmentId: rows[0]?.environment ?? 0 };
  workflowId = rows[0]?.id ?? 0;
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

const place = (scope = ''): StepPlace => ({
  executionId: randomUUID(),
  environmentId: owner.environmentId,
  workflowId,
  rootId: randomUUID(),
  depth: 0,
  node: 'ask',
  scope,
  call: '',
  actor: 'ask',
  triggerKind: 'manual',
  token: 1,
  idempotencyKey: 'k',
  signal: new AbortController().signal,
});
const question: ApprovalRequest = {
  prompt: 'Pay?',
  approvers: [],
  needed: 1,
  allowSelf: true,
  expiresAt: null,
  withLinks: false,
};
const tokenOf = (url: string): string => url.split('/').at(-1) ?? '';

test('a step that asks again asks the same question, and only its newest links work', async () => {
  const ask = createApprovalRequests(connection.db, 'https://flows.example');
  const here = place();
  const twice = [];
  for (const prompt of ['first', 'second']) {
    twice.push(await ask(here, { ...question, prompt, withLinks: true, approvers: ['ada', 'bob'] }));
  }
  const [first, second] = twice.map(({ links }) => links.map(({ holder, url }) => [holder, url] as const));
  expect(second?.map(([holder]) => holder)).toEqual(['ada', 'bob']);
  expect(second?.[0]?.[1]).toMatch(/^https:\/\/flows\.example\/approve\/[\w-]{43}$/);
  expect(await readLink(connection.db, tokenOf(first?.[0]?.[1] ?? ''))).toBeNull();
  expect(await readLink(connection.db, tokenOf(second?.[0]?.[1] ?? ''))).toMatchObject({
    prompt: 'first',
    holder: 'ada',
  });
  const { rows } = await connection.pool.query('select 1 from approvals where execution_id = $1', [
    here.executionId,
  ]);
  expect(rows).toHaveLength(1);
});

test('links and addresses are stored so that nobody can read them from the database', async () => {
  const here = place('0');
  const { links } = await createApprovalRequests(connection.db, 'https://f')(here, {
    ...question,
    withLinks: true,
  });
  const { url } = await createAwaitedCalls(connection.db, 'https://f')(here, { expiresAt: null });
  const { rows } = await connection.pool.query(
    'select l::text from approval_links l union all select c::text from awaited_calls c',
  );
  const stored = JSON.stringify(rows);
  for (const secret of [tokenOf(links[0]?.url ?? ''), tokenOf(url)]) {
    expect(secret).toHaveLength(43);
    expect(stored).not.toContain(secret);
  }
});

test.each([
  [{ approvers: ['nobody'] }, 'nobody here may give it (“Who decides” says nobody)'],
  [{ needed: 2 }, '2 approvals are needed, but only one person'],
  [{ approvers: ['viewer'] }, 'nobody'],
])('a question nobody can answer is refused: %j', async (change, why) => {
  const ask = createApprovalRequests(connection.db, 'https://f');
  const asking = ask(place(), { ...question, ...change });
  await expect(asking).rejects.toMatchObject({
    code: 'no_approver',
    permanent: true,
    message: expect.stringContaining(why),
  });
  const { rows } = await connection.pool.query(
    "select 1 from approvals where prompt = 'Pay?' and scope = ''",
  );
  expect(rows).toEqual([]);
});

test.each([[['grace']], [['owner']], [['normal', 'nobody']], [[]]])(
  'approvers %j include the owner of the environment',
  async (approvers) => {
    const ask = createApprovalRequests(connection.db, 'https://f');
    expect(await ask(place('1'), { ...question, approvers })).toEqual({ source: 'approval', links: [] });
  },
);
