import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#server/db/template-database.ts';
import {
  addSchedule,
  addWorkflow,
  arm,
  type Bench,
  firesOf,
  scheduleOf,
  startBench,
  until,
} from './bench-fixture.ts';
import { pauseSchedule } from './change.ts';
import { claimDue } from './claim.ts';
import { reviveIdle } from './revive.ts';
import { fireAll, startScheduleRunner } from './runner.ts';
import { afterScheduledRun, settleLeftBehind } from './settle.ts';
import { startFire } from './start-fire.ts';

let database: TestDatabase;
let bench: Bench;

beforeAll(async () => {
  database = await createTestDatabase();
  bench = await startBench(database.url);
});
afterAll(async () => {
  await bench.close();
  await database.drop();
});

const fire = (): Promise<void> => fireAll(bench.options);
const outcomes = async (id: string): Promise<string[]> =>
  (await firesOf(bench.db, id)).map((row) => row.outcome);
const settled = (id: string, count = 1) =>
  until(async () => {
    const rows = await firesOf(bench.db, id);
    return rows.filter((row) => row.result !== null).length >= count && rows;
  });
const runsOf = (workflowId: number) =>
  bench.db.selectFrom('executions').selectAll().where('workflow_id', '=', workflowId).orderBy('id').execute();

it('starts the run of a due fire with its payload and deadline, and arms the next on the beat', async () => {
  const workflow = await addWorkflow(bench.db);
  const id = await addSchedule(bench.db, workflow, 1, {
    trigger_payload: '{"region":"north"}',
    timeout_seconds: 77,
  });
  const { next_fire_at } = await scheduleOf(bench.db, id);
  await fire();
  const [row] = await settled(id);
  const [run] = await runsOf(workflow);
  expect(row).toMatchObject({
    outcome: 'fired',
    result: 'completed',
    repeat_number: 1,
    execution_id: run?.id,
  });
  expect(run).toMatchObject({ trigger_kind: 'schedule', trigger_node: 'clock', started_by: 1 });
  expect(run?.trigger).toEqual({
    scheduled_job_id: id,
    scheduled_job_name: 'Nightly',
    repeat_number: 1,
    timestamp: next_fire_at?.toISOString(),
    payload: { region: 'north' },
  });
  expect(Number(run?.deadline_at) - Number(run?.created_at)).toBe(77_000);
  const after = await scheduleOf(bench.db, id);
  expect(Number(after.next_fire_at) - Number(next_fire_at)).toBe(60_000);
  expect(after).toMatchObject({ status: 'active', run_count: 1, current_repeat: 1, error_count: 0 });
  expect(after.last_run_at).not.toBeNull();
});

it('makes every fire once and in time with two processes on one database', async () => {
  const other = await startBench(database.url);
  const workflow = await addWorkflow(bench.db);
  const ids = await Promise.all(
    Array.from({ length: 20 }, () =>
      addSchedule(bench.db, workflow, -2, {
        interval_seconds: 1,
        total_repeats: 4,
        overlap_policy: 'allow',
      }),
    ),
  );
  const runners = [startScheduleRunner(bench.options), startScheduleRunner(other.options)];
  try {
    await until(async () => {
      const rows = await bench.db
        .selectFrom('schedules')
        .select('id')
        .where('id', 'in', ids)
        .where('status', '=', 'done')
        .execute();
      return rows.length === ids.length;
    }, 20_000);
  } finally {
    await Promise.all(runners.map((runner) => runner.stop()));
    await other.close();
  }
  const runs = await runsOf(workflow);
  expect(runs).toHaveLength(80);
  expect(new Set(runs.map((run) => run.idempotency_key)).size).toBe(80);
  const late: number[] = [];
  for (const id of ids) {
    const fires = await firesOf(bench.db, id);
    expect(fires.map((row) => row.outcome)).toEqual(['fired', 'fired', 'fired', 'fired']);
    expect(fires.map((row) => row.repeat_number)).toEqual([1, 2, 3, 4]);
    for (const row of fires) {
      const run = runs.find((one) => one.id === row.execution_id);
      late.push(Number(run?.created_at) - Number(row.fire_at));
    }
  }
  const [worstButFour] = late.sort((a, b) => b - a).slice(4);
  expect(worstButFour).toBeLessThan(2000);
});

