import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OutputOf } from '#contract/contract.ts';
import { inDatabase } from '#server/db/database-url.ts';
import { type Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';

type Page = OutputOf<'executions', 'list'>;

let server: TestServer;
let bob: Caller;
let ada: Caller;
const counts = { failed: 160, cancelled: 81, live: 3 };
const ALL = 8000;

beforeAll(async () => {
  server = await startTestServer();
  ada = await server.setUp();
  bob = await server.addUser('bob');
  for (const slug of ['one', 'two']) await bob.ok('workflows.create', { name: slug, slug });
  await seed(ALL, 3_600_000);
});
afterAll(() => server.close());

/** So many runs of both workflows by turns, up to `ago` milliseconds old; every 50th failed, every 97th was cancelled. */
async function seed(runs: number, ago: number): Promise<void> {
  await inDatabase(server.databaseUrl, async (client) => {
    await client.query(
      `insert into executions (id, environment_id, workflow_id, workflow_version_id, trigger_node, trigger_kind,
         root_id, status, trigger, created_at)
       select id, environment_id, w, 1, 'start', 'manual', id, status, '{}', now() from (
         select (lpad(to_hex((extract(epoch from now()) * 1000)::bigint - $2::int + g), 12, '0')
             || '7000' || '8000' || substr(md5(g::text), 1, 12))::uuid as id,
           ws.id as w, ws.environment_id,
           case when g % 50 = 0 then 'failed' when g % 97 = 0 then 'cancelled' when g <= 3 then 'running'
             else 'completed' end as status
         from generate_series(1, $1::int) g
         join lateral (select id, environment_id from workflows where slug = case when g % 2 = 0 then 'one' else 'two' end) ws on true
       ) as made`,
      [runs, ago],
    );
    await client.query('analyze executions');
  });
}

const list = (input: Record<string, unknown>, who = bob) => who.ok<Page>('executions.list', input);

/** The ids of the whole list, page by page. */
async function walk(input: Record<string, unknown>, who = bob): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const page = await list({ ...input, limit: 1000, offset: ids.length }, who);
    ids.push(...page.items.map((one) => one.execution_id));
    if (page.items.length === 0) {
      expect(ids).toHaveLength(page.total);
      return ids;
    }
  }
}

test('pages read from either end give every run once, newest first', async () => {
  for (const who of [bob, ada]) {
    const ids = await walk({}, who);
    expect(ids).toHaveLength(ALL);
    expect(ids).toEqual([...new Set(ids)].toSorted().toReversed());
    expect((await list({ limit: 7, offset: ALL - 3 }, who)).items.map((one) => one.execution_id)).toEqual(
      ids.slice(-3),
    );
    expect((await list({ limit: 7, offset: ALL }, who)).items).toEqual([]);
    expect((await list({ limit: 5, offset: 5001 }, who)).items.map((one) => one.execution_id)).toEqual(
      ids.slice(5001, 5006),
    );
  }
  expect(await walk({ workflow_slug: 'one' })).toHaveLength(ALL / 2);
});

test('totals hold with every filter', async () => {
  const { failed, cancelled, live } = counts;
  for (const who of [bob, ada]) {
    for (let again = 0; again < 2; again += 1) {
      expect((await list({ limit: 1 }, who)).total).toBe(ALL);
      const totals = await Promise.all(
        ['failed', 'cancelled', 'running', 'pending', 'interrupted', 'completed', 'nothing'].map(
          async (status) => (await list({ status, limit: 0 }, who)).total,
        ),
      );
      expect(totals).toEqual([failed, cancelled, live, 0, 0, ALL - failed - cancelled - live, 0]);
    }
  }
  expect(await walk({ status: 'completed' })).toHaveLength(ALL - failed - cancelled - live);
  expect(await walk({ status: 'failed', workflow_slug: 'one' })).toHaveLength(failed);
  expect(await walk({ status: 'failed', workflow_slug: 'two' })).toEqual([]);
  expect((await list({ workflow_slug: 'none' })).total).toBe(0);
});

test('what comes, ends and goes shows at once, although the number of old runs is remembered', async () => {
  expect((await list({ limit: 1 })).total).toBe(ALL);
  await seed(10, 5000);
  expect((await list({ limit: 1 })).total).toBe(ALL + 10);
  const before = (await list({ status: 'completed', limit: 1 })).total;
  await inDatabase(server.databaseUrl, (client) =>
    client.query("update executions set status = 'completed' where status = 'running'"),
  );
  expect((await list({ status: 'completed', limit: 1 })).total).toBe(before + 6);
  const [oldest] = (await list({ limit: 1, offset: ALL + 9 })).items;
  await inDatabase(server.databaseUrl, (client) =>
    client.query('delete from executions where id = $1', [oldest?.execution_id]),
  );
  expect((await list({ limit: 1 })).total).toBe(ALL + 9);
  expect((await list({ limit: 1 }, ada)).total).toBe(ALL + 9);
});

test('somebody else’s runs are not counted', async () => {
  const carol = await server.addUser('carol');
  for (const input of [{}, { status: 'completed' }, { workflow_slug: 'one' }]) {
    expect(await list(input, carol)).toEqual({ items: [], total: 0 });
  }
});
