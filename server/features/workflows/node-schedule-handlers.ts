import type { Contract } from '#contract/contract.ts';
import { AppError } from '#domain/problem.ts';
import { type HandlersOf, type RequestContext, signedIn } from '../handler.ts';
import { changeStored } from './graph-change.ts';
import type { GraphOptions } from './graph-handlers.ts';
import { nodeFace } from './node-face.ts';
import { loadGraph, type NodeRow } from './row.ts';
import { type NodeSchedules, scheduleJobs } from './schedule-job.ts';
import { lockWorkflow } from './store.ts';

type Nodes = HandlersOf<Contract['nodes']>;
type ScheduleHandlers = Pick<Nodes, 'startSchedule' | 'pauseSchedule' | 'stopSchedule'>;

interface Step {
  readonly act: keyof NodeSchedules;
  /** What becomes of the trigger's `is_active`; absent: it stays. */
  readonly isActive?: boolean;
}

/** Start, pause and stop of a schedule trigger. The node is announced with its schedule as it is afterwards. */
export function nodeScheduleHandlers(options: GraphOptions, schedules: NodeSchedules): ScheduleHandlers {
  const handler = (step: Step) => (context: RequestContext, input: { workflow_slug: string; node: string }) =>
    perform({ ...options, schedules }, context, { ...input, step });
  return {
    startSchedule: handler({ act: 'start', isActive: true }),
    pauseSchedule: handler({ act: 'pause', isActive: false }),
    stopSchedule: handler({ act: 'stop' }),
  };
}

async function perform(
  { db, notice, definitionOf, schedules }: GraphOptions & { readonly schedules: NodeSchedules },
  context: RequestContext,
  {
    workflow_slug,
    node,
    step,
  }: { readonly workflow_slug: string; readonly node: string; readonly step: Step },
) {
  const viewer = signedIn(context);
  const result = await db.transaction().execute(async (trx) => {
    const workflow = await lockWorkflow(trx, viewer, workflow_slug);
    const stored = await loadGraph(trx, workflow.id);
    const row = stored.nodes.find((one) => one.node_id === node);
    if (!row) throw new AppError('not_found', 'Node not found.');
    if (definitionOf(row.type)?.trigger !== 'schedule') {
      throw new AppError('bad_request', 'Node is not a trigger_schedule.');
    }
    const { id: workflowId, environment_id: environmentId } = workflow;
    await schedules[step.act](trx, { environmentId, workflowId, userId: viewer.userId, node: row });
    const { config } = row.api_fields;
    const isActive = step.isActive ?? config?.['is_active'];
    const fields = {
      ...row.api_fields,
      config: { ...config, ...(isActive !== undefined && { is_active: isActive }) },
    };
    const extras = { nodes: new Map([[row.node_id, fields]]) };
    const change = { commands: [], extras, actorId: viewer.userId, stored };
    const changed = await changeStored(trx, workflow, change, definitionOf);
    const after = changed.updated.find((one) => one.node_id === row.node_id) as NodeRow;
    const jobs = await scheduleJobs(trx, workflowId);
    return { workflowId, shown: nodeFace(changed, jobs, definitionOf)(after) };
  });
  notice.changed(result.workflowId);
  return result.shown;
}
