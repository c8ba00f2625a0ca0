import { z } from 'zod';
import type { PortType } from './port-type.ts';

/** A place on a node where an edge ends. `many` inputs collect every arriving value into a list. */
export interface Port {
  readonly name: string;
  readonly type: PortType;
  readonly label?: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly many?: boolean;
  /** Leaving this port chooses a branch; the API shows its edges as `conditional` with this port's name. */
  readonly route?: boolean;
}

export interface PortSet {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

export const JOIN_POLICIES = ['all', 'any'] as const;
export const ON_ERROR = ['fail', 'continue', 'route'] as const;

/** How often a failed step is tried again. Times in milliseconds. */
export const retryPolicy = z.object({
  maxAttempts: z.int().min(1).max(20).default(1),
  initialMs: z.int().min(0).max(3_600_000).default(1000),
  factor: z.number().min(1).max(10).default(2),
  maxMs: z.int().min(0).max(86_400_000).default(60_000),
  jitter: z.number().min(0).max(1).default(0.2),
});
export type RetryPolicy = z.output<typeof retryPolicy>;

/** What the engine does around a node, the same for every node type. */
export const nodeSettings = z.object({
  timeoutMs: z.int().min(1).max(86_400_000).optional(),
  retry: retryPolicy.optional(),
  onError: z.enum(ON_ERROR).default('fail'),
  /** The value every data output gives when `onError` is `continue`. */
  fallback: z.json().optional(),
  join: z.enum(JOIN_POLICIES).default('all'),
});
export type NodeSettings = z.output<typeof nodeSettings>;

/** A node as drawn. `config` belongs to its type and is checked by that type's schema. */
export interface GraphNode {
  readonly id: string;
  readonly type: string;
  readonly label: string | null;
  readonly x: number;
  readonly y: number;
  readonly config: Readonly<Record<string, unknown>>;
  readonly settings: NodeSettings;
}

export interface GraphEdge {
  readonly id: number;
  readonly source: string;
  readonly sourcePort: string;
  readonly target: string;
  readonly targetPort: string;
  readonly priority: number;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** An edge that is only being thought about: while drawing, or in a request. */
export interface Connection {
  readonly source: string;
  readonly sourcePort: string;
  readonly target: string;
  readonly targetPort: string;
}

export const EMPTY_GRAPH: Graph = { nodes: [], edges: [] };
export const DEFAULT_SETTINGS: NodeSettings = nodeSettings.parse({});

export const nodeTitle = (node: Pick<GraphNode, 'label' | 'id'>): string => node.label ?? node.id;
