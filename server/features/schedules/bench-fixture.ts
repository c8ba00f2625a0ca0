import { randomUUID } from 'node:crypto';
import type { Insertable } from 'kysely';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { refusingCapabilities } from '#domain/node/refusing-capabilities.ts';
import { definition as trigger_schedule } from '#nodes/trigger_schedule/definition.ts';
import { connect, type Db } from '#server/db/connection.ts';
import type { ScheduleTable } from '#server/db/schedule-table.ts';
import { createEngine, type Engine } from '#server/engine/engine.ts';
import { executors, definitionOf as testDefinitionOf } from '#server/engine/test-nodes.ts';
import { Versions } from '../workflows/version.ts';
import type { FireRow, ScheduleRow } from './row.ts';
import type { RunnerOptions } from './runner.ts';
import { afterScheduledRun } from './settle.ts';

/** A process as far as schedules are concerned: an engine over the test nodes, and what fires schedules needs. */
export interface Bench {
  readonly db: Db;
  readonly engine: Engine;
  readonly options: RunnerOptions;
  close(): Promise<void>;
}

const definitionOf: DefinitionOf = (type) =>
  type === 'trigger_schedule' ? trigger_schedule : testDefinitionOf(type);

export async function startBench(url: string): Promise<Bench> {
  const { db, pool, close } = connect(url, 8);
  const versions = new Versions(db);
  const log = (): void => undefined;
  const engine = await createEngine({
    db,
    pool,
    url,
    config: { drive: true },
    executors,
    definitionOf,
    render: (one) => ({ ...one }),
    capabilities: () => refusingCapabilities({}),
    log,
    afterRun: (run) => afterScheduledRun(db, run),
  });
  const versionOf = (workflowId: number, revision: number) => versions.current(workflowId, revision);
  return {
    db,
    engine,
    options: { db, engine, definitionOf, versionOf, log },
    close: async () => {
      await engine.stop({ graceMs: 100 });
      await close();
    },
  };
}

/** A workflow of a schedule trigger `clock` and one step of a test type. @returns its id. */
export async function addWorkflow(db: Db, step = 'pass', trigger = 'trigger_schedule'): Promise<number> {
  const user = await db
    .insertInto('users')
    .values({ username: randomUUID(), password_hash: null, role: 'normal' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const workspace = await db
    .insertInto('workspaces')
    .values({ name: 'w' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const environment = await db
    .insertInto('environments')
    .values({ workspace_id: workspace.id, name: 'e', max_concurrent_runs: null })
    .returning('id')
    .executeTakeFirstOrThrow();
  const { id } = await db
    .insertInto('workflows')
    .values({
      environment_id: environment.id,
      owner_id: user.id,
      name: 'Report',
      slug: randomUUID(),
      error_handler_workflow_id: null,
      max_concurrent_runs: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const node = (node_id: string, type: string) => ({
    workflow_id: id,
    node_id,
    type,
    label: null,
    x: 0,
    y: 0,
    config: '{}',
    settings: JSON.stringify(DEFAULT_SETTINGS),
    api_fields: '{}',
    updated_at: new Date(),
  });
  await db
    .insertInto('nodes')
    .values([node('clock', trigger), node('step', step)])
    .execute();
  await db
    .insertInto('edges')
    .values({
      workflow_id: id,
      id: 1,
      source: 'clock',
      source_port: 'payload',
      target: 'step',
      target_port: 'in',
      api_fields: '{}',
    })
    .execute();
  return id;
}

/** A schedule of a minute that was armed for `secondsAgo`. @returns its id. */
export async function addSchedule(
  db: Db,
  workflowId: number,
  secondsAgo: number,
  columns: Partial<Insertable<ScheduleTable>> = {},
): Promise<string> {
  const fireAt = new Date(Math.floor(Date.now()) - secondsAgo * 1000);
  const { environment_id } = await db
    .selectFrom('workflows')
    .select('environment_id')
    .where('id', '=', workflowId)
    .executeTakeFirstOrThrow();
  const { id } = await db
    .insertInto('schedules')
    .values({
      environment_id,
      workflow_id: workflowId,
      trigger_node_id: null,
      user_id: 1,
      name: 'Nightly',
      interval_seconds: 60,
      cron: null,
      next_fire_at: fireAt,
      next_run_at: fireAt,
      ...columns,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export const scheduleOf = (db: Db, id: string): Promise<ScheduleRow> =>
  db.selectFrom('schedules').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

/** In the order of their times. */
export const firesOf = (db: Db, id: string): Promise<FireRow[]> =>
  db.selectFrom('schedule_fires').selectAll().where('schedule_id', '=', id).orderBy('fire_at').execute();

/** Makes a schedule due again. */
export async function arm(db: Db, id: string, secondsAgo = 0): Promise<void> {
  const at = new Date(Date.now() - secondsAgo * 1000);
  await db.updateTable('schedules').set({ next_fire_at: at, next_run_at: at }).where('id', '=', id).execute();
}

/** Asks until `check` gives something, at most `ms`. */
export async function until<T>(check: () => Promise<T | null | false | undefined>, ms = 10_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (Date.now() > end) throw new Error(`It did not happen within ${ms} ms.`);
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}
