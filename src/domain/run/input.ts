import { coerce } from '../graph/coerce.ts';
import type { Outputs } from './fact.ts';
import type { PlannedEdge, PlannedFrame, PlannedNode } from './planned.ts';
import { type Scope, TOKEN_TAKEN } from './state.ts';

/**
 * What a node receives, by input port: the values of its taken edges, converted to the port's type. A `many` port
 * gets them all as a list in edge order, another port the first one. Ports without a taken edge are absent.
 */
export function inputsOf(scope: Scope, node: PlannedNode): Outputs {
  const inputs: Record<string, unknown> = {};
  const arrival = scope.frame.kind === 'each' && scope.frame.opener === node;
  for (const edge of node.incoming) {
    if (arrival && edge.order !== scope.index) continue;
    const home = scopeOf(scope, edge.home);
    if (home?.tokens[edge.slot] !== TOKEN_TAKEN) continue;
    if (!edge.many && Object.hasOwn(inputs, edge.targetPort)) continue;
    const value = valueOf(home, edge);
    if (!edge.many) inputs[edge.targetPort] = value;
    else if (Object.hasOwn(inputs, edge.targetPort)) (inputs[edge.targetPort] as unknown[]).push(value);
    else inputs[edge.targetPort] = [value];
  }
  return inputs;
}

/** What an edge carries, converted to its target port's type. */
export function valueOf(home: Scope, edge: PlannedEdge): unknown {
  const value = edge.role === 'body' ? home.item : home.outputs[edge.source.id]?.[edge.sourcePort];
  return coerce(value, edge.sourceType, edge.targetType);
}

/** The scope of a frame that a scope lies in, itself included. */
export function scopeOf(scope: Scope, frame: PlannedFrame): Scope | null {
  let one: Scope | null = scope;
  while (one && one.frame !== frame) one = one.parent;
  return one;
}
