import type { Outputs } from './fact.ts';
import type { RunPlan } from './planned.ts';
import { type RunState, TOKEN_TAKEN } from './state.ts';

/**
 * What the run gives back: `{ output }` with the body of its reply, else with the answer of the agent that ended the
 * flow; `{ message }` where a conversation ended it; else `{ node_outputs }` with the outputs of every node outside
 * loops that ended the flow (none of its edges was taken), by node id.
 */
export function outputOf(
  plan: RunPlan,
  state: RunState,
): { output: unknown } | { message: string } | { node_outputs: object } {
  if (state.reply) return { output: state.reply.body };
  const ends = endsOf(plan, state);
  for (const [id, outputs] of Object.entries(ends)) {
    const answers = plan.byId.get(id)?.definition.answers;
    if (answers !== undefined) return { output: outputs[answers] ?? null };
  }
  const message = Object.values(ends).flatMap(({ messages }) => lastAnswer(messages) ?? [])[0];
  return message === undefined ? { node_outputs: ends } : { message };
}

function lastAnswer(messages: unknown): string | null {
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : null;
  if (last === null || typeof last !== 'object') return null;
  const { role, content } = last as { readonly role?: unknown; readonly content?: unknown };
  return role === 'assistant' && typeof content === 'string' ? content : null;
}

function endsOf(plan: RunPlan, state: RunState): Record<string, Outputs> {
  const { root } = state;
  const ends: Record<string, Outputs> = {};
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
  return ends;
}
