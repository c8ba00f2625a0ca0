import type { EdgeRole, FrameKind } from '../graph/frame.ts';
import type { GraphNode, RetryPolicy } from '../graph/graph.ts';
import type { PortType } from '../graph/port-type.ts';
import type { AnyDefinition } from '../node/definition.ts';
import type { PlannedParts } from './planned-part.ts';

/** A part of the graph that is repeated as a whole; the outermost one is the run itself. */
export interface PlannedFrame {
  readonly index: number;
  readonly kind: 'run' | FrameKind;
  /** The loop, or the node that runs for each arrival (which lies in the frame itself); null for the run. */
  readonly opener: PlannedNode | null;
  readonly parent: PlannedFrame | null;
  readonly nodes: readonly PlannedNode[];
  /** Of kind `each`, directly in this one. */
  readonly eachFrames: readonly PlannedFrame[];
  /** Edges whose tokens live in this frame. */
  readonly edgeCount: number;
  /** Edges from further out that end here: their tokens count in every repetition. */
  readonly inherited: readonly PlannedEdge[];
  /** The loop's edges into this frame. */
  readonly bodyEdges: readonly PlannedEdge[];
}

export interface PlannedEdge {
  /** Place of its token in its home frame. */
  readonly slot: number;
  /** The frame its token lives in: the one the edge comes from; for a body edge the loop's body. */
  readonly home: PlannedFrame;
  /** The frame it is delivered to: its target's, or, where the target runs for each arrival, the one around that. */
  readonly into: PlannedFrame;
  readonly role: EdgeRole;
  /** Opens a repetition of its target, which runs for each arrival. */
  readonly isArrival: boolean;
  /** Position in edge order: priority, then id. */
  readonly order: number;
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
  readonly frame: PlannedFrame;
  /** Place in its frame. */
  readonly slot: number;
  /** The body it repeats; null for all but loops. */
  readonly opens: PlannedFrame | null;
  /** In edge order, without the edges that lead back. */
  readonly incoming: readonly PlannedEdge[];
  readonly outgoing: readonly PlannedEdge[];
  /** Output ports that carry data, without the error port. */
  readonly outputs: readonly string[];
  readonly retry: RetryPolicy | null;
  readonly timeoutMs: number;
  /** What is plugged into its slots, by input port. */
  readonly parts: PlannedParts;
  /** Its config holds templates. */
  readonly isTemplated: boolean;
}

/** A graph prepared for running from one trigger: only what can be reached from there, with indexes. */
export interface RunPlan {
  readonly trigger: PlannedNode;
  /** `node`: what stands for the trigger is run itself, the only one. */
  readonly entry: 'trigger' | 'node';
  readonly root: PlannedFrame;
  readonly frames: readonly PlannedFrame[];
  readonly nodes: readonly PlannedNode[];
  readonly edges: readonly PlannedEdge[];
  readonly byId: ReadonlyMap<string, PlannedNode>;
}
