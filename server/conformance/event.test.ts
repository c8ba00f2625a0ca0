import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestClient } from '#server/socket/test-client.ts';
import { operationOf } from './listed-operation.ts';
import { addPerson } from './person.ts';
import { type Session, sessionOf, until } from './session.ts';
import { openStage, type Stage } from './test-stage.ts';
import { reaches } from './world-flow.ts';

type Message = Readonly<Record<string, unknown>> & { readonly data: Readonly<Record<string, unknown>> };

let stage: Stage;
let session: Session;
let socket: TestClient;
const slug = 'events';

beforeAll(async () => {
  stage = await openStage();
  const grace = await addPerson(stage.connection, 'grace');
  session = sessionOf(stage.client, grace.key);
  await session.ok('workflows.create', { name: 'Events', slug });
  socket = await TestClient.open(stage.server.running.port, grace.key);
  await socket.subscribe(`workflow:${slug}`);
});
afterAll(async () => {
  socket.socket.close();
  await stage.close();
});

/** Does something and gives the first event of this type on this channel that it causes. */
async function eventOf(type: string, channel: string, act: () => Promise<unknown>): Promise<Message> {
  const before = socket.messages.length;
  await act();
  const found = await socket.until(
    (one) => socket.messages.indexOf(one) >= before && one.type === type && one.channel === channel,
  );
  expect(found.timestamp).toBeTypeOf('number');
  expect(Math.abs(Number(found.timestamp) - Date.now() / 1000)).toBeLessThan(60);
  return found as Message;
}
/** An event’s data is what this operation answers. */
const expectData = (operation: string, data: unknown): void => {
  expect(operationOf(operation).operation.output.safeParse(data).error?.issues ?? []).toEqual([]);
};
const here = `workflow:${slug}`;
const inFlow = { workflow_slug: slug };
const addNode = (node_id: string, component_type: string, extra_config: object = {}) =>
  session.ok('nodes.create', { ...inFlow, node_id, component_type, config: { extra_config } });
const connect = (source_node_id: string, target_node_id: string) =>
  session.ok<{ id: number }>('edges.create', { ...inFlow, source_node_id, target_node_id });

describe('what is drawn', () => {
  test('workflow_updated carries the workflow', async () => {
    const { data } = await eventOf('workflow_updated', here, () =>
      session.ok('workflows.update', { ...inFlow, description: 'new' }),
    );
    expectData('workflows.update', data);
    expect(data.description).toBe('new');
  });

  test('node_created, node_updated and node_deleted carry the node or its id', async () => {
    const made = await eventOf('node_created', here, () => addNode('start', 'trigger_manual'));
    expectData('nodes.create', made.data);
    expect(made.data).toMatchObject({ node_id: 'start', component_type: 'trigger_manual' });
    const changed = await eventOf('node_updated', here, () =>
      session.ok('nodes.update', { ...inFlow, node: 'start', label: 'Go', position_x: 3 }),
    );
    expectData('nodes.update', changed.data);
    expect(changed.data).toMatchObject({ label: 'Go', position_x: 3, config: { extra_config: {} } });
    await addNode('gone', 'wait');
    const removed = await eventOf('node_deleted', here, () =>
      session.ok('nodes.remove', { ...inFlow, node: 'gone' }),
    );
    expect(removed.data).toEqual({ node_id: 'gone' });
  });

  test('a node with a new id goes and comes, so that clients which know it by the old one keep it', async () => {
    const made = await eventOf('node_created', here, () => addNode('before', 'wait'));
    const changed = await eventOf('node_updated', here, () =>
      session.ok('nodes.update', { ...inFlow, node: 'before', node_id: 'after' }),
    );
    const all = socket.messages as unknown as Message[];
    const told = all
      .slice(all.indexOf(made) + 1, all.indexOf(changed) + 1)
      .filter(({ type }) => String(type).startsWith('node_'));
    expect(told.map(({ type, data }) => [type, data['node_id']])).toEqual([
      ['node_deleted', 'before'],
      ['node_created', 'after'],
      ['node_updated', 'after'],
    ]);
    expectData('nodes.create', told[1]?.data);
  });

  test('a schedule that is started or paused is a node that changed', async () => {
    await addNode('tick', 'trigger_schedule');
    const started = await eventOf('node_updated', here, () =>
      session.ok('nodes.startSchedule', { ...inFlow, node: 'tick' }),
    );
    expect(started.data).toMatchObject({ node_id: 'tick', schedule_job: { status: 'active' } });
    const stopped = await eventOf('node_updated', here, () =>
      session.ok('nodes.stopSchedule', { ...inFlow, node: 'tick' }),
    );
    expect(stopped.data).toMatchObject({ schedule_job: null });
  });

  test('edge_created, edge_updated and edge_deleted carry the edge or its id', async () => {
    await addNode('note', 'set', { mode: 'text', text: 'noted' });
    const made = await eventOf('edge_created', here, () => connect('start', 'note'));
    expectData('edges.create', made.data);
    const edge_id = Number(made.data.id);
    const changed = await eventOf('edge_updated', here, () =>
      session.ok('edges.update', { ...inFlow, edge_id, priority: 2 }),
    );
    expectData('edges.update', changed.data);
    expect(changed.data).toMatchObject({ id: edge_id, priority: 2 });
    const removed = await eventOf('edge_deleted', here, () =>
      session.ok('edges.remove', { ...inFlow, edge_id }),
    );
    expect(removed.data).toEqual({ id: edge_id });
    await connect('start', 'note');
  });
});

