import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';

let server: TestServer;
let bob: Caller;
let eve: Caller;
let epic: Epic;
beforeAll(async () => {
  server = await startTestServer();
  bob = await server.addUser('bob');
  eve = await server.addUser('eve');
});
beforeEach(async () => {
  epic = await bob.ok<Epic>('epics.create', { title: 'Move house' });
});
afterAll(() => server.close());

interface Epic {
  readonly id: string;
  readonly status: string;
  readonly completed_at: string | null;
  readonly total_tasks: number;
  readonly completed_tasks: number;
  readonly failed_tasks: number;
}
interface Task {
  readonly id: string;
  readonly status: string;
  readonly depends_on: readonly string[];
  readonly started_at: string | null;
  readonly completed_at: string | null;
}
interface Page<T> {
  readonly items: readonly T[];
  readonly total: number;
}

const add = (title: string, more: object = {}) =>
  bob.ok<Task>('tasks.create', { epic_id: epic.id, title, ...more });
const patch = (task_id: string, more: object) => bob.ok<Task>('tasks.update', { task_id, ...more });
const task = (task_id: string) => bob.ok<Task>('tasks.get', { task_id });
const now = () => bob.ok<Epic>('epics.get', { epic_id: epic.id });
const counters = async () => {
  const { total_tasks, completed_tasks, failed_tasks } = await now();
  return [total_tasks, completed_tasks, failed_tasks];
};
const detail = (body: unknown) => (body as { detail: unknown }).detail;

describe('epics', () => {
  test('are made with the documented defaults', async () => {
    const made = await bob.ok<Epic>('epics.create', { title: 'Plain' });
    expect(made.id).toMatch(/^ep-[0-9a-f]{12}$/);
    expect(made).toMatchObject({
      title: 'Plain',
      description: '',
      tags: [],
      created_by_node_id: null,
      workflow_id: null,
      status: 'planning',
      priority: 2,
      budget_tokens: null,
      budget_usd: null,
      spent_tokens: 0,
      spent_usd: 0,
      agent_overhead_tokens: 0,
      agent_overhead_usd: 0,
      total_tasks: 0,
      completed_tasks: 0,
      failed_tasks: 0,
      completed_at: null,
      result_summary: null,
    });
    expect(await bob.ok('epics.get', { epic_id: made.id })).toEqual(made);
  });

  test.each([
    [{ title: '' }, 'title'],
    [{ title: 'x'.repeat(256) }, 'title'],
    [{ title: null }, 'title'],
    [{ description: null }, 'description'],
    [{ tags: 'a' }, 'tags'],
    [{ tags: null }, 'tags'],
    [{ priority: 1.5 }, 'priority'],
    [{ budget_usd: -1 }, 'budget_usd'],
    [{ budget_tokens: 'many' }, 'budget_tokens'],
    [{ workflow_id: 2_000_000_000 }, 'workflow_id'],
  ])('%j is refused, naming the field', async (more, field) => {
    const answer = await bob.call('epics.create', { title: 'Bad', ...more });
    expect(answer.status).toBe(422);
    expect(detail(answer.body)).toMatchObject([{ loc: ['body', field] }]);
  });

  test('only one’s own workflows are referred to', async () => {
    const { id } = await eve.ok<{ id: number }>('workflows.create', { name: 'w', slug: 'eves' });
    expect((await bob.call('epics.create', { title: 'x', workflow_id: id })).status).toBe(422);
    expect(await eve.ok('epics.create', { title: 'x', workflow_id: id })).toMatchObject({ workflow_id: id });
  });

  test('a patch changes what it names; money and null as they came', async () => {
    const changed = await bob.ok('epics.update', {
      epic_id: epic.id,
      budget_usd: 12.5,
      budget_tokens: 5_000_000_000,
      tags: ['a', 'b', 'a'],
      id: 'ep-000000000000',
      spent_usd: 9,
    });
    expect(changed).toMatchObject({
      id: epic.id,
      title: 'Move house',
      budget_usd: 12.5,
      budget_tokens: 5_000_000_000,
      tags: ['a', 'b'],
      spent_usd: 0,
    });
    expect(await bob.ok('epics.update', { epic_id: epic.id, budget_usd: null })).toMatchObject({
      budget_usd: null,
    });
    expect((await bob.call('epics.update', { epic_id: epic.id, title: null })).status).toBe(422);
    expect((await bob.call('epics.update', { epic_id: epic.id, status: 'done' })).status).toBe(422);
    const done = await bob.ok<Epic>('epics.update', { epic_id: epic.id, status: 'completed' });
    expect(done.completed_at).not.toBeNull();
    const again = await bob.ok<Epic>('epics.update', { epic_id: epic.id, status: 'failed' });
    expect(again.completed_at).toBe(done.completed_at);
    expect(await bob.ok('epics.update', { epic_id: epic.id, status: 'active' })).toMatchObject({
      completed_at: null,
    });
  });

  test('status, any of several tags, text, order and paging', async () => {
    const zoe = await server.addUser(`zoe${epic.id}`);
    for (const [title, tags] of [
      ['Beta 100%', ['x', 'y']],
      ['alpha', ['y']],
      ['Gamma', ['z']],
    ] as const) {
      await zoe.ok('epics.create', { title, tags, priority: title.length });
    }
    const titles = async (input: Record<string, unknown>) =>
      (await zoe.ok<Page<{ title: string }>>('epics.list', input)).items.map((one) => one.title);
    expect(await titles({})).toEqual(['Gamma', 'alpha', 'Beta 100%']);
    expect(await titles({ tags: 'x,z' })).toEqual(['Gamma', 'Beta 100%']);
    expect(await titles({ tags: ' y , nothing' })).toEqual(['alpha', 'Beta 100%']);
    expect(await titles({ tags: '' })).toHaveLength(3);
    expect(await titles({ status: 'active' })).toEqual([]);
    expect(await titles({ status: 'nonsense' })).toEqual([]);
    expect(await titles({ status: '' })).toHaveLength(3);
    expect(await titles({ q: '100%' })).toEqual(['Beta 100%']);
    expect(await titles({ q: 'ALPH' })).toEqual(['alpha']);
    expect(await titles({ sort: 'title' })).toEqual(['alpha', 'Beta 100%', 'Gamma']);
    expect(await titles({ sort: 'priority', limit: 1 })).toEqual(['Gamma']);
    expect(await zoe.ok('epics.list', { limit: 0 })).toEqual({ items: [], total: 3 });
    expect(await zoe.ok('epics.list', { offset: 9 })).toEqual({ items: [], total: 3 });
  });

  test('others find nothing, in the same words as what is absent', async () => {
    const { id } = await add('secret');
    const absent = await eve.call('epics.get', { epic_id: 'ep-000000000000' });
    expect(absent).toMatchObject({ status: 404, body: { detail: 'Epic not found.' } });
    for (const name of ['epics.get', 'epics.update', 'epics.remove', 'epics.tasks']) {
      const answer = await eve.call(name, { epic_id: epic.id });
      expect([answer.status, answer.body]).toEqual([404, absent.body]);
    }
    expect(await eve.call('tasks.create', { epic_id: epic.id, title: 'x' })).toMatchObject({
      status: 404,
      body: { detail: 'Epic not found.' },
    });
    for (const name of ['tasks.get', 'tasks.update', 'tasks.remove']) {
      const answer = await eve.call(name, { task_id: id });
      expect([answer.status, detail(answer.body)]).toEqual([404, 'Task not found.']);
    }
    expect(await eve.ok('tasks.list', { epic_id: epic.id })).toEqual({ items: [], total: 0 });
    await eve.ok('epics.batchDelete', { epic_ids: [epic.id] });
    await eve.ok('tasks.batchDelete', { task_ids: [id] });
    expect(await counters()).toEqual([1, 0, 0]);
  });

  test('a deleted one takes its tasks with it', async () => {
    const { id } = await add('gone');
    await bob.ok('epics.remove', { epic_id: epic.id });
    expect((await bob.call('epics.remove', { epic_id: epic.id })).status).toBe(404);
    expect((await bob.call('tasks.get', { task_id: id })).status).toBe(404);
    await bob.ok('epics.batchDelete', { epic_ids: [epic.id] });
    await bob.ok('epics.batchDelete', { epic_ids: [] });
  });
});

