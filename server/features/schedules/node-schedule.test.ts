import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';

let server: TestServer;
let bob: Caller;
let eve: Caller;
let slug: string;
let count = 0;
beforeAll(async () => {
  server = await startTestServer();
  bob = await server.addUser('bob');
  eve = await server.addUser('eve');
});
beforeEach(async () => {
  count += 1;
  slug = `w${count}`;
  await bob.ok('workflows.create', { name: slug, slug });
});
afterAll(() => server.close());

interface Schedule {
  readonly id: string;
  readonly status: string;
  readonly name: string;
  readonly next_run_at: string | null;
  readonly created_at: string;
  readonly run_count: number;
  readonly trigger_node_id: number | null;
}
interface Node {
  readonly id: number;
  readonly node_id: string;
  readonly config: { readonly is_active: boolean };
  readonly schedule_job: (Schedule & { readonly interval_seconds: number }) | null;
}
const get = (schedule_id: string) => bob.ok<Schedule>('schedules.get', { schedule_id });
const addClock = (extra_config: object = {}) =>
  bob.ok<Node>('nodes.create', {
    workflow_slug: slug,
    component_type: 'trigger_schedule',
    node_id: 'clock',
    config: { extra_config },
  });
const press = (verb: 'start' | 'pause' | 'stop', node = 'clock') =>
  bob.send('POST', `/api/v1/workflows/${slug}/nodes/${node}/schedule/${verb}/`);
const node = async (): Promise<Node | undefined> =>
  (await bob.ok<Node[]>('nodes.list', { workflow_slug: slug })).find((one) => one.node_id === 'clock');
const inSeconds = (time: string | null): number => (Date.parse(time ?? '') - Date.now()) / 1000;

describe('the buttons of a schedule trigger', () => {
  test('start makes a schedule from the node’s configuration', async () => {
    const clock = await addClock({ interval_seconds: 30, trigger_payload: { a: 1 } });
    expect(clock.schedule_job).toBeNull();
    const started = await press('start');
    expect(started).toMatchObject({
      status: 200,
      body: {
        node_id: 'clock',
        config: { is_active: true },
        schedule_job: { status: 'active', interval_seconds: 30, max_retries: 3, timeout_seconds: 600 },
      },
    });
    const job = (await node())?.schedule_job;
    expect(await get(job?.id ?? '')).toMatchObject({
      name: 'schedule:clock',
      trigger_node_id: clock.id,
      trigger_payload: { a: 1 },
    });
    const whole = await bob.ok<{ nodes: Node[] }>('workflows.get', { workflow_slug: slug });
    expect(whole.nodes[0]?.schedule_job?.id).toBe(job?.id);
  });

  test('start again updates an active one, resumes a paused one, restarts a finished one', async () => {
    await addClock({ interval_seconds: 30 });
    await press('start');
    const first = (await node())?.schedule_job;
    await bob.ok('nodes.update', {
      workflow_slug: slug,
      node: 'clock',
      config: { extra_config: { interval_seconds: 600, timeout_seconds: 5 } },
    });
    await press('start');
    const updated = (await node())?.schedule_job;
    expect(updated).toMatchObject({ id: first?.id, interval_seconds: 600, next_run_at: first?.next_run_at });
    expect(await press('pause')).toMatchObject({
      status: 200,
      body: { config: { is_active: false }, schedule_job: { status: 'paused', next_run_at: null } },
    });
    expect(await press('pause')).toMatchObject({
      status: 400,
      body: { detail: "Cannot pause job with status 'paused'." },
    });
    await press('start');
    expect(inSeconds((await node())?.schedule_job?.next_run_at ?? null)).toBeGreaterThan(590);
    await server.connection.db
      .updateTable('schedules')
      .set({ status: 'dead', current_retry: 4, error_count: 9, next_fire_at: null, next_run_at: null })
      .where('id', '=', first?.id ?? '')
      .execute();
    await press('start');
    expect((await node())?.schedule_job).toMatchObject({
      status: 'active',
      error_count: 0,
      current_retry: 0,
    });
  });

  test('stop deletes the schedule; without one, pause and stop are 404', async () => {
    await addClock();
    const missing = { status: 404, body: { detail: 'No scheduled job found for this node.' } };
    expect(await press('pause')).toMatchObject(missing);
    await press('start');
    const { id = '' } = (await node())?.schedule_job ?? {};
    expect(await press('stop')).toMatchObject({ status: 200, body: { schedule_job: null } });
    expect((await bob.call('schedules.get', { schedule_id: id })).status).toBe(404);
    expect(await press('stop')).toMatchObject(missing);
  });

  test('refuse other nodes, absent ones and impossible times', async () => {
    await bob.ok('nodes.create', { workflow_slug: slug, component_type: 'set', node_id: 'set' });
    expect(await press('start', 'set')).toMatchObject({
      status: 400,
      body: { detail: 'Node is not a trigger_schedule.' },
    });
    expect(await press('start', 'nobody')).toMatchObject({
      status: 404,
      body: { detail: 'Node not found.' },
    });
    await addClock({ interval_seconds: 0 });
    expect(await press('start')).toMatchObject({
      status: 422,
      body: { detail: 'interval_seconds must be >= 1' },
    });
    const foreign = await eve.send('POST', `/api/v1/workflows/${slug}/nodes/clock/schedule/start/`);
    expect(foreign).toMatchObject({ status: 404, body: { detail: 'Workflow not found.' } });
    await bob.ok('nodes.update', {
      workflow_slug: slug,
      node: 'clock',
      config: { extra_config: { cron: '* * * * * *' } },
    });
    expect(await press('start')).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('cron') },
    });
  });

  test('a renamed node keeps its schedule, a removed one takes it along', async () => {
    await addClock();
    await press('start');
    const { id = '' } = (await node())?.schedule_job ?? {};
    const renamed = await bob.ok<Node>('nodes.update', {
      workflow_slug: slug,
      node: 'clock',
      node_id: 'watch',
    });
    expect(renamed.schedule_job?.id).toBe(id);
    await bob.ok('nodes.remove', { workflow_slug: slug, node: 'watch' });
    expect((await bob.call('schedules.get', { schedule_id: id })).status).toBe(404);
  });
});
