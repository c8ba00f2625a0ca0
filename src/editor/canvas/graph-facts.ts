import type { Graph, GraphEdge } from '#domain/graph/graph.ts';
import { topologicalOrder } from '#domain/graph/order.ts';

const connectedByEdges = new WeakMap<readonly GraphEdge[], ReadonlySet<string>>();
const orderByGraph = new WeakMap<Graph, ReadonlyMap<string, number>>();

const key = (node: string, side: 'input' | 'output', port: string): string => `${node}\n${side}\n${port}`;

/** Whether an edge ends at the port; worked out once for each list of edges. */
export function isConnected(graph: Graph, node: string, side: 'input' | 'output', port: string): boolean {
  let connected = connectedByEdges.get(graph.edges);
  if (!connected) {
    connected = new Set(
      graph.edges.flatMap((edge) => [
        key(edge.source, 'output', edge.sourcePort),
        key(edge.target, 'input', edge.targetPort),
      ]),
    );
    connectedByEdges.set(graph.edges, connected);
  }
  return connected.has(key(node, side, port));
}

/** Position of every node in running order, from 1; nodes on a circle come last. */
export function stepNumbers(graph: Graph): ReadonlyMap<string, number> {
  let numbers = orderByGraph.get(graph);
  if (!numbers) {
    const { sorted, cyclic } = topologicalOrder(graph);
    numbers = new Map([...sorted, ...cyclic].map((id, at) => [id, at + 1]));
    orderByGraph.set(graph, numbers);
  }
  return numbers;
}
