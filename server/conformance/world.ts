import type { Connection } from '#server/db/connection.ts';
import type { Prepared } from '#server/http/operation.ts';
import { inputSchema, sampleOf } from '#server/http/sample-value.ts';
import type { Client, Input } from './client.ts';
import { addPerson, type Person } from './person.ts';
import { type Session, sessionOf } from './session.ts';
import { GATEWAY_TOKEN } from './test-stage.ts';
import { type Flow, makeFlow, SCHEDULE_NODE, WEBHOOK_NODE } from './world-flow.ts';
import { makeThings, type Things } from './world-thing.ts';

/** One of every resource of the API, all of one user. */
export interface World {
  readonly owner: Person;
  readonly session: Session;
  /** Occurs in every name and text the owner has given, and nowhere else. */
  readonly canary: string;
  readonly flow: Flow;
  readonly things: Things;
  /** A valid value for every path parameter, by name. */
  readonly path: Input;
}

/** Makes a user with one of everything: through the API, and by row where only runs make such things. */
export async function makeWorld(
  served: { readonly client: Client; readonly connection: Connection },
  username: string,
): Promise<World> {
  const owner = await addPerson(served.connection, username);
  const session = sessionOf(served.client, owner.key);
  const canary = `canary-${username}`;
  const flow = await makeFlow(session, canary);
  const things = await makeThings(served.connection, { owner, session, canary, flow });
  return { owner, session, canary, flow, things, path: pathValues(owner, flow, things) };
}

/** The values of a world's path parameters. Whoever adds a parameter to a path of the contract says here what fits. */
function pathValues(owner: Person, flow: Flow, things: Things): Input {
  return {
    workflow_slug: flow.slug,
    node: SCHEDULE_NODE,
    edge_id: flow.edgeId,
    execution_id: flow.completed,
    step_id: flow.stepId,
    schedule_id: flow.scheduleId,
    n: 1,
    user_id: owner.userId,
    environment_id: owner.environmentId,
    key_id: things.keyId,
    session_id: `browser-${things.sessionId}`,
    ...things.path,
  };
}

/** The values of the path parameters of one operation: a name may mean another thing there. */
export function pathOf(world: World, { operation }: Prepared): Input {
  if (operation.path.includes('webhook')) return { ...world.path, node: WEBHOOK_NODE };
  const isAgent = operation.path.startsWith('/users/agents/');
  return isAgent ? { ...world.path, user_id: world.path.agent_id } : world.path;
}

/** What the owner of a world is known by to an operation. */
export function keyOf(world: World, { operation }: Prepared): string {
  if (operation.access === 'gateway') return GATEWAY_TOKEN;
  return operation.access === 'visitor' ? world.things.visitToken : world.owner.key;
}

/** Ids of nothing, in the form of the real ones. */
export const ABSENT: Input = {
  workflow_slug: 'canary-nobody',
  node: 'absent',
  edge_id: 2_000_000_001,
  execution_id: '01a2b3c4-0000-7000-8000-000000000000',
  step_id: 2_000_000_002,
  schedule_id: '01a2b3c4-0000-4000-8000-000000000000',
  user_id: 2_000_000_003,
  agent_id: 2_000_000_004,
  key_id: 2_000_000_005,
  session_id: 'browser-2000000006',
  credential_id: 2_000_000_007,
  epic_id: 'ep-000000000000',
  task_id: 'tk-000000000000',
  sandbox_id: 2_000_000_008,
  n: 2_000_000_009,
  environment_id: 2_000_000_010,
  budget_id: 2_000_000_012,
  page_id: 'absentpage000000',
  thread_id: 'absent',
};

const EMPTY_DOCUMENT = 'format: pipewright/workflow\nversion: 1\nnodes: []\nedges: []\n';

/** Bodies that need more than a plain sample of each required field. */
function bodyValues(world: Pick<World, 'flow' | 'things' | 'canary'>): Readonly<Record<string, Input>> {
  const { flow, things, canary } = world;
  return {
    'workflows.changeGraph': {
      base_revision: 0,
      commands: [{ kind: 'move_node', id: SCHEDULE_NODE, x: 5, y: 5 }],
    },
    'workflows.import': {
      document: {
        format: 'pipewright/workflow',
        version: 1,
        workflow: { name: canary, description: '' },
        nodes: [],
        edges: [],
      },
    },
    'workflows.importText': { text: `${EMPTY_DOCUMENT}workflow: {name: ${canary}}\n` },
    'workflows.fromDsl': {
      yaml_str: `name: ${canary}\ntrigger: manual\nsteps: [{type: transform, template: hello}]`,
    },
    'workflows.execute': { trigger_node_id: 'start' },
    // An account that is not there, so that nobody is asked.
    'workflows.propose': {
      llm_credential_id: ABSENT['credential_id'],
      proposal_id: '01a2b3c4-0000-7000-8000-000000000001',
    },
    'nodes.create': { component_type: 'set' },
    'edges.create': { source_node_id: 'start', target_node_id: 'done' },
    'schedules.create': { workflow_id: flow.workflowId, interval_seconds: 86_400 },
    'approvals.resume': { confirmed: true },
    'tasks.create': { epic_id: things.path.epic_id },
    'tasks.setDependencies': { depends_on: [] },
    'credentials.create': { credential_type: 'tool' },
    'chat.send': { trigger_node_id: 'chat' },
    'users.create': { password: 'correct horse 17' },
    'budgets.put': { period: 'day', max_tokens: 1_000_000 },
    'inbound.receive': {
      route: { workflow_slug: flow.slug, trigger_node_id: 'start' },
      source: { protocol: 'generic', chat_id: canary },
    },
  };
}

/** An input of the operation that fits this world: its own ids in the path, the plainest values in the body. */
export function validInput(prepared: Prepared, world: World): Record<string, unknown> {
  const { id, operation, pathKeys } = prepared;
  const schema = inputSchema(operation.input);
  const plain = sampleOf(schema, { root: schema }) as Record<string, unknown>;
  const path = Object.fromEntries([...pathKeys].map((key) => [key, pathOf(world, prepared)[key]]));
  return { ...plain, ...bodyValues(world)[id], ...path };
}
