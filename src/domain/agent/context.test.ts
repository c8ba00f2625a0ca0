import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '../chat/message.ts';
import { compaction } from './compact.ts';
import { fitting } from './context.ts';
import { callsOf, groupsOf, newest, sound } from './group.ts';
import { totalTokens } from './token.ts';

const words = fc.string({ maxLength: 300 });
const question = words.map((content): Message[] => [{ role: 'user', content }]);
const answer = words.map((content): Message[] => [{ role: 'assistant', content }]);
const calls = fc.array(fc.tuple(fc.uuid(), words), { minLength: 1, maxLength: 3 }).map((made): Message[] => [
  {
    role: 'assistant',
    content: '',
    tool_calls: made.map(([id]) => ({ id, name: 'look', arguments: {} })),
  },
  ...made.map(([id, content]): Message => ({ role: 'tool', tool_call_id: id, name: 'look', content })),
]);
const conversation = fc
  .tuple(question, fc.array(fc.oneof(question, answer, calls), { maxLength: 12 }))
  .map(([first, rest]) => [...first, ...rest.flat()]);

/** Every call has its result right behind it, and there is no result without its call. */
function isWhole(messages: readonly Message[]): boolean {
  return groupsOf(messages).every(([head, ...results]) => {
    const asked = callsOf(head).map(({ id }) => id);
    const given = results.map((one) => (one.role === 'tool' ? one.tool_call_id : ''));
    return head?.role !== 'tool' && JSON.stringify(asked) === JSON.stringify(given);
  });
}

const isPartOf = (part: readonly Message[], whole: readonly Message[]): boolean => {
  let at = 0;
  for (const one of whole) if (one === part[at]) at += 1;
  return at === part.length;
};

describe('what fits into the context window', () => {
  test('is never torn, never too much, and begins with a question', () => {
    fc.assert(
      fc.property(conversation, fc.integer({ min: 0, max: 800 }), (messages, room) => {
        const fit = fitting(messages, room);
        if (fit === null) return;
        expect(totalTokens(fit)).toBeLessThanOrEqual(room);
        expect(isWhole(fit)).toBe(true);
        expect(fit[0]?.role).toBe('user');
        const lastQuestion = messages.findLast(({ role }) => role === 'user');
        expect(fit).toContain(lastQuestion);
        expect(fit.at(-1)?.role).toBe(messages.at(-1)?.role);
      }),
    );
  });

  test('is everything as long as there is room', () => {
    fc.assert(
      fc.property(conversation, (messages) => {
        expect(fitting(messages, totalTokens(messages))).toEqual(messages);
      }),
    );
  });

  test('shortens what the newest tools gave before it gives up', () => {
    const messages: Message[] = [
      { role: 'user', content: 'Old.' },
      { role: 'assistant', content: 'Yes.' },
      { role: 'user', content: 'Look.' },
      { role: 'assistant', content: '', tool_calls: [{ id: 'a', name: 'look', arguments: {} }] },
      { role: 'tool', tool_call_id: 'a', name: 'look', content: 'x'.repeat(40_000) },
    ];
    const fit = fitting(messages, 2_000);
    expect(fit).toContainEqual({ role: 'user', content: 'Look.' });
    expect(fit?.at(-1)?.content).toContain('characters left out');
    expect(fitting(messages, 50)).toBeNull();
    expect(fitting([{ role: 'user', content: 'x'.repeat(4_000) }], 900)).toBeNull();
  });
});

describe('what is summarised', () => {
  test('leaves the newest messages and the newest question as they are', () => {
    fc.assert(
      fc.property(conversation, fc.integer({ min: 1, max: 10 }), (messages, keep) => {
        const parts = compaction(messages, { keep, window: 100 });
        if (parts === null) return;
        expect(isWhole(parts.kept)).toBe(true);
        expect(isWhole(parts.older)).toBe(true);
        expect(parts.older.length + parts.kept.length).toBe(messages.length);
        expect(isPartOf(parts.kept, messages)).toBe(true);
        expect(isPartOf(messages.slice(-keep), parts.kept)).toBe(true);
        expect(parts.kept).toContain(messages.findLast(({ role }) => role === 'user'));
      }),
    );
  });

  test('is nothing while that would be too little to be worth it', () => {
    const messages: Message[] = [
      { role: 'user', content: 'One.' },
      { role: 'assistant', content: 'Two.' },
      { role: 'user', content: 'Three.' },
    ];
    expect(compaction(messages, { keep: 1, window: 1_000 })).toBeNull();
    expect(compaction(messages, { keep: 1, window: 10 })?.older).toHaveLength(2);
  });
});

describe('a conversation that arrives', () => {
  const torn: Message[] = [
    { role: 'tool', tool_call_id: 'x', name: 'look', content: 'lost' },
    { role: 'user', content: 'Hello.' },
    { role: 'assistant', content: 'I look.', tool_calls: [{ id: 'a', name: 'look', arguments: {} }] },
    { role: 'user', content: 'Well?' },
    { role: 'assistant', content: '', tool_calls: [{ id: 'b', name: 'look', arguments: {} }] },
    { role: 'tool', tool_call_id: 'b', name: 'look', content: 'found' },
  ];

  test('loses calls without results, and results without calls', () => {
    const whole = sound(torn, true);
    expect(isWhole(whole)).toBe(true);
    expect(whole).toHaveLength(5);
    expect(whole[1]).toEqual({ role: 'assistant', content: 'I look.' });
  });

  test('loses everything about tools where there are none', () => {
    expect(sound(torn, false).map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  });

  test('is cut to its newest messages, beginning with a question', () => {
    fc.assert(
      fc.property(conversation, fc.integer({ min: 1, max: 10 }), (messages, most) => {
        const part = newest(messages, most);
        expect(part.length).toBeLessThanOrEqual(most);
        expect(isWhole(part)).toBe(true);
        expect(['user', undefined]).toContain(part[0]?.role);
        expect(messages.slice(messages.length - part.length)).toEqual(part);
      }),
    );
  });
});
