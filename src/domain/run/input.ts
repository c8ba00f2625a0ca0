import { coerce } from '../graph/coerce.ts';
import type { Outputs } from './fact.ts';
import type { PlannedNode } from './planned.ts';
import { type RunState, TOKEN_TAKEN } from './state.ts';

/**
 * What a node receives, by input port: the values of its taken edges, converted to the port's type. A `many` port
 * gets them all as a list in edge order, another port the first one. Ports without a taken edge are absent.
 */
export function inputsOf(state: RunState, node: PlannedNode): Outputs {
  const inputs: Record<string, unknown> = {};
  for (const edge of node.incoming) {
    if (state.tokens[edge.index] !== TOKEN_TAKEN) continue;
    if (!edge.many && Object.hasOwn(inputs, edge.targetPort)) continue;
    const value = coerce(
      state.steps[edge.source.index]?.outputs?.[edge.sourcePort],
      edge.sourceType,
      edge.targetType,
    );
    if (!edge.many) inputs[edge.targetPort] = value;
    else if (Object.hasOwn(inputs, edge.targetPort)) (inputs[edge.targetPort] as unknown[]).push(value);
    else inputs[edge.targetPort] = [value];
  }
  return inputs;
}
