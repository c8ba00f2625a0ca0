import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { type Session, until } from './session.ts';

/** A workflow with runs: what most of the API is about. */
export interface Flow {
  readonly workflowId: number;
  readonly slug: string;
  readonly edgeId: number;
  /** A step of the run that has ended. */
  readonly stepId: number;
  /** Waits for a person. */
  readonly waiting: string;
  readonly completed: string;
  readonly scheduleId: string;
}

const node = (id: string, type: string, config: object = {}) => ({
  kind: 'add_node',
  node: { id, type, label: null, x: 0, y: 0, config, settings: DEFAULT_SETTINGS },
});
const edge = (id: number, from: string, to: string) => {
  const [source = '', sourcePort = 'output'] = from.split('.');
  const [target = '', targetPort = 'input'] = to.split('.');
  return { kind: 'add_edge', edge: { id, source, sourcePort, target, targetPort, priority: 0 } };
};

/** start → ask a person → done or not done; beside it the triggers that wait to be called. */
const COMMANDS = [
  node('start', 'trigger_manual'),
  node('ask', 'human_confirmation', { prompt: 'May canary go on?' }),
  node('done', 'set', { mode: 'text', text: 'yes' }),
  node('undone', 'set', { mode: 'text', text: 'no' }),
  node('tick', 'trigger_schedule'),
  node('hook', 'trigger_webhook'),
  node('chat', 'trigger_chat'),
  edge(1, 'start.payload', 'ask.input'),
  edge(2, 'ask.approved', 'done.input'),
  edge(3, 'ask.rejected', 'undone.input'),
];
/** The node whose id stands for `{node}`: every operation on nodes works with it. */
export const SCHEDULE_NODE = 'tick';
export const WEBHOOK_NODE = 'hook';

export async function makeFlow(session: Session, canary: string): Promise<Flow> {
  const { id: workflowId, slug } = await session.ok<{ id: number; slug: string }>('workflows.create', {
    name: canary,
    slug: canary,
    description: canary,
  });
  await session.ok('workflows.changeGraph', { workflow_slug: slug, base_revision: 0, commands: COMMANDS });
  await session.ok('nodes.startSchedule', { workflow_slug: slug, node: SCHEDULE_NODE });
  await session.ok('nodes.pauseSchedule', { workflow_slug: slug, node: SCHEDULE_NODE });
  const waiting = await startRun(session, slug);
  const completed = await startRun(session, slug);
  await reaches(session, waiting, 'interrupted');
  await reaches(session, completed, 'interrupted');
  await session.ok('approvals.resume', { execution_id: completed, confirmed: true, response: canary });
  const { logs } = await reaches(session, completed, 'completed');
  const { id: scheduleId } = await session.ok<{ id: string }>('schedules.create', {
    name: canary,
    workflow_id: workflowId,
    interval_seconds: 86_400,
  });
  const stepId = logs.find(({ node_id }) => node_id === 'start')?.id ?? logs[0]?.id ?? 0;
  return { workflowId, slug, edgeId: 1, stepId, waiting, completed, scheduleId };
}

async function startRun(session: Session, workflow_slug: string): Promise<string> {
  const { execution_id } = await session.ok<{ execution_id: string }>('workflows.execute', {
    workflow_slug,
    text: workflow_slug,
    trigger_node_id: 'start',
  });
  return execution_id;
}

interface Detail {
  readonly status: string;
  readonly logs: readonly { readonly id: number; readonly node_id: string }[];
}

/** Waits until a run is in this status. */
export const reaches = (session: Session, execution_id: string, status: string): Promise<Detail> =>
  until(async () => {
    const found = await session.ok<Detail>('executions.get', { execution_id });
    return found.status === status && found;
  });
