import type { RunPlan } from './planned.ts';
import { type RunState, TOKEN_TAKEN } from './state.ts';

/**
 * What the run gives back: `{ output }` with the body of its reply, else `{ node_outputs }` with the outputs of
 * every node outside loops that ended the flow (none of its edges was taken), by node id.
 */
export function outputOf(plan: RunPlan, state: RunState): { output: unknown } | { node_outputs: object } {
  if (state.reply) return { output: state.reply.body };
  const { root } = state;
  const ends: Record<string, unknown> = {};
  for (const node of plan.nodes) {
    if (node.frame.kind === 'loop') continue;
    const outputs = root.outputs[node.id];
    if (!outputs) continue;
    const goesOn =
      node.frame === root.frame
        ? node.outgoing.some((e) => e.home === root.frame && root.tokens[e.slot] === TOKEN_TAKEN)
        : node.outgoing.length > 0;
    if (goesOn) continue;
    ends[node.id] = outputs;
  }
  return { node_outputs: ends };
}
