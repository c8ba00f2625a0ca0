import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Contract } from '#contract/contract.ts';
import type { versionOut } from '#contract/version.ts';
import type { GraphCommand } from '#domain/graph/command.ts';
import type { Graph, GraphNode } from '#domain/graph/graph.ts';
import { AppError } from '#domain/problem.ts';
import { type HandlersOf, signedIn, type Viewer } from '../handler.ts';
import { withoutGone } from './credential-name.ts';
import { changeStored } from './graph-change.ts';
import type { GraphOptions } from './graph-handlers.ts';
import { loadGraph, type Store } from './row.ts';
import { findWorkflow, lockWorkflow, presentWorkflow, type WorkflowOut } from './store.ts';
import type { Versions } from './version.ts';

type Handlers = HandlersOf<Contract['versions']>;
type Detail = Awaited<ReturnType<Handlers['get']>>;

export interface VersionOptions extends GraphOptions {
  readonly versions: Versions;
}

export function versionHandlers(options: VersionOptions): Handlers {
  const { db } = options;
  return {
    list: async (context, { workflow_slug, limit, offset }) => {
      const { id, revision } = await findWorkflow(db, signedIn(context), workflow_slug);
      const found = db.selectFrom('workflow_versions').where('workflow_id', '=', id);
      const { total } = await found.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow();
      const page = shown(db, id).orderBy('n', 'desc').limit(limit).offset(offset);
      const rows = limit === 0 ? [] : await page.execute();
      return { items: rows.map((row) => versionOutOf(row, revision)), total };
    },
    publish: async (context, { workflow_slug }) => {
      const { id, revision } = await findWorkflow(db, signedIn(context), workflow_slug);
      const kept = await options.versions.current(id, revision);
      const row = kept && (await shown(db, id).where('id', '=', kept.versionId).executeTakeFirst());
      if (!row) throw new AppError('not_found', 'Workflow not found.');
      return versionOutOf(row, row.revision);
    },
    get: async (context, { workflow_slug, n }) => {
      const { id, revision } = await findWorkflow(db, signedIn(context), workflow_slug);
      const row = await findVersion(db, id, n);
      const { nodes, edges } = row.graph;
      return { ...versionOutOf(row, revision), nodes, edges } as Detail;
    },
    restore: (context, input) => restore(options, signedIn(context), input),
  };
}

const shown = (db: Store, workflowId: number) =>
  db
    .selectFrom('workflow_versions')
    .select(['n', 'revision', 'checksum', 'created_at'])
    .select([
      sql<number>`json_array_length((graph::json) -> 'nodes')`.as('node_count'),
      sql<number>`json_array_length((graph::json) -> 'edges')`.as('edge_count'),
    ])
    .where('workflow_id', '=', workflowId);

type Row = Awaited<ReturnType<ReturnType<typeof shown>['executeTakeFirstOrThrow']>>;

const versionOutOf = (row: Row, revision: number): z.input<typeof versionOut> => ({
  n: row.n,
  revision: row.revision,
  is_current: row.revision === revision,
  node_count: row.node_count,
  edge_count: row.edge_count,
  checksum: row.checksum,
  created_at: row.created_at.toISOString(),
});

async function findVersion(db: Store, workflowId: number, n: number): Promise<Row & { graph: Graph }> {
  const row = await shown(db, workflowId).select('graph').where('n', '=', n).executeTakeFirst();
  if (!row) throw new AppError('not_found', 'Version not found.');
  return { ...row, graph: row.graph as Graph };
}

/** @throws AppError `not_found`; `invalid` when the version needs a node type that is not there any more. */
async function restore(
  { db, notice, definitionOf }: VersionOptions,
  viewer: Viewer,
  { workflow_slug, n }: { readonly workflow_slug: string; readonly n: number },
): Promise<WorkflowOut> {
  const after = await db.transaction().execute(async (trx) => {
    const workflow = await lockWorkflow(trx, viewer, workflow_slug);
    const { graph } = await findVersion(trx, workflow.id, n);
    const stored = await loadGraph(trx, workflow.id);
    const place = { nodes: graph.nodes, environmentId: workflow.environment_id };
    const nodes = await withoutGone(trx, place, definitionOf);
    const commands = commandsBetween(stored.graph, { ...graph, nodes });
    if (commands.length > 0) {
      await changeStored(trx, workflow, { commands, actorId: viewer.userId, stored }, definitionOf);
    }
    return presentWorkflow(trx, workflow.id);
  });
  notice.changed(after.id);
  return after;
}

/** The commands that lead from one graph to another. What is the same in both keeps its row. */
export function commandsBetween(before: Graph, after: Graph): GraphCommand[] {
  const old = new Map(before.nodes.map((node) => [node.id, node]));
  const wanted = new Map(after.nodes.map((node) => [node.id, node]));
  const isKept = (node: GraphNode): boolean => wanted.get(node.id)?.type === node.type;
  const gone = before.nodes.filter((node) => !isKept(node));
  const goneIds = new Set(gone.map((node) => node.id));
  // Removing a node removes its edges.
  const left = before.edges.filter((edge) => !goneIds.has(edge.source) && !goneIds.has(edge.target));
  const wantedEdges = new Map(after.edges.map((edge) => [edge.id, edge]));
  const kept = new Set(
    left.filter((edge) => isDeepStrictEqual(wantedEdges.get(edge.id), edge)).map((edge) => edge.id),
  );
  return [
    ...left.filter((edge) => !kept.has(edge.id)).map(({ id }) => ({ kind: 'remove_edge' as const, id })),
    ...gone.map(({ id }) => ({ kind: 'remove_node' as const, id })),
    ...after.nodes.flatMap((node) => {
      const known = goneIds.has(node.id) ? undefined : old.get(node.id);
      return known ? changesOf(known, node) : [{ kind: 'add_node', node } as GraphCommand];
    }),
    ...after.edges
      .filter((edge) => !kept.has(edge.id))
      .map((edge) => ({ kind: 'add_edge', edge }) as GraphCommand),
  ];
}

function changesOf(before: GraphNode, after: GraphNode): GraphCommand[] {
  const { id, label, config, settings, x, y } = after;
  const isSame =
    before.label === label &&
    isDeepStrictEqual(before.config, config) &&
    isDeepStrictEqual(before.settings, settings);
  return [
    ...(isSame ? [] : [{ kind: 'update_node', id, label, config, settings } as GraphCommand]),
    ...(before.x === x && before.y === y ? [] : [{ kind: 'move_node' as const, id, x, y }]),
  ];
}
