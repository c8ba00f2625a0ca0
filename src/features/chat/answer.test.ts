import { describe, expect, test } from 'vitest';
import { type Activity, type AnswerMessage, afterMessages, answerOf, textOf } from './answer.ts';

const delta = (text: string, more: Record<string, unknown> = {}): AnswerMessage => ({
  type: 'chat_delta',
  data: { node_id: 'agent_1', turn: 1, kind: 'text', text, ...more },
});
const tool = (status: string, more: Record<string, unknown> = {}): AnswerMessage => ({
  type: 'node_status',
  data: {
    node_id: 'calculator_1',
    status,
    tool_name: 'calculate',
    parent_node_id: 'agent_1',
    is_tool_call: true,
    call_key: 'tool:1',
    ...more,
  },
});
const after = (...messages: AnswerMessage[]) => afterMessages(answerOf('run'), messages);

describe('an answer', () => {
  test('grows with its pieces and is replaced by what was recorded', () => {
    const growing = after(delta('It is '), delta('4'));
    expect(textOf(growing)).toBe('It is 4');
    expect(growing.items[0]).toMatchObject({ open: true });
    const said = { type: 'chat_message', data: { node_id: 'agent_1', text: 'It is 42.' } };
    const done = afterMessages(growing, [said]);
    expect(done.items).toHaveLength(1);
    expect(done.items[0]).toMatchObject({ text: 'It is 42.', open: false });
  });

  test('keeps text of several turns apart, with the tool call between them', () => {
    const { items } = after(
      delta('Let me see.'),
      delta('', { kind: 'end' }),
      { type: 'chat_message', data: { node_id: 'agent_1', text: 'Let me see.' } },
      tool('running', { arguments: { a: 1 } }),
      tool('success', { duration_ms: 12, output: { result: 3 } }),
      delta('Three.', { turn: 2 }),
      { type: 'chat_message', data: { node_id: 'agent_1', text: 'Three.' } },
    );
    expect(items.map((item) => (item.kind === 'text' ? item.text : item.title))).toEqual([
      'Let me see.',
      'calculate',
      'Three.',
    ]);
    expect(items[1]).toMatchObject({ state: 'success', input: { a: 1 }, output: 3, durationMs: 12 });
  });

  test('puts what is recorded late where it belongs', () => {
    const { items } = after(
      delta('Let me see.'),
      delta('', { kind: 'restart', turn: 2 }),
      delta('Thr', { turn: 2 }),
      { type: 'chat_message', data: { node_id: 'agent_1', text: 'Let me see.' } },
      tool('running', { call_key: 'tool:1:0' }),
      delta('ee.', { turn: 2 }),
    );
    expect(items.map((item) => (item.kind === 'text' ? item.text : item.title))).toEqual([
      'Let me see.',
      'calculate',
      'Three.',
    ]);
  });

  test('does not take the record of one turn for the words of the next', () => {
    const { items } = after(delta('Next', { turn: 2 }), {
      type: 'chat_message',
      data: { node_id: 'agent_1', text: 'First of all.' },
    });
    expect(items.map((item) => (item.kind === 'text' ? item.text : ''))).toEqual(['First of all.', 'Next']);
  });

  test('shows a message of which no piece was seen', () => {
    const said = { type: 'chat_message', data: { node_id: 'reply_1', text: 'Hello' } };
    expect(textOf(after(said))).toBe('Hello');
  });

  test('forgets a turn that is begun anew', () => {
    expect(textOf(after(delta('Wrong'), delta('', { kind: 'restart' }), delta('Right')))).toBe('Right');
  });

  test('keeps what the model thinks out of what it says', () => {
    const answer = after(delta('Hm.', { kind: 'reasoning' }), delta('Yes'));
    expect(answer.items[0]).toMatchObject({ text: 'Yes', reasoning: 'Hm.' });
  });

  test('tells two calls of one tool apart', () => {
    const { items } = after(tool('success'), tool('running', { call_key: 'tool:2' }));
    expect(items.map((item) => (item as Activity).state)).toEqual(['success', 'running']);
  });

  test('leaves nothing going on once the run has failed', () => {
    const failed = after(delta('Half'), tool('running'), {
      type: 'execution_failed',
      data: { error: 'The provider does not answer.' },
    });
    expect(failed).toMatchObject({ status: 'failed', error: 'The provider does not answer.' });
    expect(failed.items[0]).toMatchObject({ open: false });
    expect(failed.items[1]).toMatchObject({ state: 'cancelled' });
  });

  test('goes on after a question was answered', () => {
    const asked = after({ type: 'execution_interrupted', data: {} });
    expect(asked.status).toBe('interrupted');
    expect(afterMessages(asked, [tool('running')]).status).toBe('running');
  });

  test('knows what it cost', () => {
    const summary = { total_tokens: 120, total_cost_usd: 0.002, llm_calls: 2, total_duration_ms: 900 };
    const { spent } = after({ type: 'execution_completed', data: { activity_summary: summary } });
    expect(spent).toEqual({ tokens: 120, costUsd: 0.002, calls: 2, durationMs: 900 });
  });

  test('does not draw what nothing was said of again', () => {
    const before = after(delta('One.'), delta('', { kind: 'end' }), tool('success'));
    const next = afterMessages(before, [delta('Two', { turn: 2 })]);
    expect(next.items[0]).toBe(before.items[0]);
    expect(next.items[1]).toBe(before.items[1]);
  });
});
