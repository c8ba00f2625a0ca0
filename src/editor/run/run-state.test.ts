import { describe, expect, it } from 'vitest';
import { afterMessages, bodyStateOf, edgeStateOf, NO_RUN, viewOfStored } from './run-state.ts';

const say = (type: string, data: Record<string, unknown> = {}) => ({ type, timestamp: 100, data });
const status = (node_id: string, state: string, more: Record<string, unknown> = {}) =>
  say('node_status', { node_id, status: state, ...more });

describe('a run as its messages tell it', () => {
  it('counts items on the ports that were taken and skips the others', () => {
    const view = afterMessages(NO_RUN, [
      say('execution_started'),
      status('s', 'running'),
      status('s', 'success', { duration_ms: 5, output: { yes: [1, 2, 3] }, outputs_taken: ['yes'] }),
    ]);
    const step = view.steps['s'];
    expect(step?.durationMs).toBe(5);
    expect(step?.taken).toEqual({ yes: 3 });
    expect(edgeStateOf(step, 'yes', false)).toBe('taken');
    expect(edgeStateOf(step, 'no', false)).toBe('skipped');
  });

  it('keeps the identity of steps that no message spoke of', () => {
    const before = afterMessages(NO_RUN, [status('a', 'running'), status('b', 'running')]);
    const after = afterMessages(before, [status('a', 'success', { output: {} })]);
    expect(after.steps['b']).toBe(before.steps['b']);
    expect(after.steps['a']).not.toBe(before.steps['a']);
  });

  it('leaves nothing running once the run is over', () => {
    const view = afterMessages(NO_RUN, [status('a', 'running'), say('execution_cancelled')]);
    expect(view.status).toBe('cancelled');
    expect(view.steps['a']?.state).toBe('cancelled');
  });

  it('does not call edges behind a failure decided', () => {
    const view = afterMessages(NO_RUN, [status('a', 'failed', { error: 'Broken', error_code: 'x' })]);
    expect(view.steps['a']?.error).toBe('Broken');
    expect(edgeStateOf(view.steps['a'], 'out', false)).toBe('idle');
  });

  it('reads a stored run, its trigger included', () => {
    const log = {
      node_id: 'a',
      status: 'success',
      output: { out: 1 },
      error: '',
      error_code: null,
      duration_ms: 3,
      attempt: 1,
    };
    const view = viewOfStored({
      execution_id: 'r',
      status: 'completed',
      error_message: '',
      started_at: '2026-01-01T00:00:00Z',
      completed_at: '2026-01-01T00:00:01Z',
      trigger_node_id: 't',
      trigger_payload: {},
      logs: [{ ...log, timestamp: '2026-01-01T00:00:00Z' }],
    });
    expect(view.steps['t']?.state).toBe('success');
    expect(edgeStateOf(view.steps['t'], 'payload', true)).toBe('taken');
    expect(view.steps['a']?.taken).toEqual({ out: 1 });
  });
});

const inLoop = (node: string, scope: string, state: string, more: Record<string, unknown> = {}) =>
  status(node, state, { scope, ...more });
const loopAt = (done: number, total: number, state = 'running') =>
  status('loop', state, { progress: { done, total } });

