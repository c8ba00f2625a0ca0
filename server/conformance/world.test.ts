import { afterAll, beforeAll, expect, test } from 'vitest';
import { restCall } from './client.ts';
import { operations } from './listed-operation.ts';
import { openStage, type Stage } from './test-stage.ts';
import { ABSENT, keyOf, makeWorld, validInput, type World } from './world.ts';

let stage: Stage;
let world: World;
beforeAll(async () => {
  stage = await openStage();
  world = await makeWorld(stage, 'ada');
});
afterAll(() => stage.close());

test('the world knows a value, and an absent one, for every path parameter of every operation', () => {
  const unknown = operations.flatMap(({ id, pathKeys }) =>
    [...pathKeys]
      .filter((key) => world.path[key] === undefined || ABSENT[key] === undefined)
      .map((key) => `${id}: ${key}`),
  );
  expect(unknown).toEqual([]);
});

test('every operation that reads answers with what the world has', async () => {
  const reading = operations.filter(({ operation }) => operation.method === 'get');
  expect(reading.length).toBeGreaterThan(20);
  for (const prepared of reading) {
    const needsAdmin =
      !['public', 'visitor', 'gateway'].includes(prepared.operation.access) &&
      prepared.pathKeys.has('user_id');
    const call = restCall(prepared, validInput(prepared, world));
    const reply = await stage.client.send({
      ...call,
      key: needsAdmin ? stage.admin.key : keyOf(world, prepared),
    });
    const refused = reply.status === 403;
    const answer = refused ? await stage.client.send({ ...call, key: stage.admin.key }) : reply;
    expect(answer.status, `${prepared.id}: ${answer.text.slice(0, 300)}`).toBe(prepared.operation.status);
    const { success, error } = prepared.operation.output.safeParse(answer.body);
    expect(success, `${prepared.id}: ${error?.message}`).toBe(true);
  }
});
