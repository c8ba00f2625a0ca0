import type { Contract } from '#contract/contract.ts';
import type { GraphCommand } from '#domain/graph/command.ts';
import type { GraphEdge } from '#domain/graph/graph.ts';
import { AppError } from '#domain/problem.ts';
import { type HandlersOf, type RequestContext, signedIn } from '../handler.ts';
import { edgeFace } from './edge-face.ts';
import { choosePorts, type EdgeWish } from './edge-port.ts';
import { changeStored } from './graph-change.ts';
import type { GraphOptions } from './graph-handlers.ts';
import { type EdgeApiFields, type EdgeRow, loadGraph, type StoredGraph } from './row.ts';
import { findWorkflow, lockWorkflow } from './store.ts';

type Edges = HandlersOf<Contract['edges']>;
type Create = Parameters<Edges['create']>[1];
type Update = Parameters<Edges['update']>[1];

/** The reference API's edges: another face of the same commands the editor sends. */
export function edgeHandlers(options: GraphOptions): Edges {
  return {
    list: async (context, { workflow_slug }) => {
      const workflow = await findWorkflow(options.db, signedIn(context), workflow_slug);
      const { edges, graph } = await loadGraph(options.db, workflow.id);
      return edges.map(edgeFace(graph, options.definitionOf));
    },
    create: (context, input) => create(options, context, input),
    update: (context, input) => update(options, context, input),
    remove: async (context, { workflow_slug, edge_id }) => {
      await changing(options, context, workflow_slug, (stored) => {
        findEdge(stored, edge_id);
        return { commands: [{ kind: 'remove_edge', id: edge_id }] };
      });
    },
  };
}

interface Planned {
  readonly commands: readonly GraphCommand[];
  readonly fields?: { readonly id: number; readonly value: EdgeApiFields };
}

/** Runs `plan` on the locked graph, stores what it wants and shows the edge it was about. */
async function changing(
  { db, notice, definitionOf }: GraphOptions,
  context: RequestContext,
  slug: string,
  plan: (stored: StoredGraph, nextId: number) => Planned,
) {
  const viewer = signedIn(context);
  const { id, shown } = await db.transaction().execute(async (trx) => {
    const workflow = await lockWorkflow(trx, viewer, slug);
    const stored = await loadGraph(trx, workflow.id);
    const { commands, fields } = plan(stored, workflow.next_edge_id);
    const extras = fields ? { edges: new Map([[fields.id, fields.value]]) } : {};
    const change = { commands, extras, actorId: viewer.userId, stored };
    const changed = await changeStored(trx, workflow, change, definitionOf);
    const row = [...changed.edgesCreated, ...changed.edgesUpdated].find((one) => one.id === fields?.id);
    return { id: workflow.id, shown: row && edgeFace(changed.graph, definitionOf)(row) };
  });
  notice.changed(id);
  return shown;
}

async function create(options: GraphOptions, context: RequestContext, input: Create) {
  const shown = await changing(options, context, input.workflow_slug, ({ graph }, id) => {
    const ports = choosePorts(graph, input, options.definitionOf);
    const edge = { id, source: input.source_node_id, target: input.target_node_id, ...ports };
    const value = apiFieldsOf({}, input);
    return { commands: [addEdge({ ...edge, priority: input.priority })], fields: { id, value } };
  });
  return shownOrLost(shown);
}

async function update(options: GraphOptions, context: RequestContext, input: Update) {
  const shown = await changing(options, context, input.workflow_slug, (stored) => {
    const row = findEdge(stored, input.edge_id);
    const { id } = row;
    const before = edgeFace(stored.graph, options.definitionOf)(row);
    const rewired =
      input.source_node_id !== undefined ||
      input.target_node_id !== undefined ||
      input.edge_type !== undefined;
    const wish: EdgeWish = {
      source_node_id: input.source_node_id ?? row.source,
      target_node_id: input.target_node_id ?? row.target,
      edge_type: input.edge_type ?? before.edge_type,
      edge_label: input.edge_label ?? before.edge_label,
      condition_value: input.condition_value ?? before.condition_value,
      source_port:
        input.source_port ?? (rewired || input.condition_value !== undefined ? undefined : row.source_port),
      target_port: input.target_port ?? (rewired ? undefined : row.target_port),
    };
    const others = { ...stored.graph, edges: stored.graph.edges.filter((edge) => edge.id !== id) };
    const ports = choosePorts(others, wish, options.definitionOf);
    const edge: GraphEdge = {
      id,
      source: wish.source_node_id,
      target: wish.target_node_id,
      ...ports,
      priority: input.priority ?? row.priority,
    };
    const commands: GraphCommand[] = isSame(row, edge) ? [] : [{ kind: 'remove_edge', id }, addEdge(edge)];
    return {
      commands,
      fields: { id, value: apiFieldsOf(row.api_fields, { ...input, edge_type: wish.edge_type }) },
    };
  });
  return shownOrLost(shown);
}

const addEdge = (edge: GraphEdge): GraphCommand => ({ kind: 'add_edge', edge });

const isSame = (row: EdgeRow, edge: GraphEdge): boolean =>
  row.source === edge.source &&
  row.source_port === edge.sourcePort &&
  row.target === edge.target &&
  row.target_port === edge.targetPort &&
  row.priority === edge.priority;

function findEdge(stored: StoredGraph, id: number): EdgeRow {
  const row = stored.edges.find((one) => one.id === id);
  if (!row) throw new AppError('not_found', 'Edge not found.');
  return row;
}

function shownOrLost<T>(shown: T | undefined): T {
  if (shown === undefined) throw new AppError('not_found', 'Edge not found.');
  return shown;
}

/** `memory` is an old word for `tool`. */
function apiFieldsOf(
  before: EdgeApiFields,
  input: { readonly [K in keyof Create]?: Create[K] | undefined },
): EdgeApiFields {
  const label = input.edge_label === 'memory' ? 'tool' : input.edge_label;
  return {
    ...before,
    ...(label !== undefined && { edge_label: label }),
    ...(input.condition_mapping !== undefined && { condition_mapping: input.condition_mapping }),
    ...(input.condition_value !== undefined && { condition_value: input.condition_value }),
    ...(input.edge_type !== undefined && { edge_type: input.edge_type }),
  };
}
