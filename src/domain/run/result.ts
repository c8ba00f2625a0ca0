import type { RunPlan } from './planned.ts';
import { type RunState, TOKEN_TAKEN } from './state.ts';

/**
 * What the run gives back: `{ output }` with the body of its reply, else `{ node_outputs }` with the outputs of
 * every node that ended the flow (none of its edges was taken), by node id.
 */
export function outputOf(plan: RunPlan, state: RunState): { output: unknown } | { node_outputs: object } {
  if (state.reply) return { output: state.reply.body };
  const ends: Record<string, unknown> = {};
  for (const node of plan.nodes) {
    const outputs = state.outputs[node.id];
    if (!outputs) continue;
    if (node.outgoing.some((edge) => state.tokens[edge.index] === TOKEN_TAKEN)) continue;
    ends[node.id] = outputs;
  }
  return { node_outputs: ends };
}
