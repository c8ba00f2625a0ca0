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
  /**
   * `body` (an output): what it leads to is repeated for every item, and the port gives the item.
   * `return` (an input): ends one repetition; the only edge that may lead back.
   */
  readonly loop?: 'body' | 'return';
}

export interface PortSet {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** A target that is no node: the path simply stops there. */
export const END_OF_PATH = '__end__';

/**
 * When a node with several incoming edges runs: `all` once every edge has a token, if at least one is taken; `any`
 * at the first taken one; `each` once for every taken one; `allTaken` only if every edge is taken.
 */
export const JOIN_POLICIES = ['all', 'any', 'each', 'allTaken'] as const;
export const ON_ERROR = ['fail', 'continue', 'route'] as const;

/** How often a failed step is tried again. Times in milliseconds. */
export const retryPolicy = z.object({
  maxAttempts: z.int().min(1).max(20).default(1),
  initialMs: z.int().min(0).max(3_600_000).default(1000),
  factor: z.number().min(1).max(10).default(2),
  maxMs: z.int().min(0).max(86_400_000).default(60_000),
  jitter: z.number().min(0).max(1).default(0.2),
  /** Error codes; when the list is not empty, no other error is tried again. */
  retryOn: z.array(z.string().max(100)).max(50).default([]),
  /** Error codes that are never tried again; wins over `retryOn`. */
  noRetryOn: z.array(z.string().max(100)).max(50).default([]),
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
  /** Outputs by port that runs from the editor take instead of running the node; other runs ignore it. */
  pin: z.record(z.string(), z.json()).optional(),
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