describe('what is run', () => {
  /** Starts a run, follows it to this status on its own channel as well, and gives its events of both channels. */
  async function followed(status: string): Promise<{ id: string; onFlow: Message[]; onRun: Message[] }> {
    const { execution_id: id } = await session.ok<{ execution_id: string }>('workflows.execute', {
      ...inFlow,
      trigger_node_id: 'start',
    });
    await socket.subscribe(`execution:${id}`, 0);
    await reaches(session, id, status);
    const last = `execution_${status}`;
    for (const channel of [here, `execution:${id}`]) {
      await socket.until((one) => one.type === last && one.channel === channel && one.execution_id === id);
    }
    const of = (channel: string) =>
      socket.messages.filter((one) => one.channel === channel && one.execution_id === id) as Message[];
    return { id, onFlow: of(here), onRun: of(`execution:${id}`) };
  }
  const typesOf = (list: readonly Message[]) => list.map((one) => String(one.type));

  test('a run that completes tells every step, in order, on both channels', async () => {
    const { id, onFlow, onRun } = await followed('completed');
    for (const list of [onFlow, onRun]) {
      for (const one of list) expect(one).toMatchObject({ execution_id: id, data: { execution_id: id } });
      expect(typesOf(list)[0]).toBe('execution_started');
      expect(typesOf(list).at(-1)).toBe('execution_completed');
      const steps = list
        .filter((one) => one.data.node_id === 'note')
        .map((one) => one.data.status ?? one.type);
      expect(steps.filter((one) => one === 'running' || one === 'success')).toEqual(['running', 'success']);
    }
    expect(onRun.map((one) => one.seq)).toEqual(onRun.map((_one, at) => at + 1));
    const started = onFlow.find((one) => one.type === 'execution_started');
    expect(started?.data.workflow_id).toBeTypeOf('number');
    const success = onRun.find((one) => one.data.status === 'success' && one.data.node_id === 'note');
    expect(success?.data).toMatchObject({ component_type: 'set', display_name: expect.any(String) });
    expect(success?.data).toHaveProperty('node_label');
    expect(success?.data.duration_ms).toBeTypeOf('number');
    expect(success?.data).toHaveProperty('output');
    const end = onRun.at(-1);
    expect(end?.data).toMatchObject({
      activity_summary: {
        total_steps: expect.any(Number),
        total_duration_ms: expect.any(Number),
        total_tokens: 0,
        total_cost_usd: 0,
        llm_calls: 0,
        tool_invocations: 0,
        child_count: 0,
      },
    });
    expect(end?.data).toHaveProperty('output');
  });

  test('a run that waits for a person says so, and says when it is cancelled', async () => {
    await addNode('ask', 'human_confirmation', { prompt: 'Go on?' });
    await connect('note', 'ask');
    const { id, onRun } = await followed('interrupted');
    expect(onRun.at(-1)?.data).toMatchObject({ node_id: 'ask' });
    const cancelled = await eventOf('execution_cancelled', here, () =>
      session.ok('executions.cancel', { execution_id: id }),
    );
    expect(cancelled).toMatchObject({ execution_id: id, data: { execution_id: id } });
    await socket.until((one) => one.type === 'execution_cancelled' && one.channel === `execution:${id}`);
    await session.ok('nodes.remove', { ...inFlow, node: 'ask' });
  });

  test('a run that fails carries the error of its step and its own', async () => {
    await addNode('break', 'code', { code: 'throw new Error("no");', language: 'javascript' });
    await connect('note', 'break');
    const { onRun } = await followed('failed');
    const failed = onRun.find((one) => one.data.status === 'failed');
    expect(failed?.data).toMatchObject({ node_id: 'break', component_type: 'code' });
    expect(String(failed?.data.error)).toContain('no');
    expect(failed?.data.error_code).toBeTypeOf('string');
    expect(String(onRun.at(-1)?.data.error)).not.toBe('');
  });
});

