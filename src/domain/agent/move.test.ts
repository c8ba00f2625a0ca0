import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '../chat/message.ts';
import { type ModelAnswer, NO_USAGE } from '../model/model.ts';
import { type AgentLimits, nextMove } from './move.ts';
import { answered, begin, called } from './state.ts';
import { roomFor, windowOf } from './window.ts';

const limits: AgentLimits = {
  maxSteps: 25,
  maxToolCalls: 50,
  maxWorkMs: 60_000,
  window: 10_000,
  room: 8_000,
  compact: null,
};
const hello: Message[] = [{ role: 'user', content: 'Hello.' }];
const answer = (text: string, calls: readonly string[] = []): ModelAnswer => ({
  text,
  toolCalls: calls.map((name) => ({ id: '', name, arguments: {} })),
  finish: 'stop',
  usage: NO_USAGE,
  model: 'm',
});
const callsIn = (state: ReturnType<typeof begin>) => {
  const move = nextMove(state, limits);
  return move.kind === 'call' ? move.calls : [];
};

describe('the next move', () => {
  test('is to ask, then to call what was asked for, then to ask again, then to answer', () => {
    const asked = begin(hello);
    expect(nextMove(asked, limits)).toMatchObject({ kind: 'ask', messages: hello });
    const wants = answered(asked, answer('', ['look', 'look']), 5);
    const calls = callsIn(wants);
    expect(calls.map(({ id }) => id)).toEqual(['call_1_0', 'call_1_1']);
    const told = called(
      wants,
      calls.map((call) => ({ call, told: 'found' })),
      7,
    );
    expect(nextMove(told, limits)).toMatchObject({ kind: 'ask' });
    expect(told).toMatchObject({ steps: 1, toolCalls: 2, workedMs: 12 });
    expect(nextMove(answered(told, answer('Done.'), 1), limits)).toEqual({ kind: 'answer', text: 'Done.' });
  });

  test('is to answer even when the conversation that arrives ends with an answer of another', () => {
    const arrived: Message[] = [...hello, { role: 'assistant', content: 'I am another agent.' }];
    expect(nextMove(begin(arrived), limits).kind).toBe('ask');
  });

  test.each([
    ['after the last step', begin(hello, { steps: 25 }), 'agent_loop_limit', '25 steps'],
    ['after the longest work', begin(hello, { workedMs: 60_000 }), 'agent_timeout', '60 seconds'],
    [
      'at more calls than allowed',
      answered(begin(hello, { toolCalls: 49 }), answer('', ['a', 'b']), 0),
      'agent_loop_limit',
      '50 tools',
    ],
    ['at an empty answer', answered(begin(hello), answer(' \n'), 0), 'no_answer', 'nothing at all'],
    [
      'when nothing fits',
      begin([{ role: 'user', content: 'x'.repeat(40_000) }]),
      'context_too_small',
      'context window',
    ],
  ])('is to give up %s', (_, state, code, words) => {
    expect(nextMove(state, limits)).toMatchObject({
      kind: 'give_up',
      code,
      message: expect.stringContaining(words),
    });
  });

  test('is to give up when the same calls give the same results, after a warning', () => {
    let state = begin(hello);
    const told: string[] = [];
    while (nextMove(state, limits).kind === 'ask') {
      state = answered(state, answer('', ['even', 'odd'].slice(state.turns % 2).slice(0, 1)), 0);
      state = called(
        state,
        callsIn(state).map((call) => ({ call, told: `${call.name}: nothing` })),
        0,
      );
      told.push(String(state.messages.at(-1)?.content));
    }
    expect(nextMove(state, limits)).toMatchObject({ kind: 'give_up', code: 'agent_loop_limit' });
    expect(state.turns).toBe(9);
    expect(told[4]).toContain('3 times');
    expect(told[3]).not.toContain('times');
  });

  test('is to go on when the same calls give other results', () => {
    let state = begin(hello);
    for (let turn = 0; turn < 20; turn += 1) {
      state = answered(state, answer('', ['poll']), 0);
      state = called(
        state,
        callsIn(state).map((call) => ({ call, told: `at ${turn}` })),
        0,
      );
    }
    expect(nextMove(state, limits).kind).toBe('ask');
  });

  test('is to summarise a conversation that has grown long, and then to ask', () => {
    const long = Array.from({ length: 40 }, (_, at): Message[] => [
      { role: 'user', content: `Question ${at} ${'x'.repeat(400)}` },
      { role: 'assistant', content: 'Yes.' },
    ]).flat();
    const own = { ...limits, compact: { from: 3_000, keep: 4 } };
    const move = nextMove(begin([...long, ...hello]), own);
    expect(move).toMatchObject({ kind: 'compact' });
    if (move.kind !== 'compact') return;
    expect(move.kept).toHaveLength(4);
    expect(nextMove(begin([{ role: 'user', content: 'Summary.' }, ...move.kept]), own).kind).toBe('ask');
  });

  test('ends by itself whatever a model says', () => {
    const turn = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 });
    fc.assert(
      fc.property(fc.array(turn, { minLength: 60, maxLength: 60 }), fc.boolean(), (script, compacting) => {
        let state = begin(hello);
        const own = { ...limits, compact: compacting ? { from: 100, keep: 2 } : null };
        for (let moves = 0; moves < 200; moves += 1) {
          const move = nextMove(state, own);
          if (move.kind === 'answer' || move.kind === 'give_up') return;
          if (move.kind === 'ask') state = answered(state, answer('x', script.shift() ?? []), 0);
          if (move.kind === 'call') {
            state = called(
              state,
              move.calls.map((call) => ({ call, told: `${call.id}${'y'.repeat(900)}` })),
              0,
            );
          }
          if (move.kind === 'compact') {
            state = { ...state, messages: [{ role: 'user', content: 'S' }, ...move.kept] };
          }
        }
        throw new Error('The agent does not end.');
      }),
    );
  });
});

test.each([
  ['gpt-4o-mini', 128_000],
  ['openai/gpt-5-nano', 400_000],
  ['gpt-4', 8_192],
  ['claude-sonnet-4-5', 200_000],
  ['llama3.2:3b', 128_000],
])('the window of %s is %d', (model, window) => {
  expect(windowOf(model)).toBe(window);
});

test('the room for messages leaves some for the answer', () => {
  expect(roomFor({ window: 128_000, maxTokens: null, overhead: 1_000 })).toBe(128_000 - 16_384 - 512 - 1_000);
  expect(roomFor({ window: 8_192, maxTokens: null, overhead: 0 })).toBe(8_192 - 2_048 - 512);
  expect(roomFor({ window: 8_192, maxTokens: 100, overhead: 0 })).toBe(8_192 - 100 - 512);
});
