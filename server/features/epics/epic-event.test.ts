import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';
import { TestClient } from '#server/socket/test-client.ts';

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
  readonly completed_at: string | null;
  readonly result_summary: string | null;
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

describe('runs', () => {
  async function run(who: Caller, slug: string): Promise<string> {
    await who.ok('workflows.create', { name: slug, slug });
    await who.ok('nodes.create', { workflow_slug: slug, component_type: 'trigger_manual', node_id: 'go' });
    const { execution_id } = await who.ok<{ execution_id: string }>('workflows.execute', {
      workflow_slug: slug,
    });
    await until(async () => {
      const { status } = await who.ok<{ status: string }>('executions.get', { execution_id });
      return status === 'completed';
    });
    return execution_id;
  }

  test('a running task ends with its run, which may have ended before', async () => {
    const execution_id = await run(bob, `run${epic.id}`);
    const a = await add('a', { workflow_slug: `run${epic.id}` });
    expect(a).toMatchObject({ workflow_slug: `run${epic.id}` });
    const b = await add('b', { depends_on: [a.id] });
    await patch(a.id, { status: 'running', execution_id });
    const ended = await until(async () => {
      const one = await task(a.id);
      return one.status === 'completed' ? one : null;
    });
    expect(ended).toMatchObject({ execution_id });
    expect(ended.completed_at).not.toBeNull();
    expect(ended.result_summary).not.toBeNull();
    expect((await task(b.id)).status).toBe('pending');
    expect(await counters()).toEqual([2, 1, 0]);
    await bob.ok('executions.batchDelete', { execution_ids: [execution_id] });
    expect(await task(a.id)).toMatchObject({ execution_id: null, status: 'completed' });
  });

  test('only runs and workflows the caller may see are linked', async () => {
    const foreign = await run(eve, `eve${epic.id}`);
    const { id } = await add('a');
    for (const execution_id of [foreign, '01890000-0000-7000-8000-000000000000', 'no-id']) {
      const answer = await bob.call('tasks.update', { task_id: id, execution_id });
      expect(answer.status).toBe(422);
      expect(detail(answer.body)).toMatchObject([{ loc: ['body', 'execution_id'] }]);
    }
    for (const workflow_slug of [`eve${epic.id}`, 'nowhere']) {
      const answer = await bob.call('tasks.update', { task_id: id, workflow_slug });
      expect(detail(answer.body)).toMatchObject([{ loc: ['body', 'workflow_slug'] }]);
    }
  });
});

describe('events', () => {
  const listen = async (who: Caller, epicId: string) => {
    const client = await TestClient.open(server.running.port, who.key ?? '');
    const answer = await client.subscribe(`epic:${epicId}`);
    return { client, answer };
  };
  const seen = (client: TestClient) =>
    client.messages.filter((one) => one.type !== 'ping' && one.type !== 'subscribed');

  test('tell every change on the epic’s channel, in order', async () => {
    const { client, answer } = await listen(bob, epic.id);
    expect(answer).toEqual({ type: 'subscribed', channel: `epic:${epic.id}` });
    const a = await add('a');
    const b = await add('b', { depends_on: [a.id] });
    await patch(a.id, { status: 'completed' });
    await bob.ok('epics.update', { epic_id: epic.id, status: 'cancelled' });
    await bob.ok('tasks.batchDelete', { task_ids: [a.id] });
    await bob.ok('tasks.remove', { task_id: b.id });
    await bob.ok('epics.remove', { epic_id: epic.id });
    await client.until((one) => one.type === 'unsubscribed');
    expect(seen(client).map(({ type, data }) => [type, (data as Task | undefined)?.id])).toEqual([
      ['task_created', a.id],
      ['task_created', b.id],
      ['task_updated', a.id],
      ['task_updated', b.id],
      ['epic_updated', epic.id],
      ['task_updated', b.id],
      ['tasks_deleted', undefined],
      ['task_updated', b.id],
      ['task_deleted', b.id],
      ['epic_deleted', epic.id],
      ['unsubscribed', undefined],
    ]);
    const [first] = seen(client);
    expect(first).toMatchObject({ channel: `epic:${epic.id}`, data: { ...a } });
    expect(first?.timestamp).toBeTypeOf('number');
    expect(seen(client)[6]).toMatchObject({ data: { task_ids: [a.id] } });
    client.socket.close();
  });

  test('others are refused the channel and hear nothing', async () => {
    for (const id of [epic.id, 'ep-000000000000', 'nonsense']) {
      const { client, answer } = await listen(eve, id);
      expect(answer).toEqual({ type: 'error', channel: `epic:${id}`, code: 'forbidden' });
      client.socket.close();
    }
  });
});