describe('what is planned', () => {
  const made = async (): Promise<{ id: string }> => session.ok('epics.create', { title: 'Epic' });

  test('epics and their tasks tell what becomes of them', async () => {
    const { id } = await made();
    const channel = `epic:${id}`;
    await socket.subscribe(channel);
    const changed = await eventOf('epic_updated', channel, () =>
      session.ok('epics.update', { epic_id: id, status: 'active' }),
    );
    expectData('epics.update', changed.data);
    const add = (more: object = {}) => session.ok('tasks.create', { epic_id: id, title: 'Task', ...more });
    const task = await eventOf('task_created', channel, () => add());
    expectData('tasks.create', task.data);
    const task_id = String(task.data.id);
    const blocked = await eventOf('task_created', channel, () => add({ depends_on: [task_id] }));
    expect(blocked.data.status).toBe('blocked');
    await eventOf('task_updated', channel, () =>
      session.ok('tasks.update', { task_id, status: 'completed' }),
    );
    const freed = await until(async () =>
      socket.messages.find(
        (one) => one.type === 'task_updated' && (one as Message).data.id === blocked.data.id,
      ),
    );
    expect((freed as Message).data.status).toBe('pending');
    const removed = await eventOf('task_deleted', channel, () => session.ok('tasks.remove', { task_id }));
    expect(removed.data).toEqual({ id: task_id });
    const ids = [String(blocked.data.id)];
    const several = await eventOf('tasks_deleted', channel, () =>
      session.ok('tasks.batchDelete', { task_ids: ids }),
    );
    expect(several.data).toEqual({ task_ids: ids });
    const gone = await eventOf('epic_deleted', channel, () => session.ok('epics.remove', { epic_id: id }));
    expect(gone.data).toEqual({ id });
  });

  test('each epic of a batch says that it is deleted', async () => {
    const { id } = await made();
    await socket.subscribe(`epic:${id}`);
    const gone = await eventOf('epic_deleted', `epic:${id}`, () =>
      session.ok('epics.batchDelete', { epic_ids: [id] }),
    );
    expect(gone.data).toEqual({ id });
  });
});

describe('the connection itself', () => {
  test('answers subscribe and unsubscribe, twice as well, and ignores what it does not know', async () => {
    const { port } = stage.server.running;
    const client = await TestClient.open(port, session.key ?? '', '/ws');
    expect(await client.subscribe(here)).toMatchObject({ type: 'subscribed', channel: here });
    expect(await client.subscribe(here)).toMatchObject({ type: 'subscribed', channel: here });
    client.send({ type: 'nonsense' });
    client.send({ type: 'subscribe', channel: '' });
    for (let times = 1; times <= 2; times += 1) {
      client.send({ type: 'unsubscribe', channel: here });
      await until(async () => client.messages.filter((one) => one.type === 'unsubscribed').length === times);
    }
    expect(client.messages.map((one) => one.type)).toEqual([
      'subscribed',
      'subscribed',
      'unsubscribed',
      'unsubscribed',
    ]);
    client.socket.close();
    await client.closed;
  });

  test('with a bad token is accepted and closed as documented', async () => {
    const client = new TestClient(stage.server.running.port, '/ws/?token=wrong');
    expect(await client.closed).toEqual({ code: 1008, reason: 'Invalid or missing token' });
  });
});
