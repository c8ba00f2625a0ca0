import { api } from '#client/trpc.ts';
import type { ServerGraph } from './autosave.ts';

/** The stored graph; rejects like every API call. */
export async function loadGraph(slug: string): Promise<ServerGraph> {
  const stored = await api.workflows.graph.query({ workflow_slug: slug });
  return {
    graph: { nodes: stored.nodes, edges: stored.edges },
    revision: stored.revision,
    nextEdgeId: stored.next_edge_id,
    webhooks: stored.webhooks,
  };
}
