import { type GraphNode, nodeTitle } from './graph.ts';

/** Something wrong or doubtful in a drawn graph. An error on a run's path refuses the run; a warning never does. */
export interface Problem {
  readonly level: 'error' | 'warning';
  /** For programs; the message is for people. */
  readonly code: string;
  readonly message: string;
  readonly nodeId?: string;
  readonly edgeId?: number;
  /** Dotted path of the config field, such as `rules.0.operator`. */
  readonly field?: string;
}

/** A node as messages name it: title and id, so that equal titles can be told apart. */
export const named = (node: GraphNode): string => `“${nodeTitle(node)}” (${node.id})`;
