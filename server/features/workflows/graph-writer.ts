import { sql, type Transaction } from 'kysely';
import type { Graph, GraphEdge, GraphNode } from '#domain/graph/graph.ts';
import type { Database } from '#server/db/schema.ts';
import type { EdgeApiFields, EdgeRow, NodeApiFields, NodeRow, StoredGraph } from './row.ts';

/** The reference API's fields that go with a change, by node id and edge id; they replace what was stored. */
export interface Extras {
  readonly nodes?: ReadonlyMap<string, NodeApiFields>;
  readonly edges?: ReadonlyMap<number, EdgeApiFields>;
}

/** What a change wrote. */
export interface Written {
  readonly created: readonly NodeRow[];
  readonly updated: readonly NodeRow[];
  readonly removed: readonly string[];
  readonly edgesCreated: readonly EdgeRow[];
  readonly edgesUpdated: readonly EdgeRow[];
  readonly edgesRemoved: readonly number[];
}

type Trx = Transaction<Database>;

/** Brings the rows from `stored` to `after` by writing only what differs, each kind in one statement. */
export async function writeGraph(
  trx: Trx,
  workflowId: number,
  { stored, after, extras }: { stored: StoredGraph; after: Graph; extras: Extras },
): Promise<Written> {
  const oldNodes = new Map(
    stored.nodes.map((row, index) => [row.node_id, { row, node: stored.graph.nodes[index] }]),
  );
  const oldEdges = new Map(
    stored.edges.map((row, index) => [row.id, { row, edge: stored.graph.edges[index] }]),
  );
  const changedNodes = after.nodes.filter(
    (node) => oldNodes.get(node.id)?.node !== node || extras.nodes?.has(node.id),
  );
  const changedEdges = after.edges.filter(
    (edge) => oldEdges.get(edge.id)?.edge !== edge || extras.edges?.has(edge.id),
  );
  const removed = missing(
    [...oldNodes.keys()],
    after.nodes.map((node) => node.id),
  );
  const edgesRemoved = missing(
    [...oldEdges.keys()],
    after.edges.map((edge) => edge.id),
  );
  await removeRows(trx, workflowId, { removed, edgesRemoved });
  const nodes = await upsertNodes(
    trx,
    workflowId,
    changedNodes,
    (id) => extras.nodes?.get(id) ?? oldNodes.get(id)?.row.api_fields ?? {},
  );
  const edges = await upsertEdges(
    trx,
    workflowId,
    changedEdges,
    (id) => extras.edges?.get(id) ?? oldEdges.get(id)?.row.api_fields ?? {},
  );
  return {
    created: nodes.filter((row) => !oldNodes.has(row.node_id)),
    updated: nodes.filter((row) => oldNodes.has(row.node_id)),
    removed,
    edgesCreated: edges.filter((row) => !oldEdges.has(row.id)),
    edgesUpdated: edges.filter((row) => oldEdges.has(row.id)),
    edgesRemoved,
  };
}

function missing<T>(before: readonly T[], after: readonly T[]): T[] {
  const kept = new Set(after);
  return before.filter((one) => !kept.has(one));
}

async function removeRows(
  trx: Trx,
  workflowId: number,
  { removed, edgesRemoved }: { removed: readonly string[]; edgesRemoved: readonly number[] },
): Promise<void> {
  if (removed.length > 0) {
    await sql`delete from nodes where workflow_id = ${workflowId} and node_id = any(${removed}::text[])`.execute(
      trx,
    );
  }
  if (edgesRemoved.length > 0) {
    await sql`delete from edges where workflow_id = ${workflowId} and id = any(${edgesRemoved}::int[])`.execute(
      trx,
    );
  }
}

async function upsertNodes(
  trx: Trx,
  workflowId: number,
  nodes: readonly GraphNode[],
  fieldsOf: (id: string) => NodeApiFields,
): Promise<NodeRow[]> {
  if (nodes.length === 0) return [];
  const rows = nodes.map((node) => ({ ...node, api_fields: fieldsOf(node.id) }));
  const { rows: written } = await sql<NodeRow>`
    insert into nodes as n (workflow_id, node_id, type, label, x, y, config, settings, api_fields)
    select ${workflowId}, r.id, r.type, r.label, r.x, r.y, r.config, r.settings, r.api_fields
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(id text, type text, label text,
      x float8, y float8, config json, settings json, api_fields json)
    on conflict (workflow_id, node_id) do update set type = excluded.type, label = excluded.label,
      x = excluded.x, y = excluded.y, config = excluded.config, settings = excluded.settings,
      api_fields = excluded.api_fields, updated_at = now()
    returning n.id, n.node_id, n.type, n.label, n.x, n.y, n.config, n.settings, n.api_fields, n.updated_at
  `.execute(trx);
  return written;
}

async function upsertEdges(
  trx: Trx,
  workflowId: number,
  edges: readonly GraphEdge[],
  fieldsOf: (id: number) => EdgeApiFields,
): Promise<EdgeRow[]> {
  if (edges.length === 0) return [];
  const rows = edges.map((edge) => ({ ...edge, api_fields: fieldsOf(edge.id) }));
  const { rows: written } = await sql<EdgeRow>`
    insert into edges as e (workflow_id, id, source, source_port, target, target_port, priority, api_fields)
    select ${workflowId}, r.id, r.source, r."sourcePort", r.target, r."targetPort", r.priority, r.api_fields
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(id int, source text, "sourcePort" text,
      target text, "targetPort" text, priority int, api_fields json)
    on conflict (workflow_id, id) do update set source = excluded.source, source_port = excluded.source_port,
      target = excluded.target, target_port = excluded.target_port, priority = excluded.priority,
      api_fields = excluded.api_fields
    returning e.id, e.source, e.source_port, e.target, e.target_port, e.priority, e.api_fields
  `.execute(trx);
  return written;
}
