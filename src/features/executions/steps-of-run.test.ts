import { describe, expect, it } from 'vitest';
import type { StepLog } from '#client/step-log.ts';
import type { RunEvent } from '#domain/run/event.ts';
import { repetitionText } from './repeated-step.ts';
import { stepsOf } from './steps-of-run.ts';

let seq = 0;
const status = (node: string, state: string, at: number, more: Record<string, unknown> = {}): RunEvent => {
  seq += 1;
  const data = { node_id: node, status: state, display_name: 'Set', node_label: null, ...more };
  return { seq, type: 'node_status', timestamp: at, data };
};
const log = (node: string, attempt = 1, scope = ''): StepLog => ({
  id: attempt,
  node_id: node,
  scope,
  status: 'success',
  input: {},
  output: { output: 1 },
  error: '',
  error_code: null,
  metadata: null,
  duration_ms: 500,
  timestamp: '2026-01-01T00:00:10.000Z',
  attempt,
  logs: [],
});

describe('stepsOf', () => {
  it('follows a step from running to its end', () => {
    const events = [status('a', 'running', 10, { attempt: 1 }), status('a', 'success', 12.5)];
    expect(stepsOf(events, [])).toMatchObject([
      { nodeId: 'a', title: 'Set', state: 'success', startedAt: 10_000, endedAt: 12_500, repetitions: null },
    ]);
  });

  it('counts a step that is tried again as going on since its first attempt', () => {
    const events = [
      status('a', 'running', 1),
      status('a', 'failed', 2, { error: 'no' }),
      status('a', 'running', 3, { attempt: 2 }),
    ];
    expect(stepsOf(events, [])).toMatchObject([
      { state: 'running', attempt: 2, startedAt: 1000, endedAt: null, error: '' },
    ]);
  });

  it('takes names from the label and what a wait shows from its event', () => {
    const [step] = stepsOf(
      [status('a', 'waiting', 1, { node_label: 'Price', shown: { prompt: 'Go?' } })],
      [],
    );
    expect(step).toMatchObject({ title: 'Price', shown: { prompt: 'Go?' } });
  });

  it('shows steps whose events are gone', () => {
    const startedAt = Date.parse('2026-01-01T00:00:10.000Z');
    expect(stepsOf([], [log('a'), log('a', 2)])).toMatchObject([
      { nodeId: 'a', state: 'success', attempt: 2, startedAt, endedAt: startedAt + 500 },
    ]);
    expect(stepsOf([], [log('a', 1, '/l:0'), log('a', 1, '/l:1')])[0]?.repetitions?.size).toBe(2);
  });
});

describe('a step in a loop', () => {
  const scoped = (scope: string, state: string, at: number, more = {}) =>
    status('a', state, at, { scope, ...more });

  it('is one entry with its repetitions', () => {
    const events = [
      scoped('/l:0', 'running', 1),
      scoped('/l:0', 'success', 2),
      scoped('/l:1', 'running', 2, { attempt: 1 }),
      scoped('/l:1', 'failed', 3, { error: 'no', error_code: 'bad' }),
      scoped('/l:2', 'running', 3),
      scoped('/l:2', 'success', 4),
    ];
    const [step, ...others] = stepsOf(events, []);
    expect(others).toEqual([]);
    expect(step).toMatchObject({ state: 'failed', startedAt: 1000, endedAt: 4000, error: 'no', attempt: 1 });
    expect(step?.repetitions?.get('/l:2')).toMatchObject({ state: 'success' });
    expect(step && repetitionText(step)).toBe('3 times, 1 failed');
  });

  it('goes on between two items, as long as its loop does', () => {
    const events = [status('l', 'running', 1), scoped('/l:0', 'success', 2, { duration_ms: 300 })];
    expect(stepsOf(events, [])[1]).toMatchObject({ state: 'running', startedAt: 1700, endedAt: null });
    expect(stepsOf([...events, status('l', 'success', 3)], [])[1]).toMatchObject({
      state: 'success',
      endedAt: 2000,
    });
  });

  it('goes on while one repetition does', () => {
    const [step] = stepsOf([scoped('/l:0', 'failed', 1), scoped('/l:1', 'running', 2)], []);
    expect(step).toMatchObject({ state: 'running', endedAt: null });
  });
});
