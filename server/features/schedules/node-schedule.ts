import type { DefinitionOf } from '#domain/node/definition.ts';
import { AppError } from '#domain/problem.ts';
import { changeSchedule, insertSchedule, pauseSchedule, type ScheduleFields } from './change.ts';
import type { ScheduleRow, Trx } from './row.ts';

/** The trigger node a schedule belongs to. */
interface NodePlace {
  readonly environmentId: number;
  readonly workflowId: number;
  readonly userId: number;
  readonly node: {
    readonly id: number;
    readonly node_id: string;
    readonly type: string;
    readonly config: Readonly<Record<string, unknown>>;
  };
}

/** What the schedule buttons of a trigger node do. */
export function nodeSchedules(definitionOf: DefinitionOf) {
  return {
    start: async (trx: Trx, place: NodePlace): Promise<void> => {
      const fields = readFields(definitionOf, place.node);
      const row = await findOwn(trx, place);
      if (row) {
        const rearm = { active: 'keep', paused: 'resume', done: 'restart', dead: 'restart' } as const;
        await changeSchedule(trx, row, fields, rearm[row.status]);
        return;
      }
      const { environmentId, workflowId, userId, node } = place;
      await insertSchedule(
        trx,
        { environmentId, workflowId, userId, triggerNodeId: node.id },
        { ...fields, name: `schedule:${node.node_id}` },
      );
    },
    pause: async (trx: Trx, place: NodePlace): Promise<void> => {
      await pauseSchedule(trx, await ownSchedule(trx, place));
    },
    stop: async (trx: Trx, place: NodePlace): Promise<void> => {
      const { id } = await ownSchedule(trx, place);
      await trx.deleteFrom('schedules').where('id', '=', id).execute();
    },
  };
}

/** The newest, where several schedules name the node. */
const findOwn = (trx: Trx, { node }: NodePlace): Promise<ScheduleRow | undefined> =>
  trx
    .selectFrom('schedules')
    .selectAll()
    .where('trigger_node_id', '=', node.id)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst();

async function ownSchedule(trx: Trx, place: NodePlace): Promise<ScheduleRow> {
  const row = await findOwn(trx, place);
  if (!row) throw new AppError('not_found', 'No scheduled job found for this node.');
  return row;
}

/** The config of a schedule trigger, as its schema yields it. */
type Config = Required<Omit<ScheduleFields, 'name' | 'description'>> & {
  readonly cron: string;
  readonly start_at: string;
  readonly end_at: string;
};

/** @throws AppError `invalid` with the first thing that is wrong. */
function readFields(definitionOf: DefinitionOf, node: NodePlace['node']): ScheduleFields {
  const read = definitionOf(node.type)?.config.safeParse(node.config);
  if (!read?.success) {
    const issue = read?.error.issues[0];
    const field = issue?.path.join('.') ?? '';
    const message = issue?.message ?? 'The node’s configuration cannot be read.';
    throw new AppError('invalid', message.includes(field) ? message : `${field}: ${message}`);
  }
  const { cron, start_at, end_at, ...config } = read.data as unknown as Config;
  return {
    ...config,
    cron: cron.trim() || null,
    start_at: start_at.trim() || null,
    end_at: end_at.trim() || null,
  };
}
