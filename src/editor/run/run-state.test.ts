import { describe, expect, it } from 'vitest';
import { afterMessages, edgeStateOf, NO_RUN, viewOfStored } from './run-state.ts';

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
