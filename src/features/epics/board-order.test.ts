import { describe, expect, it } from 'vitest';
import { afterEvent, columnsOf, neighbour, statusBeside } from './board-order.ts';
import type { Task } from './epic.ts';

const task = (id: string, more: Partial<Task> = {}): Task => ({
  id,
  epic_id: 'ep-1',
  title: id,
  description: '',
  tags: [],
  created_by_node_id: null,
  status: 'pending',
  priority: 2,
  workflow_id: null,
  workflow_slug: null,
  execution_id: null,
  workflow_source: 'inline',
  depends_on: [],
  requirements: null,
  estimated_tokens: null,
  actual_tokens: 0,
  actual_usd: 0,
  llm_calls: 0,
  tool_invocations: 0,
  duration_ms: 0,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  started_at: null,
  completed_at: null,
  result_summary: null,
  error_message: null,
  retry_count: 0,
  max_retries: 2,
  notes: [],
  ...more,
});
const ids = (tasks: readonly Task[]) => tasks.map((one) => one.id);

describe('columnsOf', () => {
  it('puts what is urgent and old first, and what ended last on top', () => {
    const columns = columnsOf([
      task('new', { created_at: '2026-01-02T00:00:00.000Z' }),
      task('old'),
      task('urgent', { priority: 1, created_at: '2026-01-03T00:00:00.000Z' }),
      task('first', { status: 'completed', completed_at: '2026-01-01T00:00:00.000Z' }),
      task('last', { status: 'completed', completed_at: '2026-01-02T00:00:00.000Z' }),
    ]);
    expect(ids(columns.pending)).toEqual(['urgent', 'old', 'new']);
    expect(ids(columns.completed)).toEqual(['last', 'first']);
    expect(columns.failed).toEqual([]);
  });
});

describe('neighbour', () => {
  const columns = columnsOf([
    task('a'),
    task('b', { priority: 3 }),
    task('c', { status: 'running' }),
    task('d', { status: 'failed' }),
  ]);
  it.each([
    ['a', 'down', 'b'],
    ['b', 'up', 'a'],
    ['a', 'up', null],
    ['b', 'right', 'c'],
    ['c', 'right', 'd'],
    ['c', 'left', 'a'],
    ['d', 'right', null],
    ['a', 'left', null],
  ] as const)('from %s %s to %s', (from, direction, to) => {
    const status = { a: 'pending', b: 'pending', c: 'running', d: 'failed' } as const;
    expect(neighbour(columns, { id: from, status: status[from] }, direction)).toBe(to);
  });
});

it('knows the column beside', () => {
  expect(statusBeside('pending', 'left')).toBeNull();
  expect(statusBeside('pending', 'right')).toBe('blocked');
  expect(statusBeside('cancelled', 'right')).toBeNull();
});

describe('afterEvent', () => {
  const tasks = [task('a', { updated_at: '2026-01-02T00:00:00.000Z' }), task('b')];
  const data = (one: Task) => one as unknown as Record<string, unknown>;
  it('adds, replaces and removes', () => {
    expect(ids(afterEvent(tasks, { type: 'task_created', data: data(task('c')) }))).toEqual(['c', 'a', 'b']);
    const changed = task('b', { title: 'B', updated_at: '2026-01-03T00:00:00.000Z' });
    expect(afterEvent(tasks, { type: 'task_updated', data: data(changed) })[1]).toBe(changed);
    expect(ids(afterEvent(tasks, { type: 'task_deleted', data: { id: 'a' } }))).toEqual(['b']);
    expect(afterEvent(tasks, { type: 'tasks_deleted', data: { task_ids: ['a', 'b'] } })).toEqual([]);
  });
  it('leaves what is newer alone', () => {
    expect(afterEvent(tasks, { type: 'task_updated', data: data(task('a', { title: 'late' })) })).toBe(tasks);
    expect(afterEvent(tasks, { type: 'epic_updated', data: {} })).toBe(tasks);
  });
});
