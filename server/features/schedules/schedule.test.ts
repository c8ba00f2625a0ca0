import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';

let server: TestServer;
let bob: Caller;
let eve: Caller;
let slug: string;
let workflow: number;
let count = 0;
beforeAll(async () => {
  server = await startTestServer();
  bob = await server.addUser('bob');
  eve = await server.addUser('eve');
});
beforeEach(async () => {
  count += 1;
  slug = `w${count}`;
  ({ id: workflow } = await bob.ok<{ id: number }>('workflows.create', { name: slug, slug }));
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
interface Fire {
  readonly outcome: string;
  readonly manual: boolean;
  readonly result: string | null;
  readonly execution_id: string | null;
}

const create = (more: object = {}) =>
  bob.ok<Schedule>('schedules.create', {
    name: 'Nightly',
    workflow_id: workflow,
    interval_seconds: 300,
    ...more,
  });
const tryCreate = (more: object) =>
  bob.call('schedules.create', { name: 'Nightly', workflow_id: workflow, interval_seconds: 300, ...more });
const get = (schedule_id: string) => bob.ok<Schedule>('schedules.get', { schedule_id });
const patch = (schedule_id: string, more: object) =>
  bob.ok<Schedule>('schedules.update', { schedule_id, ...more });
const addClock = (extra_config: object = {}) =>
  bob.ok<Node>('nodes.create', {
    workflow_slug: slug,
    component_type: 'trigger_schedule',
    node_id: 'clock',
    config: { extra_config },
  });
const inSeconds = (time: string | null): number => (Date.parse(time ?? '') - Date.now()) / 1000;
const fires = async (schedule_id: string): Promise<Fire[]> =>
  (await bob.ok<{ items: Fire[] }>('schedules.fires', { schedule_id })).items;
const makeDue = (id: string) =>
  server.connection.db
    .updateTable('schedules')
    .set({ next_fire_at: new Date(), next_run_at: new Date() })
    .where('id', '=', id)
    .execute();

describe('creating', () => {
  test('an old client’s body is enough: active, first run after one interval', async () => {
    const made = await create();
    expect(made).toMatchObject({
      name: 'Nightly',
      description: '',
      workflow_id: workflow,
      trigger_node_id: null,
      interval_seconds: 300,
      total_repeats: 0,
      max_retries: 3,
      timeout_seconds: 600,
      trigger_payload: null,
      status: 'active',
      current_repeat: 0,
      current_retry: 0,
      last_run_at: null,
      run_count: 0,
      error_count: 0,
      last_error: '',
      cron: null,
      timezone: 'UTC',
      misfire_policy: 'once',
      overlap_policy: 'skip',
    });
    expect(inSeconds(made.next_run_at)).toBeGreaterThan(295);
    expect(inSeconds(made.next_run_at)).toBeLessThanOrEqual(300);
    expect(await get(made.id)).toMatchObject(made);
  });

  test('a cron pattern takes the interval’s place', async () => {
    const made = await create({
      interval_seconds: undefined,
      cron: '30 9 * * *',
      timezone: 'Asia/Kathmandu',
    });
    expect(made).toMatchObject({ cron: '30 9 * * *', interval_seconds: 60, timezone: 'Asia/Kathmandu' });
    expect(made.next_run_at?.slice(11)).toBe('03:45:00.000Z');
  });

  test.each([
    [{ interval_seconds: 0 }, 'interval_seconds'],
    [{ interval_seconds: -5 }, 'interval_seconds'],
    [{ interval_seconds: 1.5 }, 'interval_seconds'],
    [{ interval_seconds: undefined }, 'interval_seconds'],
    [{ interval_seconds: 1e12 }, 'interval_seconds'],
    [{ name: '' }, 'name'],
    [{ total_repeats: -1 }, 'total_repeats'],
    [{ max_retries: -1 }, 'max_retries'],
    [{ timeout_seconds: 0 }, 'timeout_seconds'],
    [{ cron: '* * * * * *' }, 'cron'],
    [{ cron: '0 0 30 2 *' }, 'cron'],
    [{ cron: 'every day' }, 'cron'],
    [{ cron: '0 9 * * *', timezone: 'Mars/Olympus' }, 'timezone'],
    [{ start_at: 'tomorrow' }, 'start_at'],
    [{ start_at: '2030-01-02T00:00:00Z', end_at: '2030-01-01T00:00:00Z' }, 'end_at'],
    [{ end_at: '2020-01-01T00:00:00Z' }, 'end_at'],
    [{ jitter_seconds: -1 }, 'jitter_seconds'],
    [{ misfire_policy: 'never' }, 'misfire_policy'],
    [{ overlap_policy: 'kill' }, 'overlap_policy'],
    [{ trigger_payload: 'text' }, 'trigger_payload'],
    [{ trigger_node_id: 2_000_000_000 }, 'trigger_node_id'],
  ])('%j is refused, naming the field', async (more, field) => {
    const answer = await tryCreate(more);
    expect(answer).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', field] }] } });
  });

  test('says in words why a pattern cannot be', async () => {
    expect(JSON.stringify((await tryCreate({ cron: '*/5 * * * * *' })).body)).toContain(
      'more than once a minute',
    );
    expect(JSON.stringify((await tryCreate({ cron: '0 0 31 2 *' })).body)).toContain('never fires');
  });

  test('only for a workflow one may see, and a trigger of it', async () => {
    const foreign = await eve.call('schedules.create', {
      name: 'Mine',
      workflow_id: workflow,
      interval_seconds: 60,
    });
    expect(foreign).toMatchObject({ status: 404, body: { detail: 'Workflow not found.' } });
    const step = await bob.ok<Node>('nodes.create', { workflow_slug: slug, component_type: 'set' });
    expect(await tryCreate({ trigger_node_id: step.id })).toMatchObject({ status: 422 });
    const clock = await addClock();
    expect(await create({ trigger_node_id: clock.id })).toMatchObject({ trigger_node_id: clock.id });
  });
});

describe('reading', () => {
  test('lists newest first, by status and workflow, in pages', async () => {
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c']) ids.unshift((await create({ name })).id);
    await bob.ok('schedules.pause', { schedule_id: ids[0] ?? '' });
    const list = (query: object) =>
      bob.ok<{ items: Schedule[]; total: number }>('schedules.list', { workflow_id: workflow, ...query });
    const all = await list({});
    expect(all.items.map((one) => one.id)).toEqual(ids);
    expect(await list({ limit: 1, offset: 1 })).toMatchObject({ items: [{ id: ids[1] }], total: 3 });
    expect((await list({ status: 'paused' })).items.map((one) => one.id)).toEqual([ids[0]]);
    expect(await list({ status: 'asleep' })).toEqual({ items: [], total: 0 });
    expect(await eve.ok('schedules.list')).toEqual({ items: [], total: 0 });
  });

  test('shows the next five runs, and none of a paused one', async () => {
    const { id } = await create({ cron: '0 9 * * 1-5', timezone: 'Europe/Berlin' });
    const next = () => bob.ok<{ items: { run_at: string }[] }>('schedules.next', { schedule_id: id });
    const { items } = await next();
    expect(items).toHaveLength(5);
    expect(items[0]?.run_at).toBe((await get(id)).next_run_at);
    expect([...items].sort((a, b) => (a.run_at < b.run_at ? -1 : 1))).toEqual(items);
    await bob.ok('schedules.pause', { schedule_id: id });
    expect((await next()).items).toEqual([]);
    const last = await create({ total_repeats: 2 });
    const two = await bob.ok<{ items: object[] }>('schedules.next', { schedule_id: last.id });
    expect(two.items).toHaveLength(2);
  });

  test('what others own, what is absent and what is no id are the same 404 everywhere', async () => {
    const { id } = await create();
    for (const [who, schedule_id] of [
      [eve, id],
      [bob, '00000000-0000-4000-8000-000000000000'],
      [bob, 'nonsense'],
    ] as const) {
      for (const name of ['get', 'update', 'remove', 'pause', 'resume', 'runNow', 'next', 'fires']) {
        const answer = await who.call(`schedules.${name}`, { schedule_id });
        expect(answer, name).toMatchObject({ status: 404, body: { detail: 'Scheduled job not found.' } });
      }
    }
    expect((await server.nobody.call('schedules.list')).status).toBe(401);
  });
});

describe('changing', () => {
  test('leaves the next run where it is, unless the new times bring it nearer', async () => {
    const made = await create();
    const renamed = await patch(made.id, { name: 'Hourly', interval_seconds: 3600, max_retries: 0 });
    expect(renamed).toMatchObject({ name: 'Hourly', interval_seconds: 3600, next_run_at: made.next_run_at });
    expect(inSeconds((await patch(made.id, { interval_seconds: 20 })).next_run_at)).toBeLessThanOrEqual(20);
    const cron = await patch(made.id, { cron: '0 0 1 1 *' });
    expect(cron.next_run_at).toMatch(/-01-01T00:00:00.000Z$/);
    expect(inSeconds((await patch(made.id, { cron: null })).next_run_at)).toBeLessThanOrEqual(20);
  });

  test('checks like a new one, and changes nothing then', async () => {
    const made = await create();
    const bad = [
      { interval_seconds: 0 },
      { cron: '* * * * * *' },
      { timezone: 'X' },
      { end_at: '2020-01-01T00:00:00Z' },
    ];
    for (const more of bad) {
      const answer = await bob.call('schedules.update', { schedule_id: made.id, name: 'No', ...more });
      expect(answer, JSON.stringify(more)).toMatchObject({
        status: 422,
        body: { detail: [{ loc: ['body', Object.keys(more)[0]] }] },
      });
    }
    expect(await get(made.id)).toMatchObject(made);
  });

  test('pause and resume keep the counters and quote the status when they do not fit', async () => {
    const { id } = await create();
    const refused = await bob.call('schedules.resume', { schedule_id: id });
    expect(refused).toMatchObject({
      status: 400,
      body: { detail: "Cannot resume job with status 'active'." },
    });
    const paused = await bob.send('POST', `/api/v1/schedules/${id}/pause`, '', {
      'content-type': 'application/json',
    });
    expect(paused).toMatchObject({ status: 200, body: { status: 'paused', next_run_at: null } });
    const again = await bob.call('schedules.pause', { schedule_id: id });
    expect(again).toMatchObject({ status: 400, body: { detail: "Cannot pause job with status 'paused'." } });
    const resumed = await bob.ok<Schedule>('schedules.resume', { schedule_id: id });
    expect(resumed.status).toBe('active');
    expect(inSeconds(resumed.next_run_at)).toBeGreaterThan(295);
  });

  test('deletes one, and of many only one’s own', async () => {
    const [first, second] = [await create(), await create()];
    await bob.ok('schedules.remove', { schedule_id: first.id });
    expect((await bob.call('schedules.remove', { schedule_id: first.id })).status).toBe(404);
    await eve.ok('schedules.batchDelete', { schedule_ids: [second.id] });
    expect((await get(second.id)).id).toBe(second.id);
    await bob.ok('schedules.batchDelete', { schedule_ids: [second.id, 'nonsense', first.id] });
    expect((await bob.call('schedules.get', { schedule_id: second.id })).status).toBe(404);
    expect((await bob.call('schedules.batchDelete', { schedule_ids: 'x' })).status).toBe(422);
  });

  test('goes with its workflow', async () => {
    const { id } = await create();
    await bob.ok('workflows.remove', { workflow_slug: slug });
    expect((await bob.call('schedules.get', { schedule_id: id })).status).toBe(404);
  });
});

describe('firing', () => {
  test('a due schedule runs by itself within two seconds, and its record tells', async () => {
    await addClock();
    const { id } = await create({ trigger_payload: { region: 'north' } });
    await makeDue(id);
    const [fire] = await until(async () => {
      const items = await fires(id);
      return items[0]?.result ? items : null;
    });
    expect(fire).toMatchObject({ outcome: 'fired', result: 'completed', manual: false });
    const run = await bob.ok<Record<string, unknown>>('executions.get', {
      execution_id: fire?.execution_id ?? '',
    });
    expect(run).toMatchObject({
      trigger_kind: 'schedule',
      trigger_payload: { scheduled_job_id: id, repeat_number: 1, payload: { region: 'north' } },
    });
    expect(await get(id)).toMatchObject({ run_count: 1, current_repeat: 1, status: 'active' });
  });

  test('run now starts a run at once, also while paused, and leaves the beat alone', async () => {
    await addClock();
    const made = await create();
    const { execution_id } = await bob.ok<{ execution_id: string }>('schedules.runNow', {
      schedule_id: made.id,
    });
    await until(async () => (await fires(made.id))[0]?.result);
    expect(await fires(made.id)).toMatchObject([{ manual: true, execution_id, outcome: 'fired' }]);
    expect(await get(made.id)).toMatchObject({
      current_repeat: 0,
      run_count: 1,
      next_run_at: made.next_run_at,
    });
    await bob.ok('schedules.pause', { schedule_id: made.id });
    await bob.ok('schedules.runNow', { schedule_id: made.id });
    expect(await fires(made.id)).toHaveLength(2);
  });

  test('run now with the same Idempotency-Key is one run', async () => {
    await addClock();
    const { id } = await create();
    const send = () =>
      bob.send('POST', `/api/v1/schedules/${id}/run-now/`, undefined, { 'idempotency-key': 'ö"1' });
    const answers = await Promise.all([send(), send(), send()]);
    expect(new Set(answers.map(({ body }) => (body as { execution_id: string }).execution_id)).size).toBe(1);
    expect(await fires(id)).toHaveLength(1);
  });

  test('run now says what is missing', async () => {
    const { id } = await create();
    const nothing = await bob.call('schedules.runNow', { schedule_id: id });
    expect(nothing).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('no schedule trigger') },
    });
    await bob.ok('workflows.update', { workflow_slug: slug, is_active: false });
    const off = await bob.call('schedules.runNow', { schedule_id: id });
    expect(off).toMatchObject({ status: 409, body: { detail: expect.stringContaining('switched off') } });
    expect(await get(id)).toMatchObject({ error_count: 0, status: 'active' });
  });
});
