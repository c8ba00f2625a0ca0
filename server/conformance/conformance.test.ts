import { afterAll, beforeAll, describe, test } from 'vitest';
import { hasArea } from './listed-operation.ts';
import { makeMemories } from './memory-row.ts';
import { addPerson } from './person.ts';
import { areas } from './row/area.ts';
import { chat } from './row/memory.ts';
import type { Caller, Row } from './row/row.ts';
import { callOf, expectAnswer, isSo, type Kept } from './row-check.ts';
import { until } from './session.ts';
import { GATEWAY_TOKEN, openStage, type Stage } from './test-stage.ts';

let stage: Stage;
const kept: Kept = new Map();
const keys = new Map<Caller, string | null>([
  ['nobody', null],
  ['gateway', GATEWAY_TOKEN],
]);

beforeAll(async () => {
  stage = await openStage();
  const [grace, mallory] = [
    await addPerson(stage.connection, 'grace'),
    await addPerson(stage.connection, 'mallory'),
  ];
  keys.set('admin', stage.admin.key).set('user', grace.key).set('other', mallory.key);
  kept.set('user_id', grace.userId);
});
afterAll(() => stage.close());

/** What only runs of agents write is made by hand, once the workflow is there. */
async function makeMemory(): Promise<void> {
  const key = keys.get('user') ?? '';
  const [userId, workflowId] = [Number(kept.get('user_id')), Number(kept.get('orders'))];
  const owner = { username: 'grace', userId, environmentId: await environmentOf(userId), key };
  await makeMemories(stage.connection.pool, { owner, canary: 'grace', workflowId });
}

async function environmentOf(userId: number): Promise<number> {
  const { environment_id } = await stage.connection.db
    .selectFrom('memberships')
    .select('environment_id')
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow();
  return environment_id;
}

async function expectRow(row: Row): Promise<void> {
  const ask = () => stage.client.send(callOf(row, keys.get(row.as ?? 'user') ?? null, kept));
  if (row.eventually) await until(async () => isSo(row, await ask(), kept)).catch(() => false);
  expectAnswer(row, await ask(), kept);
}

describe.each(areas.filter(({ area }) => hasArea(area)))('$section', ({ rows }) => {
  if (rows === chat) beforeAll(makeMemory);
  const named = rows.map(
    (row) => [`${row.call.slice(0, 80)} as ${row.as ?? 'user'}: ${row.status}`, row] as const,
  );
  test.each(named)('%s', async (_name, row) => {
    await expectRow(row);
  });
});
