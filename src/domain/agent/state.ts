import type { Message, ToolCall } from '../chat/message.ts';
import type { ModelAnswer } from '../model/model.ts';
import { keyOf } from '../node/value-key.ts';
import { summaryMessage } from './compact.ts';

/** What an agent has done so far. Never changed in place. */
export interface AgentState {
  /** The conversation without the instructions, oldest first. */
  readonly messages: readonly Message[];
  /** Answers of the model. */
  readonly turns: number;
  readonly compactions: number;
  /** The last text of its own that was not empty. */
  readonly said: string;
  /** Of it and of the sub-agents it has asked. */
  readonly steps: number;
  readonly toolCalls: number;
  /** Milliseconds, without waiting for people and other runs. */
  readonly workedMs: number;
  /** How often a call has given a result, by both. */
  readonly seen: ReadonlyMap<string, number>;
}

/** What the sub-agents of one agent have used up. */
export interface Spent {
  readonly steps: number;
  readonly toolCalls: number;
}

export interface CallResult {
  readonly call: ToolCall;
  /** What the model is told. */
  readonly told: string;
  readonly spent?: Spent;
}

export const begin = (messages: readonly Message[], spent?: Partial<AgentState>): AgentState => ({
  messages,
  turns: 0,
  compactions: 0,
  said: '',
  steps: 0,
  toolCalls: 0,
  workedMs: 0,
  seen: new Map(),
  ...spent,
});

/** After the model has answered. */
export function answered(state: AgentState, answer: ModelAnswer, ms: number): AgentState {
  const turns = state.turns + 1;
  const { text, searches, native } = answer;
  const calls = namedApart(answer.toolCalls, turns);
  const isSame = calls.every(({ id }, at) => id === answer.toolCalls[at]?.id);
  const said: Message = {
    role: 'assistant',
    content: text,
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(searches && { searches: [...searches] }),
    // The provider knows its calls by the ids it gave them.
    ...(native && isSame && { native }),
  };
  return {
    ...state,
    messages: [...state.messages, said],
    turns,
    said: text.trim() || state.said,
    steps: state.steps + 1,
    workedMs: state.workedMs + ms,
  };
}

/** Some providers give calls no id, or the same one to several. */
function namedApart(calls: readonly ToolCall[], turn: number): ToolCall[] {
  const taken = new Set<string>();
  return calls.map((call, at) => {
    const id = call.id === '' || taken.has(call.id) ? `call_${turn}_${at}` : call.id;
    taken.add(id);
    return { ...call, id };
  });
}

/** A conversation as others are given it: what a provider has sealed for itself is left out. */
export const withoutSealed = (messages: readonly Message[]): Message[] =>
  messages.map((message) => {
    if (message.role !== 'assistant' || !message.native) return message;
    const { native: _, ...open } = message;
    return open;
  });

/** After the tools that were asked for have given their results, in the order they were asked for. */
export function called(state: AgentState, results: readonly CallResult[], ms: number): AgentState {
  const seen = new Map(state.seen);
  const told = results.map(({ call, told: content }): Message => {
    const key = keyOf([call.name, call.arguments, content]);
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    return { role: 'tool', tool_call_id: call.id, name: call.name, content: content + hint(times) };
  });
  const spent = results.reduce((sum, { spent: one }) => sum + (one?.steps ?? 0), 0);
  const calls = results.reduce((sum, { spent: one }) => sum + 1 + (one?.toolCalls ?? 0), 0);
  return {
    ...state,
    messages: [...state.messages, ...told],
    steps: state.steps + spent,
    toolCalls: state.toolCalls + calls,
    workedMs: state.workedMs + ms,
    seen,
  };
}

const HINT_FROM = 3;
/** The same call with the same result, this often: the agent goes round in circles. */
export const CIRCLES = 5;

const hint = (times: number): string =>
  times < HINT_FROM
    ? ''
    : `\n\n(The same call has given the same result ${times} times. Try another way, or answer with what you have.)`;

/** After the beginning of the conversation was summarised. */
export const compacted = (
  state: AgentState,
  { summary, kept, ms }: { readonly summary: string; readonly kept: readonly Message[]; readonly ms: number },
): AgentState => ({
  ...state,
  messages: [summaryMessage(summary), ...kept],
  compactions: state.compactions + 1,
  workedMs: state.workedMs + ms,
});
