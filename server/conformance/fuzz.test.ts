import { afterAll, beforeAll, expect, test } from 'vitest';
import { fuzz } from './fuzz.ts';
import { openStage, type Stage } from './test-stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test('random requests made after the document get answers the document knows, and never a 500', async () => {
  const seed = Number(process.env.PIPEWRIGHT_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const { client, connection } = stage;
  const { sent, byStatus, faults } = await fuzz({ client, connection, requests: 2000, seed });
  expect(faults, `PIPEWRIGHT_FUZZ_SEED=${seed} sends the same again`).toEqual([]);
  expect(sent).toBe(2000);
  // Most requests are meant to get somewhere.
  expect(byStatus[200] ?? 0, JSON.stringify(byStatus)).toBeGreaterThan(100);
  expect((await client.send({ method: 'GET', path: '/health' })).body).toMatchObject({ status: 'ok' });
}, 120_000);