describe('a run with a loop', () => {
  it('counts the repetitions of a node and runs as long as its loop does', () => {
    const view = afterMessages(NO_RUN, [
      loopAt(0, 3),
      inLoop('a', '/loop:0', 'running'),
      inLoop('a', '/loop:0', 'success', { output: { out: 1 } }),
      inLoop('a', '/loop:1', 'running'),
      inLoop('a', '/loop:1', 'failed', { error: 'Broken' }),
      loopAt(2, 3),
    ]);
    expect(view.steps['a']).toMatchObject({ state: 'running', error: 'Broken', taken: { out: 1 } });
    expect(view.steps['a']?.tally).toMatchObject({ loop: 'loop', done: 2, total: 3 });
    expect(view.steps['a']?.tally?.counts).toMatchObject({ success: 1, failed: 1 });
    expect(edgeStateOf(view.steps['a'], 'other', false)).toBe('idle');
    expect(bodyStateOf(view.steps['loop'])).toBe('taken');

    const ended = afterMessages(view, [
      inLoop('a', '/loop:2', 'success', { output: { out: 1 } }),
      loopAt(3, 3, 'success'),
    ]);
    expect(ended.steps['a']).toMatchObject({ state: 'failed', taken: { out: 2 } });
    expect(edgeStateOf(ended.steps['a'], 'other', false)).toBe('skipped');
  });

  it('counts a repetition once, however often it is told', () => {
    const once = [loopAt(0, 2), inLoop('a', '/loop:0', 'success', { output: { out: 1 } })];
    const view = afterMessages(afterMessages(NO_RUN, once), once);
    expect(view.steps['a']?.tally).toMatchObject({ done: 1, total: 2 });
    expect(view.steps['a']?.taken).toEqual({ out: 1 });
  });

  it('keeps a card as it is while only repetitions it does not show change elsewhere', () => {
    const before = afterMessages(NO_RUN, [loopAt(0, 2), inLoop('a', '/loop:0', 'running')]);
    const after = afterMessages(before, [status('other', 'running')]);
    expect(after.steps['a']).toBe(before.steps['a']);
    expect(after.ledgers).toBe(before.ledgers);
  });

  it('adds up the loops inside a loop', () => {
    const inner = (index: number, done: number, total: number) =>
      inLoop('inner', `/loop:${index}`, done === total ? 'success' : 'running', {
        progress: { done, total },
      });
    const view = afterMessages(NO_RUN, [
      loopAt(0, 2),
      inner(0, 0, 5),
      inner(0, 5, 5),
      inner(1, 0, 7),
      inLoop('b', '/loop:1/inner:0', 'success', { output: {} }),
    ]);
    expect(view.steps['inner']?.progress).toEqual({ done: 5, total: 12 });
    expect(view.steps['b']?.tally).toMatchObject({ loop: 'inner', depth: 2, done: 1, total: 12 });
  });

  it('leaves a cancelled loop with nothing under way', () => {
    const view = afterMessages(NO_RUN, [
      loopAt(0, 2),
      inLoop('a', '/loop:0', 'running'),
      say('execution_cancelled'),
    ]);
    expect(view.steps['a']?.state).toBe('cancelled');
    expect(view.steps['a']?.tally?.counts).toEqual({ cancelled: 1 });
  });

  it('takes in ten thousand items in the messages of many frames', () => {
    let view = afterMessages(NO_RUN, [loopAt(0, 10_000)]);
    for (let from = 0; from < 10_000; from += 50) {
      const messages = Array.from({ length: 50 }, (_, at) =>
        inLoop('a', `/loop:${from + at}`, 'success', { output: { out: 1 } }),
      );
      view = afterMessages(view, messages);
    }
    expect(view.steps['a']?.tally?.done).toBe(10_000);
    const before = view.ledgers['a'];
    const after = afterMessages(view, [inLoop('a', '/loop:3', 'failed', {})]).ledgers['a'];
    const copied = [...(after ?? [])].filter(([page, rows]) => before?.get(page) !== rows);
    expect(copied).toHaveLength(1);
  });

  it('reads a stored run, one entry for each repetition', () => {
    const log = (node_id: string, scope: string, state: string) => ({
      ...{ node_id, scope, status: state, output: { out: 1 }, error: '', error_code: null },
      ...{ duration_ms: 3, attempt: 1, timestamp: '2026-01-01T00:00:00Z' },
    });
    const view = viewOfStored({
      ...{ execution_id: 'r', status: 'completed', error_message: '', started_at: null, completed_at: null },
      ...{ trigger_node_id: 't', trigger_payload: {} },
      logs: [log('a', '/loop:0', 'success'), log('a', '/loop:1', 'failed'), log('loop', '', 'success')],
    });
    expect(view.steps['loop']?.progress).toEqual({ done: 2, total: 2 });
    expect(view.steps['a']).toMatchObject({ state: 'failed', durationMs: 6 });
    expect(view.steps['a']?.tally).toMatchObject({ done: 2, total: 2 });
  });
});

describe('a run that waits for a person', () => {
  const asks = status('ask', 'waiting', { shown: { prompt: 'Ship it?' }, resume_at: 200 });

  it('keeps what the step shows, and until when', () => {
    const view = afterMessages(NO_RUN, [say('execution_started'), asks, say('execution_interrupted')]);
    expect(view.status).toBe('interrupted');
    expect(view.steps['ask']).toMatchObject({
      state: 'waiting',
      until: 200_000,
      shown: { prompt: 'Ship it?' },
    });
  });

  it('goes on once its steps do', () => {
    const waiting = afterMessages(NO_RUN, [say('execution_started'), asks, say('execution_interrupted')]);
    expect(afterMessages(waiting, [status('ask', 'running')]).status).toBe('running');
  });
});
