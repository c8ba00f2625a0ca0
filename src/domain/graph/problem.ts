import { type GraphNode, nodeTitle } from './graph.ts';

/** The code of the one error that does not refuse a run: its step fails and says why, like any other. */
export const CREDENTIAL_MISSING = 'credential_missing';

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