describe('tasks', () => {
  test('are made with the documented defaults', async () => {
    const made = await add('Pack', { priority: null });
    expect(made.id).toMatch(/^tk-[0-9a-f]{12}$/);
    expect(made).toMatchObject({
      epic_id: epic.id,
      title: 'Pack',
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
      started_at: null,
      completed_at: null,
      result_summary: null,
      error_message: null,
      retry_count: 0,
      max_retries: 2,
      notes: [],
    });
    expect(await bob.ok('epics.tasks', { epic_id: epic.id })).toEqual({ items: [made], total: 1 });
  });

  test('lists are filtered by epic, status and any tag', async () => {
    await add('one', { tags: ['red'] });
    await add('two', { tags: ['blue', 'big'] });
    const titles = async (input: Record<string, unknown>) =>
      (await bob.ok<Page<{ title: string }>>('tasks.list', { epic_id: epic.id, ...input })).items.map(
        (one) => one.title,
      );
    expect(await titles({})).toEqual(['two', 'one']);
    expect(await titles({ tags: 'big,red' })).toEqual(['two', 'one']);
    expect(await titles({ tags: 'blue' })).toEqual(['two']);
    expect(await titles({ status: 'pending', limit: 1 })).toEqual(['two']);
    expect(await titles({ status: 'odd' })).toEqual([]);
  });

  test('a blocked one is freed when everything it depends on is completed', async () => {
    const [a, b] = [await add('a'), await add('b')];
    const c = await add('c', { depends_on: [a.id, b.id] });
    expect(c.status).toBe('blocked');
    await patch(a.id, { status: 'completed' });
    expect((await task(c.id)).status).toBe('blocked');
    await patch(b.id, { status: 'completed' });
    expect((await task(c.id)).status).toBe('pending');
    expect((await add('d', { depends_on: [a.id] })).status).toBe('pending');
    expect(await counters()).toEqual([4, 2, 0]);
  });

  test('what a task may not depend on is refused', async () => {
    const a = await add('a');
    const elsewhere = await bob.ok<Epic>('epics.create', { title: 'Elsewhere' });
    const foreign = await bob.ok<Task>('tasks.create', { epic_id: elsewhere.id, title: 'f' });
    for (const id of ['tk-000000000000', foreign.id]) {
      const answer = await bob.call('tasks.create', { epic_id: epic.id, title: 'x', depends_on: [a.id, id] });
      expect(answer.status).toBe(422);
      expect(detail(answer.body)).toMatchObject([
        { loc: ['body', 'depends_on'], msg: 'One or more dependencies do not exist' },
      ]);
    }
    expect(await counters()).toEqual([1, 0, 0]);
  });

  test('dependencies are replaced, and no way leads round', async () => {
    const a = await add('a');
    const b = await add('b', { depends_on: [a.id] });
    const c = await add('c', { depends_on: [b.id] });
    const set = (task_id: string, depends_on: string[]) =>
      bob.call('tasks.setDependencies', { task_id, depends_on });
    for (const wrong of [[c.id], [b.id], [a.id]]) expect((await set(a.id, wrong)).status).toBe(422);
    expect((await task(a.id)).depends_on).toEqual([]);
    expect((await set(c.id, [a.id])).body).toMatchObject({ depends_on: [a.id], status: 'blocked' });
    expect((await set(c.id, [])).body).toMatchObject({ depends_on: [], status: 'pending' });
    expect(await patch(c.id, { depends_on: [a.id] })).toMatchObject({ depends_on: [] });
  });

  test('deleting one frees what waited for it', async () => {
    const [a, b] = [await add('a'), await add('b')];
    const c = await add('c', { depends_on: [a.id, b.id] });
    await bob.ok('tasks.remove', { task_id: a.id });
    expect(await task(c.id)).toMatchObject({ depends_on: [b.id], status: 'blocked' });
    await bob.ok('tasks.batchDelete', { task_ids: [b.id, 'tk-000000000000'] });
    expect(await task(c.id)).toMatchObject({ depends_on: [], status: 'pending' });
    expect(await counters()).toEqual([1, 0, 0]);
  });

  test('a status brings its times', async () => {
    const { id } = await add('a');
    const running = await patch(id, { status: 'running' });
    expect(running.started_at).not.toBeNull();
    const failed = await patch(id, {
      status: 'failed',
      error_message: 'No luck',
      notes: ['tried', { n: 1 }],
    });
    expect(failed).toMatchObject({ error_message: 'No luck', notes: ['tried', { n: 1 }] });
    expect(failed.completed_at).not.toBeNull();
    expect(await counters()).toEqual([1, 0, 1]);
    expect(await patch(id, { status: 'pending' })).toMatchObject({ completed_at: null });
    for (const bad of [
      { status: 'done' },
      { status: null },
      { title: null },
      { notes: 'x' },
      { notes: null },
    ]) {
      expect((await bob.call('tasks.update', { task_id: id, ...bad })).status).toBe(422);
    }
  });

  test('cancelling the epic cancels what has not ended', async () => {
    const [a, b] = [await add('a'), await add('b')];
    const c = await add('c', { depends_on: [b.id] });
    await patch(a.id, { status: 'completed' });
    await bob.ok('epics.update', { epic_id: epic.id, status: 'cancelled' });
    const states = await Promise.all([a, b, c].map(async ({ id }) => (await task(id)).status));
    expect(states).toEqual(['completed', 'cancelled', 'cancelled']);
    expect(await counters()).toEqual([3, 1, 0]);
  });

  test('many changes at once leave the counters right and free everything', async () => {
    const first = await Promise.all(Array.from({ length: 12 }, (_, n) => add(`t${n}`)));
    const last = await add('last', { depends_on: first.map(({ id }) => id) });
    await Promise.all(first.map(({ id }, n) => patch(id, { status: n % 4 === 0 ? 'failed' : 'completed' })));
    expect(await counters()).toEqual([13, 9, 3]);
    expect((await task(last.id)).status).toBe('blocked');
    await Promise.all(first.map(({ id }) => patch(id, { status: 'completed' })));
    expect(await counters()).toEqual([13, 12, 0]);
    expect((await task(last.id)).status).toBe('pending');
    await Promise.all(first.map(({ id }) => bob.ok('tasks.remove', { task_id: id })));
    expect(await counters()).toEqual([1, 0, 0]);
    expect((await task(last.id)).depends_on).toEqual([]);
  });
});
