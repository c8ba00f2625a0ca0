import type { ChildProcess } from 'node:child_process';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databaseUrl } from '#server/db/database-url.ts';
import { createTestDatabase, type TestDatabase } from '#server/db/template-database.ts';
import { ended, startTestEngine, storeWorkflow, type TestEngine, until } from './test-engine.ts';
import { chain, graphOf } from './test-nodes.ts';
import { CountingServer, kill, spawnEngine } from './test-process.ts';

let database: TestDatabase;
let pool: pg.Pool;
let server: CountingServer;
const children: ChildProcess[] = [];
const engines: TestEngine[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 4 });
  pool.on('error', () => undefined);
  server = await CountingServer.start();
});
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
  for (const child of children.splice(0)) {
    child.kill('SIGCONT');
    await kill(child);
  }
});
afterAll(async () => {
  await server.close();
  await pool.end();
  await database.drop();
});

async function accepting(): Promise<TestEngine> {
  const engine = await startTestEngine(database.url, { drive: false });
  engines.push(engine);
  return engine;
}
async function driving(): Promise<TestEngine> {
  const engine = await startTestEngine(database.url, { drive: true });
  engines.push(engine);
  return engine;
}
async function child(): Promise<ChildProcess> {
  const one = await spawnEngine(database.url);
  children.push(one);
  return one;
}
const calls = (path: string) => server.calls.filter((call) => call.path === path);
const callGraph = (path: string) =>
  graphOf(
    [
      ['a', 'pass'],
      ['c', 'call', { url: `${server.url}${path}` }],
      ['z', 'pass'],
    ],
    ['t -> a', 'a -> c', 'c -> z'],
  );

describe('several processes', () => {
  it('let a server hand its runs to a worker, and tell it what happens', async () => {
    const front = await accepting();
    await child();
    const result = await front.engine.startAndWait(
      await storeWorkflow(pool, graphOf([['r', 'reply']], ['t -> r'])),
      { timeoutMs: 5000 },
    );
    expect(result).toMatchObject({ status: 'completed', output: { output: { hello: 'world' } } });
    const seen: number[] = [];
    const request = await storeWorkflow(pool, chain(50));
    const stop = front.engine.subscribe((batch) => {
      if (batch.workflowId === request.workflowId) seen.push(...batch.events.map((event) => event.seq));
    });
    const { executionId } = await front.engine.start(request);
    await ended(pool, executionId);
    await until(3000, async () => seen.length === 153);
    stop();
    expect(seen).toEqual(Array.from({ length: 153 }, (_, index) => index + 1));
  });

  it('take over the runs of one that was killed, within five seconds, with the same key', async () => {
    const front = await accepting();
    const victim = await child();
    const { executionId } = await front.engine.start(await storeWorkflow(pool, callGraph('/slow/kill')));
    await until(5000, async () => calls('/slow/kill').length === 1);
    await child();
    await kill(victim);
    const killed = Date.now();
    await until(5000, async () => calls('/slow/kill').length === 2);
    expect(Date.now() - killed).toBeLessThan(5000);
    server.release();
    const row = await ended(pool, executionId);
    expect(row).toMatchObject({ status: 'completed', owner_token: 2 });
    expect(new Set(calls('/slow/kill').map((call) => call.key))).toEqual(new Set([`${executionId}:c:`]));
    const { rows } = await pool.query('select node_id from steps where execution_id = $1 order by n', [
      executionId,
    ]);
    expect(rows.map((step) => step.node_id)).toEqual(['t', 'a', 'c', 'z']);
    const events = await front.engine.readEvents(executionId, 0, 100);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
  });

  it('go on without an owner that stands still, and ignore it when it wakes up', {
    timeout: 60_000,
  }, async () => {
    const front = await accepting();
    const paused = await child();
    const { executionId } = await front.engine.start(await storeWorkflow(pool, callGraph('/slow/pause')));
    await until(5000, async () => calls('/slow/pause').length === 1);
    const owner = await pool.query('select owner, owner_token from executions where id = $1', [executionId]);
    paused.kill('SIGSTOP');
    await child();
    // Its connection is open, but it has not given a sign of life for ten seconds.
    await until(15_000, async () => calls('/slow/pause').length === 2);
    server.release();
    const row = await ended(pool, executionId);
    paused.kill('SIGCONT');
    // The late owner has noticed once it lives on under another id.
    await until(5000, async () => {
      const { rows } = await pool.query("select id from processes where role = 'worker'");
      return rows.length === 2 && !rows.some((one) => one.id === owner.rows[0].owner);
    });
    const later = await pool.query('select * from executions where id = $1', [executionId]);
    expect(later.rows[0]).toEqual(row);
    expect(row).toMatchObject({ status: 'completed', owner_token: owner.rows[0].owner_token + 1 });
    const events = await front.engine.readEvents(executionId, 0, 100);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.filter((event) => event.type === 'execution_completed')).toHaveLength(1);
  });

  it('cancel a run that another one drives within a second', async () => {
    const front = await accepting();
    await child();
    const { executionId } = await front.engine.start(
      await storeWorkflow(pool, graphOf([['h', 'hang']], ['t -> h'])),
    );
    await until(5000, async () => (await front.engine.readEvents(executionId, 0, 10)).length > 3);
    const asked = Date.now();
    await front.engine.cancel(executionId);
    expect(Date.now() - asked).toBeLessThan(1000);
    expect(await ended(pool, executionId)).toMatchObject({ status: 'cancelled', owner: null });
  });

  it('give a run up that has killed three of them', { timeout: 60_000 }, async () => {
    const front = await accepting();
    const { executionId } = await front.engine.start(await storeWorkflow(pool, callGraph('/slow/poison')));
    for (let deaths = 1; deaths <= 3; deaths += 1) {
      const victim = await child();
      await until(8000, async () => calls('/slow/poison').length === deaths);
      await kill(victim);
    }
    await child();
    expect(await ended(pool, executionId)).toMatchObject({
      status: 'failed',
      error: { code: 'worker_lost' },
    });
    expect(calls('/slow/poison')).toHaveLength(3);
  });
});