describe('a process that dies', () => {
  it('between the record and the run: another one starts the run', async () => {
    const workflow = await addWorkflow(bench.db);
    const id = await addSchedule(bench.db, workflow, 1);
    await claimDue(bench.db);
    expect(await outcomes(id)).toEqual(['starting']);
    await fire();
    expect(await runsOf(workflow)).toHaveLength(0);
    await forgetClaim(id);
    await Promise.all([fire(), fire()]);
    await settled(id);
    expect(await runsOf(workflow)).toHaveLength(1);
    expect(await scheduleOf(bench.db, id)).toMatchObject({ run_count: 1 });
  });

  it('between the run and its note, with the schedule edited since: the run is not started again', async () => {
    const workflow = await addWorkflow(bench.db);
    const id = await addSchedule(bench.db, workflow, 1);
    const { toStart } = await claimDue(bench.db);
    const [claimed] = toStart;
    if (!claimed) throw new Error('Nothing was due.');
    const started: string[] = [];
    const dying = {
      ...bench.options,
      engine: {
        start: async (request: Parameters<typeof bench.engine.start>[0]) => {
          started.push((await bench.engine.start(request)).executionId);
          throw new Error('connection terminated');
        },
      },
    };
    await forgetClaim(id);
    await bench.db.updateTable('schedules').set({ name: 'Renamed' }).where('id', '=', id).execute();
    await fireAll(dying);
    await forgetClaim(id);
    await fire();
    await settled(id);
    const runs = await runsOf(workflow);
    expect(runs.map((run) => run.id)).toEqual(started);
    expect((await firesOf(bench.db, id)).map((row) => row.execution_id)).toEqual(started);
    expect(await scheduleOf(bench.db, id)).toMatchObject({ run_count: 1, error_count: 0 });
  });

  async function forgetClaim(id: string): Promise<void> {
    await bench.db
      .updateTable('schedule_fires')
      .set({ claimed_at: new Date(Date.now() - 10_000) })
      .where('schedule_id', '=', id)
      .execute();
  }
});

describe('ten minutes without any process', () => {
  it.each([
    ['skip', 0],
    ['once', 1],
    ['all', 11],
  ] as const)('%s makes up for %i runs and records the rest', async (misfire_policy, made) => {
    const workflow = await addWorkflow(bench.db);
    const id = await addSchedule(bench.db, workflow, 630, { misfire_policy });
    await fire();
    await until(async () => {
      await fire();
      return (await runsOf(workflow)).filter((run) => run.status === 'completed').length === made;
    });
    const all = await outcomes(id);
    expect(all.filter((outcome) => outcome === 'fired')).toHaveLength(made);
    expect(all.filter((outcome) => outcome === 'misfired')).toHaveLength(11 - made);
    expect(Number((await scheduleOf(bench.db, id)).next_run_at)).toBeGreaterThan(Date.now());
  });
});

describe('an earlier run that has not ended', () => {
  it('skip leaves the fire out', async () => {
    const workflow = await addWorkflow(bench.db, 'hang');
    const id = await addSchedule(bench.db, workflow, 1);
    await fire();
    await arm(bench.db, id);
    await fire();
    expect(await outcomes(id)).toEqual(['fired', 'skipped_overlap']);
    expect(await scheduleOf(bench.db, id)).toMatchObject({ current_repeat: 1, run_count: 1 });
    await cancelAll(workflow);
  });

  it('queue lets it wait for its turn', async () => {
    const workflow = await addWorkflow(bench.db, 'hang');
    const id = await addSchedule(bench.db, workflow, 1, { overlap_policy: 'queue' });
    await fire();
    await arm(bench.db, id);
    await fire();
    await fire();
    expect(await outcomes(id)).toEqual(['fired', 'queued']);
    await cancelAll(workflow);
    await until(async () => {
      await fire();
      return (await runsOf(workflow)).length === 2;
    });
    const [, second] = await firesOf(bench.db, id);
    expect(second).toMatchObject({ outcome: 'fired', repeat_number: 2 });
    await cancelAll(workflow);
  });

  it('allow runs both', async () => {
    const workflow = await addWorkflow(bench.db, 'hang');
    const id = await addSchedule(bench.db, workflow, 1, { overlap_policy: 'allow' });
    await fire();
    await arm(bench.db, id);
    await fire();
    expect(await outcomes(id)).toEqual(['fired', 'fired']);
    await cancelAll(workflow);
  });

  it('a pause drops what waits, and says so', async () => {
    const workflow = await addWorkflow(bench.db, 'hang');
    const id = await addSchedule(bench.db, workflow, 1, { overlap_policy: 'queue' });
    await fire();
    await arm(bench.db, id);
    await fire();
    await bench.db.transaction().execute(async (trx) => pauseSchedule(trx, await scheduleOf(bench.db, id)));
    await cancelAll(workflow);
    await fire();
    expect(await firesOf(bench.db, id)).toMatchObject([
      { outcome: 'fired' },
      { outcome: 'misfired', detail: 'The schedule was paused.' },
    ]);
    expect(await scheduleOf(bench.db, id)).toMatchObject({ status: 'paused', current_repeat: 1 });
  });

  async function cancelAll(workflow: number): Promise<void> {
    for (const run of await runsOf(workflow)) await bench.engine.cancel(run.id);
  }
});

