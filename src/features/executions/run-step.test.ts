import { describe, expect, it } from 'vitest';
import type { RunEvent } from '#domain/run/event.ts';
import { type StepLog, stepsOf } from './run-step.ts';

let seq = 0;
const status = (node: string, state: string, at: number, more: Record<string, unknown> = {}): RunEvent => {
  seq += 1;
  const data = { node_id: node, status: state, display_name: 'Set', node_label: null, ...more };
  return { seq, type: 'node_status', timestamp: at, data };
};
const log = (node: string, attempt = 1): StepLog => ({
  id: attempt,
  node_id: node,
  scope: '',
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
      { nodeId: 'a', title: 'Set', state: 'success', startedAt: 10_000, endedAt: 12_500 },
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

  it('takes outputs from the logs and names from the label', () => {
    const [step] = stepsOf([status('a', 'success', 1, { node_label: 'Price' })], [log('a', 1), log('a', 2)]);
    expect(step?.title).toBe('Price');
    expect(step?.attempts.map((one) => one.attempt)).toEqual([1, 2]);
  });

  it('shows steps whose events are gone', () => {
    expect(stepsOf([], [log('a')])).toMatchObject([
      { nodeId: 'a', state: 'success', startedAt: Date.parse('2026-01-01T00:00:09.500Z') },
    ]);
  });
});