describe('a process', () => {
  it('keeps its runs when only its connections break', async () => {
    const one = await driving();
    const { executionId } = await one.engine.start(await storeWorkflow(pool, callGraph('/slow/break')));
    await until(5000, async () => calls('/slow/break').length === 1);
    for (let round = 0; round < 3; round += 1) {
      await pool
        .query(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
        )
        .catch(() => undefined);
      await until(5000, async () => {
        const { rows } = await pool
          .query(
            'select 1 from pg_locks l join processes p on p.lock_key = l.objid::bigint where l.locktype = $1',
            ['advisory'],
          )
          .catch(() => ({ rows: [] }));
        return rows.length > 0;
      });
    }
    server.release();
    expect(await ended(pool, executionId)).toMatchObject({ status: 'completed', losses: 0 });
    expect(calls('/slow/break')).toHaveLength(1);
  });

  it('waits out a database that refuses it, and loses nothing', async () => {
    const one = await driving();
    const request = await storeWorkflow(pool, callGraph('/slow/outage'));
    const { executionId } = await one.engine.start(request);
    await until(5000, async () => calls('/slow/outage').length === 1);
    const name = (await pool.query('select current_database() as name')).rows[0].name;
    const admin = new pg.Client({ connectionString: databaseUrl(database.url, 'postgres') });
    await admin.connect();
    await admin.query(`alter database ${name} allow_connections false`);
    await admin.query('select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1', [
      name,
    ]);
    server.release();
    const refused = await one.engine.start(request).catch((error: unknown) => error);
    await admin.query(`alter database ${name} allow_connections true`);
    await admin.end();
    expect(refused).toMatchObject({ code: 'unavailable' });
    expect(await ended(pool, executionId)).toMatchObject({ status: 'completed' });
    expect(calls('/slow/outage')).toHaveLength(1);
    expect(
      (await one.engine.startAndWait({ ...request, graph: chain(1) }, { timeoutMs: 1000 })).executionId,
    ).toBeTruthy();
  });

  it('hands its runs over when it stops', async () => {
    const first = await startTestEngine(database.url, { drive: true });
    const { executionId } = await first.engine.start(await storeWorkflow(pool, callGraph('/slow/stop')));
    await until(5000, async () => calls('/slow/stop').length === 1);
    await first.close();
    const left = await pool.query('select status, owner, losses from executions where id = $1', [
      executionId,
    ]);
    expect(left.rows[0]).toEqual({ status: 'running', owner: null, losses: 0 });
    await driving();
    await until(5000, async () => calls('/slow/stop').length === 2);
    server.release();
    expect(await ended(pool, executionId)).toMatchObject({ status: 'completed' });
  });

  it('gives up what a process had in hand that died longer ago than the settings allow', async () => {
    const path = '/slow/abandoned';
    const first = await child();
    const one = await accepting();
    const { executionId } = await one.engine.start(await storeWorkflow(pool, callGraph(path)));
    await until(5000, async () => calls(path).length === 1);
    const { rows } = await pool.query('select owner from executions where id = $1', [executionId]);
    await pool.query("insert into settings values ('zombie_execution_threshold_seconds', '60')");
    await pool.query("update processes set seen_at = now() - interval '1 hour' where id = $1", [
      rows[0].owner,
    ]);
    await kill(first);
    await driving();
    expect(await ended(pool, executionId)).toMatchObject({ status: 'failed' });
    const run = await pool.query('select error from executions where id = $1', [executionId]);
    expect(run.rows[0].error).toMatchObject({ code: 'abandoned' });
    expect(calls(path)).toHaveLength(1);
    await pool.query('delete from settings');
  });
});
