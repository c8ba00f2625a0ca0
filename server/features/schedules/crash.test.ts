import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Connection, connect } from '#server/db/connection.ts';
import { createTestDatabase, type TestDatabase } from '#server/db/template-database.ts';
import { addSchedule, addWorkflow, firesOf, until } from './bench-fixture.ts';

const SCHEDULES = 20;
const KILLS = 6;
const MINUTES_WRONG = [5, -5];
const main = fileURLToPath(new URL('./process-fixture.ts', import.meta.url));

let database: TestDatabase;
let connection: Connection;
const children: ChildProcess[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  connection = connect(database.url, 3);
});
afterAll(async () => {
  await Promise.all(children.map(kill));
  await connection.close();
  await database.drop();
});

/** Starts the process in a place; its clock is five minutes fast or slow. */
async function start(place: number): Promise<void> {
  const wrongBy = String((MINUTES_WRONG[place] ?? 0) * 60);
  const child = spawn(process.execPath, [main, database.url, wrongBy], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children[place] = child;
  await once(child.stdout, 'data');
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

it('makes every fire exactly once while its processes are killed, with clocks five minutes wrong', {
  timeout: 120_000,
}, async () => {
  const { db } = connection;
  const workflow = await addWorkflow(db);
  const columns = { interval_seconds: 1, overlap_policy: 'allow', misfire_policy: 'all' } as const;
  const ids: string[] = [];
  for (let n = 0; n < SCHEDULES; n += 1) ids.push(await addSchedule(db, workflow, n / SCHEDULES, columns));
  await Promise.all([start(0), start(1)]);
  for (let n = 0; n < KILLS; n += 1) {
    await pause(900 + n * 37);
    const child = children[n % 2];
    if (child) await kill(child);
    await start(n % 2);
  }
  await db
    .updateTable('schedules')
    .set({ status: 'paused', next_fire_at: null, next_run_at: null })
    .execute();
  await until(async () => {
    const open = await db
      .selectFrom('schedule_fires')
      .select('schedule_id')
      .where('ended_at', 'is', null)
      .where('outcome', 'in', ['starting', 'queued', 'fired'])
      .execute();
    return open.length === 0;
  }, 60_000);
  const runs = await db.selectFrom('executions').select(['id', 'idempotency_key', 'status']).execute();
  const made = new Map(runs.map((run) => [run.id, run.idempotency_key]));
  let count = 0;
  for (const id of ids) {
    const fires = await firesOf(db, id);
    const times = fires.map((fire) => Number(fire.fire_at));
    expect(times).toEqual(times.map((_, n) => (times[0] ?? 0) + n * 1000));
    for (const fire of fires.filter((one) => one.outcome === 'fired')) {
      expect(made.get(fire.execution_id ?? '')).toBe(fire.run_key);
      count += 1;
    }
  }
  expect(count).toBe(runs.length);
  expect(runs.every((run) => run.status === 'completed')).toBe(true);
  expect(count).toBeGreaterThan(SCHEDULES * 4);
});
