import type { Message, ToolCall } from '../chat/message.ts';

/** Messages that only make sense together: an answer that asks for tools, and what those gave. */
export type Group = readonly Message[];

export const callsOf = (message: Message | undefined): readonly ToolCall[] =>
  message?.role === 'assistant' ? (message.tool_calls ?? []) : [];

/** A conversation in the parts that must not be torn, in order. */
export function groupsOf(messages: readonly Message[]): Group[] {
  const groups: Message[][] = [];
  for (const message of messages) {
    const last = groups.at(-1);
    if (message.role === 'tool' && last) last.push(message);
    else groups.push([message]);
  }
  return groups;
}

/**
 * A conversation that every provider accepts: each call of a tool is followed by its result, and there is no result
 * without its call. What is incomplete is left out. Without tools, nothing of them is left.
 */
export function sound(messages: readonly Message[], hasTools: boolean): Message[] {
  return groupsOf(messages).flatMap((group): readonly Message[] => {
    const [head, ...results] = group;
    if (!head || head.role === 'tool') return [];
    const calls = callsOf(head);
    const given = new Map(results.map((one) => [one.role === 'tool' ? one.tool_call_id : '', one]));
    const answers = calls.flatMap((call) => given.get(call.id) ?? []);
    if (calls.length === 0) return [head];
    if (hasTools && answers.length === calls.length) return [head, ...answers];
    return head.role === 'assistant' && head.content !== ''
      ? [{ role: 'assistant', content: head.content }]
      : [];
  });
}

/** The newest part of a conversation: at most `most` messages, beginning with a question. */
export function newest(messages: readonly Message[], most: number): Message[] {
  const kept: Group[] = [];
  let count = 0;
  for (const group of groupsOf(messages).reverse()) {
    count += group.length;
    if (count > most) break;
    kept.unshift(group);
  }
  return fromQuestion(kept).flat();
}

/** The groups from the first question on; what comes before it answers nothing that is there. */
export function fromQuestion(groups: readonly Group[]): readonly Group[] {
  const first = groups.findIndex(([head]) => head?.role === 'user');
  return first === -1 ? [] : groups.slice(first);
}

/** Where the newest question is; -1 if there is none. */
export const lastQuestion = (groups: readonly Group[]): number =>
  groups.findLastIndex(([head]) => head?.role === 'user');
