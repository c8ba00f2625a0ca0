import { sql } from 'kysely';
import type { Graph } from '#domain/graph/graph.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import type { RunOrigin } from '#domain/run/option.ts';
import { MISFIRE_WINDOW_MS } from '#domain/schedule/fire-plan.ts';
import type { Db } from '#server/db/connection.ts';
import { isPassing } from '#server/engine/database-error.ts';
import { type Engine, EngineError } from '#server/engine/engine.ts';
import { runOptionsOf } from '#server/run-start/run-option.ts';
import type { FireKey, FireRow } from './row.ts';
import { markFired, settleFire } from './settle.ts';
import { findTrigger } from './trigger.ts';

export interface FireOptions {
  readonly db: Db;
  readonly engine: Pick<Engine, 'start'>;
  readonly definitionOf: DefinitionOf;
  /** The stored version of a workflow's newest revision; null when the workflow is gone. */
  readonly versionOf: (
    workflowId: number,
    revision: number,
  ) => Promise<{ readonly versionId: number; readonly graph: Graph } | null>;
}

/** `gone`: the schedule is, so nobody wants to know. */
export type StartedFire =
  | { readonly kind: 'started'; readonly executionId: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'gone' };

/**
 * Starts the run of a fire that is on record as `starting`, and notes that. May be called again and by several
 * processes for the same fire: the run key leads them all to one run.
 * @throws EngineError or a database error that passes; the fire is then taken up again later.
 */
export async function startFire(options: FireOptions, fire: FireRow): Promise<StartedFire> {
  const { db } = options;
  const key = { scheduleId: fire.schedule_id, fireAt: fire.fire_at.getTime() };
  const schedule = await readSchedule(db, key.scheduleId);
  if (!schedule) return { kind: 'gone' };
  const aim = await takeAim(options, schedule, fire);
  try {
    const executionId =
      'node' in aim
        ? await startRun(options, { schedule, fire, node: aim.node })
        : await findRun(db, schedule.workflow_id, fire.run_key);
    if (executionId !== null) return await noteStart(db, key, executionId);
  } catch (error) {
    const earlier = await findRun(db, schedule.workflow_id, fire.run_key);
    if (earlier !== null) return noteStart(db, key, earlier);
    if ((error instanceof EngineError && error.code !== 'conflict') || isPassing(error)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    return refuse(db, key, { outcome: 'failed', why: `The run could not be started: ${why}` });
  }
  return 'node' in aim ? { kind: 'gone' } : refuse(db, key, aim);
}

/** The node to start at, or why there is no run. */
type Aim = { readonly node: string } | Refusal;

interface Refusal {
  /** Only `failed` counts as an error. */
  readonly outcome: 'misfired' | 'skipped_inactive' | 'failed';
  readonly why: string;
}

async function takeAim({ db, definitionOf }: FireOptions, schedule: Schedule, fire: FireRow): Promise<Aim> {
  const late = fire.is_manual ? null : whyTooLate(schedule, fire);
  if (late !== null) return { outcome: 'misfired', why: late };
  if (!schedule.is_active) return { outcome: 'skipped_inactive', why: 'The workflow is switched off.' };
  const place = { workflowId: schedule.workflow_id, triggerNodeId: schedule.trigger_node_id };
  const trigger = await findTrigger(db, place, definitionOf);
  if (typeof trigger === 'string') return { outcome: 'failed', why: trigger };
  if (!trigger.isActive) return { outcome: 'skipped_inactive', why: 'The trigger node is switched off.' };
  return { node: trigger.node_id };
}

/** A fire that was taken by a process that died may be taken up much later, or after a pause. */
function whyTooLate({ status, now }: Schedule, fire: FireRow): string | null {
  if (status !== 'active') return `The schedule is ${status}.`;
  const age = now.getTime() - fire.recorded_at.getTime();
  return age > MISFIRE_WINDOW_MS ? 'The process that was to make it stopped more than an hour ago.' : null;
}

const readSchedule = (db: Db, id: string) =>
  db
    .selectFrom('schedules')
    .innerJoin('workflows', 'workflows.id', 'schedules.workflow_id')
    .select([
      'schedules.workflow_id',
      'schedules.trigger_node_id',
      'schedules.user_id',
      'schedules.status',
      'schedules.timeout_seconds',
      'workflows.environment_id',
      'workflows.is_active',
      'workflows.revision',
      'workflows.priority',
      'workflows.deadline_counts_waits',
      sql<Date>`clock_timestamp()`.as('now'),
    ])
    .where('schedules.id', '=', id)
    .executeTakeFirst();

type Schedule = NonNullable<Awaited<ReturnType<typeof readSchedule>>>;

async function startRun(
  { engine, versionOf }: FireOptions,
  { schedule, fire, node }: { readonly schedule: Schedule; readonly fire: FireRow; readonly node: string },
): Promise<string | null> {
  const version = await versionOf(schedule.workflow_id, schedule.revision);
  if (!version) return null;
  const { executionId } = await engine.start({
    environmentId: schedule.environment_id,
    workflowId: schedule.workflow_id,
    versionId: version.versionId,
    graph: version.graph,
    triggerNode: node,
    triggerKind: 'schedule',
    payload: fire.payload,
    startedBy: schedule.user_id,
    idempotencyKey: fire.run_key,
    deadlineSeconds: schedule.timeout_seconds,
    priority: schedule.priority,
    options: runOptionsOf(schedule, fire.origin as RunOrigin | null),
  });
  return executionId;
}

async function findRun(db: Db, workflowId: number, runKey: string | null): Promise<string | null> {
  if (runKey === null) return null;
  const row = await db
    .selectFrom('executions')
    .select('id')
    .where('workflow_id', '=', workflowId)
    .where('idempotency_key', '=', runKey)
    .executeTakeFirst();
  return row?.id ?? null;
}

async function noteStart(db: Db, key: FireKey, executionId: string): Promise<StartedFire> {
  await markFired(db, key, executionId);
  return { kind: 'started', executionId };
}

async function refuse(db: Db, key: FireKey, { outcome, why }: Refusal): Promise<StartedFire> {
  if (outcome === 'failed') await settleFire(db, key, { executionId: null, result: 'failed', error: why });
  else await leaveOut(db, key, { outcome, why });
  return { kind: 'refused', reason: why };
}

/** The fire is recorded as not made, and its repetition given back. */
async function leaveOut(db: Db, key: FireKey, { outcome, why }: Refusal): Promise<void> {
  await sql`
    with locked as (select id from schedules where id = ${key.scheduleId} for update),
    left_out as (
      update schedule_fires set outcome = ${outcome}, detail = ${why}, repeat_number = null
      from locked where schedule_id = locked.id and fire_at = ${new Date(key.fireAt)} and outcome = 'starting'
      returning is_manual
    )
    update schedules set current_repeat = greatest(0, current_repeat - 1)
    where id = ${key.scheduleId} and exists (select from left_out where not is_manual)
  `.execute(db);
}
