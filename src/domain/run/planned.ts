import type { GraphNode, RetryPolicy } from '../graph/graph.ts';
import type { PortType } from '../graph/port-type.ts';
import type { AnyDefinition } from '../node/definition.ts';

export interface PlannedEdge {
  readonly index: number;
  readonly id: number;
  readonly source: PlannedNode;
  readonly sourcePort: string;
  readonly sourceType: PortType;
  readonly target: PlannedNode;
  readonly targetPort: string;
  readonly targetType: PortType;
  /** The target port collects a list. */
  readonly many: boolean;
}

export interface PlannedNode {
  readonly index: number;
  readonly id: string;
  readonly node: GraphNode;
  readonly definition: AnyDefinition;
  /** In edge order: priority, then id. */
  readonly incoming: readonly PlannedEdge[];
  readonly outgoing: readonly PlannedEdge[];
  /** Output ports that carry data, without the error port. */
  readonly outputs: readonly string[];
  readonly retry: RetryPolicy | null;
  readonly timeoutMs: number;
}

/** A graph prepared for running from one trigger: only what can be reached from there, with indexes. */
export interface RunPlan {
  readonly trigger: PlannedNode;
  readonly nodes: readonly PlannedNode[];
  readonly edges: readonly PlannedEdge[];
  readonly byId: ReadonlyMap<string, PlannedNode>;
}
