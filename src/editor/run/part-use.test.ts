import { describe, expect, it } from 'vitest';
import { usesOfCalls, usesOfEvents } from './part-use.ts';
import { afterMessages, NO_RUN } from './run-state.ts';

const at = 1000;
const message = (data: Record<string, unknown>) => ({ type: 'node_status', timestamp: at, data });
const call = (status: string, call_key = 'a', more: Record<string, unknown> = {}) => {
  const whose = { node_id: 'calc', is_tool_call: true, parent_node_id: 'agent', tool_name: 'add' };
  return message({ ...whose, status, call_key, ...more });
};

describe('calls of parts', () => {
  it('light the part up and are counted, without being steps', () => {
    const one = afterMessages(NO_RUN, [call('running')]);
    expect(one.steps).toEqual({});
    expect(one.uses['calc']).toMatchObject({ state: 'running', calls: 1, byHost: { agent: 1 } });
    const two = afterMessages(one, [call('running', 'b'), call('success', 'a', { output: { result: '3' } })]);
    expect(two.uses['calc']).toMatchObject({ state: 'running', calls: 2, last: { name: 'add', text: '3' } });
    const three = afterMessages(two, [call('failed', 'b', { error: 'Division by zero' })]);
    const last = { name: 'add', text: 'Division by zero' };
    expect(three.uses['calc']).toMatchObject({ state: 'failed', calls: 2, failed: 1, last });
  });

  it('count a call once that waited, or began anew after a crash', () => {
    const messages = [call('running'), call('waiting'), call('running'), call('success')];
    expect(afterMessages(NO_RUN, messages).uses['calc']).toMatchObject({ state: 'success', calls: 1 });
  });

  it('are told by the record of an old run', () => {
    const stored = {
      node_id: 'agent',
      scope: '',
      title: 'add',
      tool_node_id: 'calc',
      is_error: false,
      duration_ms: 4,
    };
    const calls = [
      { ...stored, key: 'a', result: 3 },
      { ...stored, key: 'b', is_error: true, result: { error: 'Too large', code: 'x' } },
    ];
    expect(usesOfCalls(calls)['calc']).toMatchObject({
      state: 'failed',
      calls: 2,
      last: { text: 'Too large' },
    });
  });

  it('of a model say what its answers took, of all its turns together', () => {
    const use = { node_id: 'llm', is_part_call: true, parent_node_id: 'agent', call_name: 'gpt' };
    const turn = (status: string, call_key: string, more: Record<string, unknown> = {}) =>
      message({ ...use, status, call_key, ...more });
    const token_usage = { total_tokens: 15, cost_usd: 0.25, llm_calls: 1 };
    const took = { duration_ms: 40, token_usage };
    const messages = [turn('running', 't1'), turn('success', 't1', took), turn('running', 't2')];
    const one = afterMessages(NO_RUN, messages);
    expect(one.steps).toEqual({});
    expect(one.uses['llm']).toMatchObject({ state: 'running', calls: 2, ms: 40, usage: { tokens: 15 } });
    const two = afterMessages(one, [turn('success', 't2', took)]);
    expect(two.uses['llm']).toMatchObject({ state: 'success', ms: 80, usage: { tokens: 30, cost: 0.5 } });
    expect(usesOfEvents([...messages, turn('success', 't2', took)])).toEqual(two.uses);
  });

  it('end with the step that made them, when nobody said how', () => {
    const end = message({ node_id: 'agent', status: 'success' });
    const { uses } = afterMessages(NO_RUN, [call('success', 'b'), call('running'), end]);
    expect(uses['calc']).toMatchObject({ state: 'success', calls: 2, open: {} });
  });

  it('do not go on when the run has ended', () => {
    const ended = { type: 'execution_cancelled', timestamp: at, data: {} };
    expect(afterMessages(NO_RUN, [call('running'), ended]).uses['calc']).toMatchObject({
      state: 'cancelled',
    });
  });
});

describe('an answer that is being written', () => {
  const delta = (text: string, turn = 1, kind = 'text') => ({
    ...{ type: 'chat_delta', timestamp: at, data: { node_id: 'agent', turn, kind, text } },
  });

  it('is kept by its end, turn by turn, until the step ends', () => {
    const one = afterMessages(NO_RUN, [delta('Hel'), delta('lo')]);
    expect(one.tails['agent']).toEqual({ turn: 1, thinks: false, text: 'Hello' });
    const two = afterMessages(one, [delta('x'.repeat(500), 2)]);
    expect(two.tails['agent']).toMatchObject({ turn: 2 });
    expect(two.tails['agent']?.text).toHaveLength(240);
    expect(afterMessages(two, [message({ node_id: 'agent', status: 'success' })]).tails).toEqual({});
  });

  it('begins anew where the model does', () => {
    const one = afterMessages(NO_RUN, [delta('Wrong'), delta('', 1, 'restart'), delta('Right')]);
    expect(one.tails['agent']?.text).toBe('Right');
  });

  it('leaves all steps as they are', () => {
    const before = afterMessages(NO_RUN, [message({ node_id: 'agent', status: 'running' })]);
    const after = afterMessages(before, [delta('Hi')]);
    expect(after.steps['agent']).toBe(before.steps['agent']);
  });
});

it('adds up what models cost', () => {
  const token_usage = { input_tokens: 10, output_tokens: 5, total_tokens: 15, cost_usd: 0.25, llm_calls: 2 };
  const { steps } = afterMessages(NO_RUN, [message({ node_id: 'agent', status: 'success', token_usage })]);
  expect(steps['agent']?.usage).toEqual({ tokens: 15, cost: 0.25, modelCalls: 2, toolCalls: 0 });
});
