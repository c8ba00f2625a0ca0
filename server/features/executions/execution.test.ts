import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { type Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';

let server: TestServer;
let ada: Caller;
let bob: Caller;
beforeAll(async () => {
  server = await startTestServer();
  ada = await server.setUp();
  bob = await server.addUser('bob');
  await bob.ok('workflows.create', { name: 'slow', slug: 'slow' });
  await bob.ok('workflows.changeGraph', {
    workflow_slug: 'slow',
    base_revision: 0,
    commands: [
      node('start', 'trigger_manual'),
      node('pause', 'wait', { duration: 3600, unit: 'seconds' }),
      {
        kind: 'add_edge',
        edge: {
          id: 1,
          source: 'start',
          sourcePort: 'payload',
          target: 'pause',
          targetPort: 'input',
          priority: 0,
        },
      },
    ],
  });
});
afterAll(() => server.close());

function node(id: string, type: string, config = {}) {
  return {
    kind: 'add_node',
    node: { id, type, label: null, x: 0, y: 0, config, settings: DEFAULT_SETTINGS },
  };
}

interface Status {
  status: string;
  final_output: { output: { decision: string } } | null;
}
const start = async (who: Caller, workflow_slug: string, more = {}) =>
  (await who.ok<{ execution_id: string }>('workflows.execute', { workflow_slug, ...more })).execution_id;
const reaches = (who: Caller, execution_id: string, wanted: string) =>
  until(async () => {
    const found = await who.ok<Status>('executions.status', { execution_id });
    return found.status === wanted ? found : null;
  });

describe('starting by hand', () => {
  test('the sample runs to its answer and every step is on record', async () => {
    const execution_id = await start(ada, 'order-triage', { text: 'hi', payload: { customer: 'Grace' } });
    const done = await reaches(ada, execution_id, 'completed');
    expect(done.final_output?.output.decision).toBe('approved');
    const detail = await ada.ok<{ logs: { node_id: string; status: string }[] }>('executions.get', {
      execution_id,
    });
    expect(detail).toMatchObject({
      trigger_kind: 'manual',
      trigger_node_id: 'start',
      trigger_payload: { text: 'hi', customer: 'Grace' },
      error_message: '',
      workflow_slug: 'order-triage',
    });
    const states = Object.fromEntries(detail.logs.map((log) => [log.node_id, log.status]));
    expect(states).toMatchObject({
      assess: 'success',
      review: 'skipped',
      approve: 'success',
      answer: 'success',
    });
  });

  test('the documented refusals', async () => {
    const call = (input: object) => bob.call('workflows.execute', { workflow_slug: 'slow', ...input });
    const absent = { status: 404, body: { detail: 'Manual trigger node not found' } };
    expect(await call({ trigger_node_id: 'ghost' })).toMatchObject(absent);
    expect(await call({ trigger_node_id: 'pause' })).toMatchObject(absent);
    await bob.ok('nodes.update', { workflow_slug: 'slow', node: 'start', config: { is_active: false } });
    expect(await call({})).toMatchObject({
      status: 404,
      body: { detail: 'No trigger configured for manual execution' },
    });
    await bob.ok('nodes.update', { workflow_slug: 'slow', node: 'start', config: { is_active: true } });
    await bob.ok('workflows.update', { workflow_slug: 'slow', is_active: false });
    expect(await call({})).toMatchObject({ status: 404, body: { detail: 'Workflow not found' } });
    await bob.ok('workflows.update', { workflow_slug: 'slow', is_active: true });
  });

  test('a graph with errors on the way is refused with the reasons', async () => {
    await bob.ok('workflows.create', { name: 'broken', slug: 'broken' });
    await bob.ok('nodes.create', { workflow_slug: 'broken', component_type: 'trigger_manual', node_id: 't' });
    await bob.ok('edges.create', { workflow_slug: 'broken', source_node_id: 't', target_node_id: 'ghost' });
    const refused = await bob.call('workflows.execute', { workflow_slug: 'broken' });
    expect(refused).toMatchObject({
      status: 422,
      body: { detail: { validation_errors: [expect.stringContaining('ghost')] } },
    });
  });

  test('the same idempotency key gives the same run; with another payload it is refused', async () => {
    const send = (text: string) =>
      bob.send('POST', '/api/v1/workflows/slow/execute/', { text }, { 'idempotency-key': 'once' });
    const [first, second] = await Promise.all([send('a'), send('a')]);
    expect(first.status).toBe(200);
    expect(second.body).toEqual(first.body);
    const reused = 'This idempotency key was used for another request. Use a new key.';
    expect(await send('b')).toMatchObject({ status: 409, body: { detail: reused } });
    const path = '/api/v1/workflows/slow/execute/';
    const headers = { 'idempotency-key': 'once' };
    expect((await bob.send('POST', path, { text: 'a', use_pins: true }, headers)).status).toBe(409);
    const other = await bob.send('POST', path, { unheard_of: 1, text: 'a' }, headers);
    expect(other.body).toEqual(first.body);
  });
});

describe('stopping', () => {
  test('a waiting run is cancelled, a second time it is returned unchanged', async () => {
    const execution_id = await start(bob, 'slow');
    await reaches(bob, execution_id, 'running');
    const cancelled = await bob.ok('executions.cancel', { execution_id });
    expect(cancelled).toMatchObject({ status: 'cancelled', completed_at: expect.any(String) });
    expect(await bob.ok('executions.cancel', { execution_id })).toEqual(cancelled);
  });

  test('deleting stops what still runs and leaves other people’s alone', async () => {
    const execution_id = await start(bob, 'slow');
    const others = await start(ada, 'order-triage');
    await reaches(bob, execution_id, 'running');
    await bob.ok('executions.batchDelete', { execution_ids: [execution_id, others, 'no-id', execution_id] });
    expect((await bob.call('executions.get', { execution_id })).status).toBe(404);
    await reaches(ada, others, 'completed');
    const { rows } = await server.connection.pool.query(
      'select 1 from event_chunks where execution_id = $1',
      [execution_id],
    );
    expect(rows).toEqual([]);
  });
});

describe('looking', () => {
  test('the list is newest first; filters that match nothing known give an empty page', async () => {
    const first = await start(ada, 'order-triage');
    const second = await start(ada, 'order-triage');
    const list = (input: object) =>
      ada.ok<{ items: { execution_id: string }[]; total: number }>('executions.list', { ...input });
    const { items } = await list({ workflow_slug: 'order-triage', limit: 2 });
    expect(items.map((one) => one.execution_id)).toEqual([second, first]);
    await reaches(ada, second, 'completed');
    expect((await list({ status: 'completed', workflow_slug: 'order-triage' })).total).toBeGreaterThan(1);
    expect(await list({ status: 'sleeping' })).toEqual({ items: [], total: 0 });
    expect(await list({ workflow_slug: 'nope' })).toEqual({ items: [], total: 0 });
    expect((await list({ status: '', workflow_slug: '' })).total).toBeGreaterThan(2);
  });

  test('events are numbered without a gap and can be read on from any number', async () => {
    const execution_id = await start(ada, 'order-triage');
    await reaches(ada, execution_id, 'completed');
    interface Events {
      items: { seq: number; type: string; data: { execution_id: string } }[];
      last_seq: number;
    }
    const all = await ada.ok<Events>('executions.events', { execution_id });
    expect(all.items.map((one) => one.seq)).toEqual(all.items.map((_one, index) => index + 1));
    expect(all.items[0]?.type).toBe('execution_started');
    expect(all.items.at(-1)?.type).toBe('execution_completed');
    const rest = await ada.ok<Events>('executions.events', { execution_id, after_seq: 4, limit: 3 });
    expect(rest.items).toEqual(all.items.slice(4, 7));
    expect(rest.last_seq).toBe(7);
    expect(await ada.ok('executions.events', { execution_id, after_seq: 9999 })).toEqual({
      items: [],
      last_seq: 9999,
    });
  });

  test('a run keeps the graph it was started with', async () => {
    const execution_id = await start(bob, 'slow');
    await bob.ok('nodes.create', { workflow_slug: 'slow', component_type: 'set', node_id: 'later' });
    const pinned = await bob.ok<{ nodes: { id: string }[] }>('executions.graph', { execution_id });
    expect(pinned.nodes.map((one) => one.id)).toEqual(['start', 'pause']);
    await bob.ok('executions.cancel', { execution_id });
  });

  test.each(['get', 'status', 'graph', 'cancel', 'events'])(
    "%s cannot tell other people's runs from none",
    async (name) => {
      const theirs = await start(ada, 'order-triage');
      for (const execution_id of [theirs, '00000000-0000-7000-8000-000000000000', 'no-id', 'x'.repeat(200)]) {
        const detail = name === 'status' ? 'Execution not found' : 'Execution not found.';
        expect(await bob.call(`executions.${name}`, { execution_id })).toMatchObject({
          status: 404,
          body: { detail },
        });
      }
    },
  );
});
