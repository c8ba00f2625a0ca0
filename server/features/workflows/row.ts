import type { Transaction } from 'kysely';
import type { Graph, GraphEdge, GraphNode, NodeSettings } from '#domain/graph/graph.ts';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';

export type Store = Db | Transaction<Database>;

/** What the reference API keeps about a node and the graph does not need. */
export interface NodeApiFields {
  readonly is_entry_point?: boolean;
  readonly interrupt_before?: boolean;
  readonly interrupt_after?: boolean;
  readonly subworkflow_id?: number | null;
  readonly code_block_id?: number | null;
  /** The parts of its `config` that apply to the node's type, without `extra_config`. */
  readonly config?: Readonly<Record<string, unknown>>;
}

export interface EdgeApiFields {
  readonly edge_label?: string;
  readonly condition_mapping?: Readonly<Record<string, unknown>> | null;
  readonly condition_value?: string;
  readonly edge_type?: 'direct' | 'conditional';
}

export interface NodeRow {
  readonly id: number;
  readonly node_id: string;
  readonly type: string;
  readonly label: string | null;
  readonly x: number;
  readonly y: number;
  readonly config: Readonly<Record<string, unknown>>;
  readonly settings: NodeSettings;
  readonly api_fields: NodeApiFields;
  readonly updated_at: Date;
}

export interface EdgeRow {
  readonly id: number;
  readonly source: string;
  readonly source_port: string;
  readonly target: string;
  readonly target_port: string;
  readonly priority: number;
  readonly api_fields: EdgeApiFields;
}

export const nodeOf = (row: NodeRow): GraphNode => ({
  id: row.node_id,
  type: row.type,
  label: row.label,
  x: row.x,
  y: row.y,
  config: row.config,
  settings: row.settings,
});

export const edgeOf = (row: EdgeRow): GraphEdge => ({
  id: row.id,
  source: row.source,
  sourcePort: row.source_port,
  target: row.target,
  targetPort: row.target_port,
  priority: row.priority,
});

export interface StoredGraph {
  readonly nodes: readonly NodeRow[];
  readonly edges: readonly EdgeRow[];
  readonly graph: Graph;
}

/** A workflow's graph with its rows, nodes in order of creation, edges by id. */
export async function loadGraph(db: Store, workflowId: number): Promise<StoredGraph> {
  const nodes = (await db
    .selectFrom('nodes')
    .select(['id', 'node_id', 'type', 'label', 'x', 'y', 'config', 'settings', 'api_fields', 'updated_at'])
    .where('workflow_id', '=', workflowId)
    .orderBy('id')
    .execute()) as NodeRow[];
  const edges = (await db
    .selectFrom('edges')
    .select(['id', 'source', 'source_port', 'target', 'target_port', 'priority', 'api_fields'])
    .where('workflow_id', '=', workflowId)
    .orderBy('id')
    .execute()) as EdgeRow[];
  return { nodes, edges, graph: { nodes: nodes.map(nodeOf), edges: edges.map(edgeOf) } };
}
