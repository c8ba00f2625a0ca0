import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';

let server: TestServer;
let bob: Caller;
let reports: number;
let cleanup: number;

const addWorkflow = async (name: string): Promise<number> => {
  const slug = name.toLowerCase();
  const { id } = await bob.ok<{ id: number }>('workflows.create', { name, slug });
  await bob.ok('nodes.create', { workflow_slug: slug, component_type: 'trigger_schedule', node_id: 'clock' });
  return id;
};
const add = (name: string, workflow_id: number, more: object = {}) =>
  bob.ok<{ id: string }>('schedules.create', { name, workflow_id, interval_seconds: 3600, ...more });

beforeAll(async () => {
  server = await startTestServer();
  bob = await server.addUser('bob');
  reports = await addWorkflow('Reports');
  cleanup = await addWorkflow('Cleanup');
  await add('beta', reports, { interval_seconds: 7200 });
  await add('Alpha', cleanup, { description: '100% of it' });
  await add('gamma', reports, { interval_seconds: 60 });
});
afterAll(() => server.close());

interface Entry {
  readonly id: string;
  readonly name: string;
  readonly workflow_name: string;
  readonly workflow_slug: string;
  readonly last_fire: { readonly execution_id: string | null; readonly result: string | null } | null;
}
const list = async (input: Record<string, unknown>): Promise<Entry[]> =>
  (await bob.ok<{ items: Entry[] }>('schedules.list', input)).items;
const names = async (input: Record<string, unknown>) => (await list(input)).map((one) => one.name);

describe('the list of schedules', () => {
  test('is searched by name, description and workflow', async () => {
    expect(await names({ q: 'ALPH' })).toEqual(['Alpha']);
    expect(await names({ q: '100%' })).toEqual(['Alpha']);
    expect(await names({ q: 'reports' })).toEqual(['gamma', 'beta']);
    expect(await names({ q: 'nothing like it' })).toEqual([]);
    expect(await names({ q: '' })).toHaveLength(3);
  });

  test('is ordered as asked, newest first otherwise', async () => {
    expect(await names({})).toEqual(['gamma', 'Alpha', 'beta']);
    expect(await names({ sort: 'created_at' })).toEqual(['beta', 'Alpha', 'gamma']);
    expect(await names({ sort: 'name' })).toEqual(['Alpha', 'beta', 'gamma']);
    expect(await names({ sort: 'next_run_at' })).toEqual(['gamma', 'Alpha', 'beta']);
    expect(await names({ sort: 'no such order' })).toEqual(['gamma', 'Alpha', 'beta']);
  });

  test('names the workflow and the newest fire', async () => {
    const [alpha] = await list({ q: 'alpha' });
    expect(alpha).toMatchObject({ workflow_name: 'Cleanup', workflow_slug: 'cleanup', last_fire: null });
    const { execution_id } = await bob.ok<{ execution_id: string }>('schedules.runNow', {
      schedule_id: alpha?.id ?? '',
    });
    await until(async () => (await list({ q: 'alpha' }))[0]?.last_fire?.result);
    const fire = { execution_id, result: 'completed', manual: true };
    expect(await list({ q: 'alpha' })).toMatchObject([{ last_fire: fire }]);
    expect(await bob.ok('schedules.get', { schedule_id: alpha?.id ?? '' })).toMatchObject({
      last_fire: fire,
    });
    expect(await names({ sort: '-last_run_at' })).toEqual(expect.arrayContaining(['Alpha']));
  });
});

describe('a preview', () => {
  const preview = async (input: Record<string, unknown>) =>
    (await bob.ok<{ items: { fire_at: string }[] }>('schedules.preview', input)).items.map(
      (one) => one.fire_at,
    );

  test('tells the next five runs of what is not saved', async () => {
    const fires = await preview({
      cron: '0 9 * * 1',
      timezone: 'Europe/Berlin',
      start_at: '2030-03-20T00:00:00Z',
    });
    // Summer time begins on 31 March 2030.
    expect(fires).toEqual([
      '2030-03-25T08:00:00.000Z',
      '2030-04-01T07:00:00.000Z',
      '2030-04-08T07:00:00.000Z',
      '2030-04-15T07:00:00.000Z',
      '2030-04-22T07:00:00.000Z',
    ]);
    expect(
      await preview({ interval_seconds: 60, start_at: '2030-01-01T00:00:00Z', total_repeats: 2 }),
    ).toEqual(['2030-01-01T00:00:00.000Z', '2030-01-01T00:01:00.000Z']);
    expect(await names({})).toHaveLength(3);
  });

  test('complains about the field, in the words of saving', async () => {
    const wrong = await bob.call('schedules.preview', { cron: '61 * * * *' });
    expect(wrong).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'cron'] }] } });
    const nothing = await bob.call('schedules.preview', {});
    expect(nothing).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'interval_seconds'] }] } });
  });
});