describe('the result of the run', () => {
  it('counts failures, pauses longer and gives up after the last retry', async () => {
    const workflow = await addWorkflow(bench.db, 'fail');
    const id = await addSchedule(bench.db, workflow, 1, { max_retries: 1, total_repeats: 5 });
    await fire();
    await settled(id);
    expect(await scheduleOf(bench.db, id)).toMatchObject({
      status: 'active',
      error_count: 1,
      current_retry: 1,
      current_repeat: 0,
      run_count: 1,
      last_error: expect.stringContaining('broke'),
    });
    await arm(bench.db, id);
    await fire();
    await settled(id, 2);
    expect(await scheduleOf(bench.db, id)).toMatchObject({
      status: 'dead',
      error_count: 2,
      current_retry: 2,
      next_run_at: null,
    });
  });

  it('a success starts anew', async () => {
    const workflow = await addWorkflow(bench.db);
    const id = await addSchedule(bench.db, workflow, 1, {
      current_retry: 2,
      error_count: 2,
      last_error: 'Boom.',
    });
    await fire();
    await settled(id);
    expect(await scheduleOf(bench.db, id)).toMatchObject({
      current_retry: 0,
      error_count: 2,
      last_error: '',
    });
  });

  it('is counted once, however often it is reported', async () => {
    const workflow = await addWorkflow(bench.db, 'fail');
    const id = await addSchedule(bench.db, workflow, 1);
    await fire();
    const [row] = await settled(id);
    const [run] = await runsOf(workflow);
    if (!row || !run) throw new Error('There is no run.');
    const ended = {
      executionId: run.id,
      environmentId: run.environment_id,
      workflowId: workflow,
      triggerKind: 'schedule',
      status: 'failed' as const,
      error: null,
      depth: 0,
    };
    await Promise.all([1, 2, 3].map(() => afterScheduledRun(bench.db, ended)));
    expect(await scheduleOf(bench.db, id)).toMatchObject({ error_count: 1, current_retry: 1 });
  });

  it('of a run whose record was deleted is not waited for', async () => {
    const workflow = await addWorkflow(bench.db, 'hang');
    const id = await addSchedule(bench.db, workflow, 1, { total_repeats: 1 });
    await fire();
    const [run] = await runsOf(workflow);
    if (!run) throw new Error('There is no run.');
    await bench.db
      .updateTable('schedule_fires')
      .set({ execution_id: null })
      .where('schedule_id', '=', id)
      .execute();
    await bench.db
      .updateTable('schedule_fires')
      .set({ execution_id: '00000000-0000-7000-8000-000000000000' })
      .where('schedule_id', '=', id)
      .execute();
    await settleLeftBehind(bench.db);
    expect(await scheduleOf(bench.db, id)).toMatchObject({ status: 'done', error_count: 0 });
    await bench.engine.cancel(run.id);
  });
});

it('records what a switched-off workflow leaves out', async () => {
  const workflow = await addWorkflow(bench.db);
  await bench.db.updateTable('workflows').set({ is_active: false }).where('id', '=', workflow).execute();
  const id = await addSchedule(bench.db, workflow, 1);
  await fire();
  expect(await firesOf(bench.db, id)).toMatchObject([
    { outcome: 'skipped_inactive', detail: 'The workflow is switched off.' },
  ]);
  expect(await runsOf(workflow)).toEqual([]);
});

it('fails in words when the workflow has nothing to start, and counts that as an error', async () => {
  const workflow = await addWorkflow(bench.db, 'pass', 'trigger');
  const id = await addSchedule(bench.db, workflow, 1, { max_retries: 0 });
  await fire();
  expect(await firesOf(bench.db, id)).toMatchObject([
    { outcome: 'failed', result: 'failed', detail: expect.stringContaining('no schedule trigger') },
  ]);
  expect(await scheduleOf(bench.db, id)).toMatchObject({ status: 'dead', error_count: 1, run_count: 0 });
});

it('goes by the database’s clock, not by its own', async () => {
  const workflow = await addWorkflow(bench.db);
  const later = await addSchedule(bench.db, workflow, -60);
  const due = await addSchedule(bench.db, workflow, 1);
  for (const wrong of [300_000, -300_000]) {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + wrong });
    try {
      await claimDue(bench.db);
    } finally {
      vi.useRealTimers();
    }
  }
  expect(await outcomes(later)).toEqual([]);
  expect(await outcomes(due)).toEqual(['starting']);
});

it('goes on with a schedule whose last fire was left out, while repetitions remain', async () => {
  const workflow = await addWorkflow(bench.db);
  const columns = { total_repeats: 2, next_fire_at: null, next_run_at: null };
  const left = await addSchedule(bench.db, workflow, 1, { ...columns, current_repeat: 1 });
  const over = await addSchedule(bench.db, workflow, 1, { ...columns, current_repeat: 2 });
  await reviveIdle(bench.db);
  expect((await scheduleOf(bench.db, left)).next_run_at).not.toBeNull();
  expect(await scheduleOf(bench.db, over)).toMatchObject({ status: 'done', next_run_at: null });
});

it('goes away with its workflow, even between a fire and its run', async () => {
  const workflow = await addWorkflow(bench.db);
  const id = await addSchedule(bench.db, workflow, 1);
  const { toStart } = await claimDue(bench.db);
  const claimed = toStart.find((row) => row.schedule_id === id);
  if (!claimed) throw new Error('It was not due.');
  await bench.db.deleteFrom('workflows').where('id', '=', workflow).execute();
  expect(await startFire(bench.options, claimed)).toEqual({ kind: 'gone' });
  expect(await firesOf(bench.db, id)).toEqual([]);
  expect(await runsOf(workflow)).toEqual([]);
});
