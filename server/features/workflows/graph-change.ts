import { sql, type Transaction } from 'kysely';
import type { GraphCommand } from '#domain/graph/command.ts';
import type { Graph } from '#domain/graph/graph.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import type { Database } from '#server/db/schema.ts';
import { keepCredentials } from './credential-reference.ts';
import { edgeFace } from './edge-face.ts';
import { applyChecked, checkGraph } from './graph-check.ts';
import { type Extras, type Written, writeGraph } from './graph-writer.ts';
import { nodeFace } from './node-face.ts';
import { loadGraph, type NodeRow, type StoredGraph } from './row.ts';
import { type ScheduleJobs, scheduleJobs } from './schedule-job.ts';
import { keepWebhooks } from './webhook-address.ts';
import { publish, WORKFLOWS_CHANGED, type WorkflowEvent } from './workflow-event.ts';

/** A workflow whose row this transaction has locked. */
export interface Locked {
  readonly id: number;
  readonly slug: string;
  readonly revision: number;
  readonly next_edge_id: number;
}

export interface Change {
  readonly commands: readonly GraphCommand[];
  readonly extras?: Extras;
  readonly actorId: number | null;
  /** The id a node had until now, when the commands give it another one. */
  readonly renamedFrom?: string;
  /** The graph when it has been read under the same lock already. */
  readonly stored?: StoredGraph;
}

export interface Changed extends Written {
  readonly revision: number;
  readonly nextEdgeId: number;
  readonly graph: Graph;
  /** All of them, as they are now. */
  readonly nodes: readonly NodeRow[];
  readonly webhooks: Record<string, string>;
}

/** Beyond this many changes at once listeners are told to read the graph again instead. */
const MAX_SINGLE_EVENTS = 200;

/**
 * The only way a stored graph changes: checks, writes, logs and announces a batch of commands, all or none.
 * @throws AppError `invalid` when a command does not fit or an edge may not exist.
 */
export async function changeStored(
  trx: Transaction<Database>,
  workflow: Locked,
  change: Change,
  definitionOf: DefinitionOf,
): Promise<Changed> {
  const stored = change.stored ?? (await loadGraph(trx, workflow.id));
  const graph = applyChecked(stored.graph, change.commands);
  checkGraph(stored.graph, graph, definitionOf);
  const written = await writeGraph(trx, workflow.id, { stored, after: graph, extras: change.extras ?? {} });
  const touched = {
    before: stored.nodes,
    written: [...written.created, ...written.updated],
    removed: written.removed,
    renamedFrom: change.renamedFrom,
  };
  await keepCredentials(trx, workflow.id, touched, definitionOf);
  const webhooks = await keepWebhooks(trx, workflow.id, graph, definitionOf);
  const nextEdgeId = graph.edges.reduce((next, edge) => Math.max(next, edge.id + 1), workflow.next_edge_id);
  const revision = await logChange(trx, workflow, change, nextEdgeId);
  const jobs: ScheduleJobs = written.updated.length > 0 ? await scheduleJobs(trx, workflow.id) : new Map();
  const nodes = rowsAfter(stored.nodes, written);
  const nodeOutOf = nodeFace({ nodes, graph }, jobs, definitionOf);
  await publish(trx, workflow.slug, eventsOf({ written, graph, revision, change, nodeOutOf }, definitionOf));
  await sql`select pg_notify(${WORKFLOWS_CHANGED}, ${String(workflow.id)})`.execute(trx);
  return { ...written, revision, nextEdgeId, graph, nodes, webhooks };
}

function rowsAfter(before: readonly NodeRow[], { created, updated, removed }: Written): NodeRow[] {
  const rows = new Map([...before, ...updated, ...created].map((row) => [row.node_id, row]));
  for (const id of removed) rows.delete(id);
  return [...rows.values()];
}

/** Fields that are no part of the graph do not make a new revision. */
async function logChange(
  trx: Transaction<Database>,
  workflow: Locked,
  { commands, actorId }: Change,
  nextEdgeId: number,
): Promise<number> {
  const revision = workflow.revision + (commands.length > 0 ? 1 : 0);
  await trx
    .updateTable('workflows')
    .set({ revision, next_edge_id: nextEdgeId, updated_at: sql`now()` })
    .where('id', '=', workflow.id)
    .execute();
  if (commands.length > 0) {
    await trx
      .insertInto('graph_changes')
      .values({ workflow_id: workflow.id, revision, actor_id: actorId, commands: JSON.stringify(commands) })
      .execute();
  }
  return revision;
}

interface Happened {
  readonly written: Written;
  readonly graph: Graph;
  readonly revision: number;
  readonly change: Change;
  readonly nodeOutOf: ReturnType<typeof nodeFace>;
}

function eventsOf(
  { written, graph, revision, change, nodeOutOf }: Happened,
  definitionOf: DefinitionOf,
): WorkflowEvent[] {
  const edgeOutOf = edgeFace(graph, definitionOf);
  const single: WorkflowEvent[] = [
    ...renaming({ written, change, nodeOutOf }),
    ...written.removed.map((node_id) => event('node_deleted', { node_id })),
    ...written.edgesRemoved.map((id) => event('edge_deleted', { id })),
    ...written.created.map((row) => event('node_created', nodeOutOf(row))),
    ...written.updated.map((row) => event('node_updated', nodeOutOf(row))),
    ...written.edgesCreated.map((row) => event('edge_created', edgeOutOf(row))),
    ...written.edgesUpdated.map((row) => event('edge_updated', edgeOutOf(row))),
  ];
  const few = single.length <= MAX_SINGLE_EVENTS;
  const summary = { revision, actor_id: change.actorId, ...(few && { commands: change.commands }) };
  return [...(few ? single : []), event('graph_updated', summary)];
}

/** A client finds nodes by `node_id`, so one with a new id has to go and come before it is told of an update. */
function renaming({
  written,
  change,
  nodeOutOf,
}: Pick<Happened, 'written' | 'change' | 'nodeOutOf'>): WorkflowEvent[] {
  if (change.renamedFrom === undefined) return [];
  const arrived = written.updated.map((row) => event('node_created', nodeOutOf(row)));
  return [event('node_deleted', { node_id: change.renamedFrom }), ...arrived];
}

const event = (type: WorkflowEvent['type'], data: object): WorkflowEvent => ({ type, data });
