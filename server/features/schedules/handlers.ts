import type { Contract } from '#contract/contract.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { AppError } from '#domain/problem.ts';
import { upcoming } from '#domain/schedule/fire-time.ts';
import type { Timing } from '#domain/schedule/timing.ts';
import type { Db } from '#server/db/connection.ts';
import { type HandlersOf, seesEverything, signedIn, type Viewer } from '../handler.ts';
import { changeSchedule, insertSchedule, pauseSchedule, resumeSchedule, timingFrom } from './change.ts';
import { findEntry, listSchedules } from './list.ts';
import { databaseNow, type ScheduleOut, type ScheduleRow, scheduleOutOf, type Trx, timingOf } from './row.ts';
import { runNow } from './run-now.ts';
import type { FireOptions } from './start-fire.ts';
import { deleteSchedules, findSchedule, listFires, lockSchedule } from './store.ts';
import { checkedFirstFire, fieldProblem } from './timing-check.ts';

type Schedules = HandlersOf<Contract['schedules']>;
type Create = Parameters<Schedules['create']>[1];
type Preview = Parameters<Schedules['preview']>[1];

const SHOWN_AHEAD = 5;

export function scheduleHandlers(options: FireOptions): Schedules {
  const { db, definitionOf } = options;
  return {
    list: (context, input) => listSchedules(db, signedIn(context), input),
    create: (context, input) => create(db, signedIn(context), input, definitionOf),
    batchDelete: (context, { schedule_ids }) => deleteSchedules(db, signedIn(context), schedule_ids),
    preview: (_context, input) => preview(db, input),
    get: (context, { schedule_id }) => findEntry(db, signedIn(context), schedule_id),
    update: (context, { schedule_id, ...fields }) =>
      locked(db, signedIn(context), schedule_id, (trx, row) => changeSchedule(trx, row, fields)),
    remove: async (context, { schedule_id }) => {
      const { id } = await findSchedule(db, signedIn(context), schedule_id);
      await db.deleteFrom('schedules').where('id', '=', id).execute();
    },
    pause: (context, { schedule_id }) => locked(db, signedIn(context), schedule_id, pauseSchedule),
    resume: (context, { schedule_id }) => locked(db, signedIn(context), schedule_id, resumeSchedule),
    runNow: async (context, { schedule_id }) =>
      runNow(options, await findSchedule(db, signedIn(context), schedule_id), context),
    next: async (context, { schedule_id }) => ({
      items: nextRuns(await findSchedule(db, signedIn(context), schedule_id)),
    }),
    fires: async (context, { schedule_id, limit, offset }) => {
      const { id } = await findSchedule(db, signedIn(context), schedule_id);
      return listFires(db, id, { limit, offset });
    },
  };
}

function locked(
  db: Db,
  viewer: Viewer,
  id: string,
  change: (trx: Trx, row: ScheduleRow) => Promise<ScheduleRow>,
): Promise<ScheduleOut> {
  return db
    .transaction()
    .execute(async (trx) => scheduleOutOf(await change(trx, await lockSchedule(trx, viewer, id))));
}

async function create(
  db: Db,
  viewer: Viewer,
  input: Create,
  definitionOf: DefinitionOf,
): Promise<ScheduleOut> {
  const { workflow_id, trigger_node_id, ...fields } = input;
  return db.transaction().execute(async (trx) => {
    const query = trx.selectFrom('workflows').select(['id', 'environment_id']).where('id', '=', workflow_id);
    const own = seesEverything(viewer) ? query : query.where('environment_id', '=', viewer.environmentId);
    // Held, so that the workflow is not deleted before its schedule is there.
    const workflow = await own.forKeyShare().executeTakeFirst();
    if (!workflow) throw new AppError('not_found', 'Workflow not found.');
    const triggerNodeId = trigger_node_id ?? null;
    if (triggerNodeId !== null) await checkTrigger(trx, workflow.id, triggerNodeId, definitionOf);
    const place = {
      environmentId: workflow.environment_id,
      workflowId: workflow.id,
      triggerNodeId,
      userId: viewer.userId,
    };
    return scheduleOutOf(await insertSchedule(trx, place, fields));
  });
}

/** @throws AppError `invalid` for a node that is not in the workflow or is no trigger. */
async function checkTrigger(
  trx: Trx,
  workflowId: number,
  nodeId: number,
  definitionOf: DefinitionOf,
): Promise<void> {
  const node = await trx
    .selectFrom('nodes')
    .select('type')
    .where('id', '=', nodeId)
    .where('workflow_id', '=', workflowId)
    .executeTakeFirst();
  if (!node) throw fieldProblem('trigger_node_id', 'There is no such node in this workflow.', nodeId);
  if (definitionOf(node.type)?.trigger) return;
  throw fieldProblem('trigger_node_id', 'This node is no trigger. Name a schedule trigger.', nodeId);
}

/** @throws AppError `invalid`, naming the field, in the words of saving. */
async function preview(db: Db, { total_repeats, ...fields }: Preview) {
  const timing = timingFrom(fields, null);
  const fireAt = checkedFirstFire(timing, await databaseNow(db));
  return { items: planned('', timing, { fireAt, left: total_repeats ?? 0 }) };
}

/** None while it is not active. */
function nextRuns(row: ScheduleRow) {
  if (row.status !== 'active') return [];
  const left = row.total_repeats === 0 ? 0 : row.total_repeats - row.current_repeat;
  const fireAt = row.next_fire_at?.getTime() ?? null;
  return planned(row.id, timingOf(row), { fireAt, left });
}

/** At most five, fewer when the schedule ends before. `left`: how many runs there still are; 0 is without end. */
function planned(
  id: string,
  timing: Timing,
  { fireAt, left }: { readonly fireAt: number | null; readonly left: number },
): { fire_at: string; run_at: string }[] {
  const count = left === 0 ? SHOWN_AHEAD : Math.min(SHOWN_AHEAD, left);
  return upcoming(id, timing, { fireAt, count }).map((fire) => ({
    fire_at: new Date(fire.fireAt).toISOString(),
    run_at: new Date(fire.dueAt).toISOString(),
  }));
}
