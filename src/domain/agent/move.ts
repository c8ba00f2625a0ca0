import type { Message, ToolCall } from '../chat/message.ts';
import { compaction } from './compact.ts';
import { fitting } from './context.ts';
import { callsOf } from './group.ts';
import { type AgentState, CIRCLES } from './state.ts';
import { totalTokens } from './token.ts';

/** The bounds of an agent, and how much it can read. */
export interface AgentLimits {
  readonly maxSteps: number;
  readonly maxToolCalls: number;
  readonly maxWorkMs: number;
  /** Tokens the model can read at once. */
  readonly window: number;
  /** Tokens of it that messages may take. */
  readonly room: number;
  /** From how many tokens on the beginning is summarised, and how many messages stay; null: never. */
  readonly compact: { readonly from: number; readonly keep: number } | null;
}

/** What an agent does next. */
export type Move =
  | { readonly kind: 'ask'; readonly messages: readonly Message[] }
  | { readonly kind: 'call'; readonly calls: readonly ToolCall[] }
  | { readonly kind: 'compact'; readonly older: readonly Message[]; readonly kept: readonly Message[] }
  | { readonly kind: 'answer'; readonly text: string }
  | { readonly kind: 'give_up'; readonly code: string; readonly message: string };

/** The next move of an agent, by what has happened so far and nothing else. */
export function nextMove(state: AgentState, limits: AgentLimits): Move {
  const last = state.messages.at(-1);
  const calls = callsOf(last);
  if (calls.length > 0) return callOrStop(state, limits, calls);
  if (last?.role === 'assistant' && state.turns > 0) return answerOf(last.content);
  return askOrStop(state, limits);
}

const giveUp = (code: string, message: string): Move => ({ kind: 'give_up', code, message });

function answerOf(text: string): Move {
  if (text.trim() !== '') return { kind: 'answer', text };
  return giveUp(
    'no_answer',
    'The model has answered nothing at all. Ask it otherwise, or choose another model.',
  );
}

function callOrStop(state: AgentState, limits: AgentLimits, calls: readonly ToolCall[]): Move {
  if (state.toolCalls + calls.length > limits.maxToolCalls) {
    const message = `The agent wanted to call more than ${limits.maxToolCalls} tools. Say more clearly what it is to do, or allow more under “Most tool calls”.`;
    return giveUp('agent_loop_limit', message);
  }
  return tooLong(state, limits) ?? { kind: 'call', calls };
}

function askOrStop(state: AgentState, limits: AgentLimits): Move {
  if ([...state.seen.values()].some((times) => times >= CIRCLES)) {
    const message = `The agent went round in circles: the same call gave the same result ${CIRCLES} times. Say more clearly what it is to do when a tool does not help.`;
    return giveUp('agent_loop_limit', message);
  }
  if (state.steps >= limits.maxSteps) {
    const message = `The agent had no answer after ${limits.maxSteps} steps. Say more clearly what it is to do, or allow more under “Most steps”.`;
    return giveUp('agent_loop_limit', message);
  }
  return tooLong(state, limits) ?? compactOrAsk(state, limits);
}

function tooLong({ workedMs }: AgentState, { maxWorkMs }: AgentLimits): Move | null {
  if (workedMs < maxWorkMs) return null;
  return giveUp('agent_timeout', `The agent has worked for ${maxWorkMs / 1000} seconds without an answer.`);
}

function compactOrAsk({ messages }: AgentState, { compact, window, room }: AgentLimits): Move {
  if (compact && totalTokens(messages) >= compact.from) {
    const parts = compaction(messages, { keep: compact.keep, window });
    if (parts) return { kind: 'compact', ...parts };
  }
  const fit = fitting(messages, room);
  if (fit) return { kind: 'ask', messages: fit };
  const problem =
    'The instructions, the tools and the newest message do not fit into the context window of the model.';
  return giveUp('context_too_small', `${problem} Shorten them, or choose a model that can read more.`);
}
