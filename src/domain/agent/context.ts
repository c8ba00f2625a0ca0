import type { Message } from '../chat/message.ts';
import { cutMiddle } from './cut.ts';
import { fromQuestion, type Group, groupsOf, lastQuestion } from './group.ts';
import { totalTokens } from './token.ts';

const SHORTEST_RESULT = 1_000;

/**
 * As much of a conversation as fits, the newest kept: the newest question, the newest group, and before that as many
 * groups as there is room for. Results of tools in the newest group are shortened if they alone do not fit.
 * @param room tokens
 * @returns null when not even the newest question and group fit
 */
export function fitting(messages: readonly Message[], room: number): readonly Message[] | null {
  if (totalTokens(messages) <= room) return messages;
  const groups = groupsOf(messages);
  const pinned = lastQuestion(groups);
  const question = groups[pinned] ?? [];
  const isNewest = pinned === groups.length - 1;
  const left = room - totalTokens(question);
  const last = isNewest ? [] : shortened(groups.at(-1) ?? [], left);
  if (last === null || left < 0) return null;
  let rest = left - totalTokens(last);
  let from = groups.length - (isNewest ? 0 : 1);
  while (from > 0) {
    const size = from - 1 === pinned ? 0 : totalTokens(groups[from - 1] ?? []);
    if (size > rest) break;
    rest -= size;
    from -= 1;
  }
  const middle = groups.slice(from, isNewest ? undefined : -1);
  const kept = from <= pinned ? fromQuestion(middle) : [question, ...middle];
  return [...kept, last].flat();
}

/** A group whose results of tools are cut until it fits; null if it never does. */
function shortened(group: Group, room: number): Group | null {
  for (let most = Number.MAX_SAFE_INTEGER; ; most = Math.min(most / 2, longestResult(group) / 2)) {
    const cut = group.map((one) =>
      one.role === 'tool' ? { ...one, content: cutMiddle(one.content, most) } : one,
    );
    if (totalTokens(cut) <= room) return cut;
    if (most < SHORTEST_RESULT) return null;
  }
}

const longestResult = (group: Group): number =>
  Math.max(0, ...group.map((one) => (one.role === 'tool' ? one.content.length : 0)));
