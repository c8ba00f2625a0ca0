import type { NodeSettings } from '#domain/graph/graph.ts';
import { type GraphNode, nodeTitle } from '#domain/graph/graph.ts';
import type { Change } from '../document/document-store.ts';

type Pin = NonNullable<NodeSettings['pin']>;

interface LoggedOutput {
  readonly node_id: string;
  readonly scope?: string;
  readonly status: string;
  readonly output: unknown;
}

/** What a node gave in a run, by port, if it may be kept: outside loops, and only when it succeeded. */
export function pinnable(logs: readonly LoggedOutput[], node: string): Pin | null {
  const own = logs.filter(
    (log) => log.node_id === node && (log.scope ?? '') === '' && log.status === 'success',
  );
  const output = own.at(-1)?.output;
  const isRecord = typeof output === 'object' && output !== null && !Array.isArray(output);
  return isRecord ? (output as Pin) : null;
}

/** Keeps an output at a node, for runs from the editor. */
export function pinChange(node: GraphNode, pin: Pin): Change {
  return {
    name: `Pin the output of ${nodeTitle(node)}`,
    commands: [{ kind: 'update_node', id: node.id, settings: { ...node.settings, pin } }],
  };
}

export function unpinChange(node: GraphNode): Change {
  const { pin: _old, ...settings } = node.settings;
  return {
    name: `Unpin the output of ${nodeTitle(node)}`,
    commands: [{ kind: 'update_node', id: node.id, settings }],
  };
}
