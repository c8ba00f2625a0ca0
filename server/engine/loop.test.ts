import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect } from '#server/db/connection.ts';
import { createTestDatabase, type TestDatabase } from '#server/db/template-database.ts';
import { sendSignal } from './signal.ts';
import { ended, startTestEngine, storeWorkflow, type TestEngine, until } from './test-engine.ts';
import { graphOf } from './test-nodes.ts';

let database: TestDatabase;
let one: TestEngine;
let db: ReturnType<typeof connect>;

beforeAll(async () => {
  database = await createTestDatabase();
  one = await startTestEngine(database.url, { drive: true });
  db = connect(database.url, 2);
});
afterAll(async () => {
  await one.close();
  await db.close();
  await database.drop();
});

const looped = (config: Record<string, unknown> = {}) =>
  graphOf(
    [
      ['L', 'loop', config],
      ['b', 'pass'],
      ['z', 'pass'],
    ],
    ['t -> L', 'L.each -> b', 'b -> L.back', 'L.results -> z'],
  );

const rowsOf = async (id: string, node: string) =>
  (
    await one.pool.query('select * from steps where execution_id = $1 and node_id = $2 order by n', [
      id,
      node,
    ])
  ).rows;

it('records every repetition once, and the loop when it is done', async () => {
  const request = await storeWorkflow(one.pool, looped({ parallelism: 7 }));
  const items = Array.from({ length: 100 }, (_, index) => index);
  const { executionId } = await one.engine.start({ ...request, payload: items });
  const row = await ended(one.pool, executionId);
  expect(row).toMatchObject({ status: 'completed', output: { node_outputs: { z: { out: items } } } });
  const body = await rowsOf(executionId, 'b');
  expect(new Set(body.map((step) => step.scope))).toEqual(new Set(items.map((index) => `/L:${index}`)));
  expect(body.every((step) => step.status === 'success')).toBe(true);
  const [loop] = await rowsOf(executionId, 'L');
  expect(loop).toMatchObject({ status: 'success', output: { results: items } });
  expect(loop?.end_n).toBeGreaterThan(loop?.n);
  const events = await one.engine.readEvents(executionId, 0, 10_000);
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
});

it('goes on in the middle of a loop after the process handed it back', async () => {
  const graph = graphOf(
    [
      ['L', 'loop', { parallelism: 3 }],
      ['b', 'pause', { ms: 400 }],
      ['z', 'pass'],
    ],
    ['t -> L', 'L.each -> b', 'b -> L.back', 'L.results -> z'],
  );
  const first = await startTestEngine(database.url, { drive: true });
  const request = await storeWorkflow(one.pool, graph);
  const items = [1, 2, 3, 4, 5, 6, 7];
  const { executionId } = await first.engine.start({ ...request, payload: items });
  await until(5000, async () => (await rowsOf(executionId, 'b')).some((step) => step.status === 'success'));
  await first.close();
  const row = await ended(one.pool, executionId, 20_000);
  expect(row).toMatchObject({ status: 'completed', output: { node_outputs: { z: { out: items } } } });
  expect(await rowsOf(executionId, 'b')).toHaveLength(7);
});

const asking = (config: Record<string, unknown>) =>
  graphOf(
    [
      ['a', 'ask', config],
      ['side', 'pass'],
      ['z', 'pass'],
    ],
    ['t -> a', 't -> side', 'a -> z'],
  );

it('parks a run that waits for signals, and goes on when all have come', async () => {
  const request = await storeWorkflow(one.pool, asking({ sources: ['x', 'y'] }));
  const { executionId } = await one.engine.start(request);
  const parked = await until(5000, async () => {
    const { rows } = await one.pool.query("select * from executions where id = $1 and status = 'waiting'", [
      executionId,
    ]);
    return rows[0];
  });
  expect(parked).toMatchObject({ owner: null, interrupted: true, wake_at: null });
  const signal = { executionId, node: 'a', scope: '' };
  expect(await sendSignal(db.db, { ...signal, source: 'x', value: 1 })).toBe(true);
  expect(await sendSignal(db.db, { ...signal, source: 'x', value: 2 })).toBe(false);
  await sendSignal(db.db, { ...signal, source: 'y', value: { b: 2 } });
  const row = await ended(one.pool, executionId);
  expect(row).toMatchObject({
    status: 'completed',
    interrupted: false,
    output: { node_outputs: { side: {}, z: { out: { x: 1, y: { b: 2 }, kept: 'k' } } } },
  });
  const steps = await rowsOf(executionId, 'a');
  expect(steps).toHaveLength(1);
  expect(steps[0]).toMatchObject({ status: 'success', attempt: 1 });
});

it('hears a signal that comes before the step is suspended', async () => {
  const graph = graphOf(
    [
      ['p', 'pause', { ms: 300 }],
      ['a', 'ask', { sources: ['x'] }],
    ],
    ['t -> p', 'p -> a'],
  );
  const request = await storeWorkflow(one.pool, graph);
  const { executionId } = await one.engine.start(request);
  await sendSignal(db.db, { executionId, node: 'a', scope: '', source: 'x', value: 'early' });
  const row = await ended(one.pool, executionId);
  expect(row).toMatchObject({ output: { node_outputs: { a: { out: { x: 'early', kept: 'k' } } } } });
});

it('goes on when the time for a signal is up, driven or parked', async () => {
  for (const ms of [50, 1500]) {
    const request = await storeWorkflow(one.pool, asking({ sources: ['x'], ms }));
    const { executionId } = await one.engine.start(request);
    const row = await ended(one.pool, executionId);
    expect(row).toMatchObject({ status: 'completed', output: { node_outputs: { z: { out: 'late' } } } });
  }
});

it('drives no more runs of a workflow at once than it may', async () => {
  const graph = graphOf(
    [
      ['h', 'pause', { ms: 120 }],
      ['y', 'pass'],
    ],
    ['t -> h', 'h -> y'],
  );
  const request = await storeWorkflow(one.pool, graph);
  await one.pool.query('update workflows set max_concurrent_runs = 2 where id = $1', [request.workflowId]);
  const other = await startTestEngine(database.url, { drive: true });
  // Both processes must have heard of the limit.
  for (const { engine } of [one, other]) {
    await until(5000, async () => {
      const { executionId } = await engine.start(request);
      const slots = await one.pool.query('select from run_slots where execution_id = $1', [executionId]);
      const held = await one.pool.query("select from executions where id = $1 and status = 'queued'", [
        executionId,
      ]);
      await ended(one.pool, executionId);
      return slots.rowCount === 1 || held.rowCount === 1;
    });
  }
  const ids: string[] = [];
  for (let index = 0; index < 12; index += 1)
    ids.push((await [one, other][index % 2]?.engine.start(request))?.executionId ?? '');
  let most = 0;
  await until(20_000, async () => {
    const { rows } = await one.pool.query(
      `select count(*) filter (where owner is not null)::int as driven, count(*) filter (where status = 'completed')::int as done
       from executions where id = any($1::uuid[])`,
      [ids],
    );
    most = Math.max(most, rows[0].driven);
    return rows[0].done === ids.length;
  });
  expect(most).toBeLessThanOrEqual(2);
  expect((await one.pool.query('select * from run_slots')).rows).toEqual([]);
  await other.close();
});

it('stops a run that is held for a slot', async () => {
  const request = await storeWorkflow(one.pool, graphOf([['h', 'hang']], ['t -> h']));
  await one.pool.query('update workflows set max_concurrent_runs = 1 where id = $1', [request.workflowId]);
  const ids: string[] = [];
  const held = await until(10_000, async () => {
    ids.push((await one.engine.start(request)).executionId);
    const { rows } = await one.pool.query<{ id: string }>(
      'select id from executions where id = any($1::uuid[]) and held',
      [ids],
    );
    return rows[0];
  });
  await one.engine.cancel(held.id);
  const { rows } = await one.pool.query('select status, held from executions where id = $1', [held.id]);
  expect(rows[0]).toEqual({ status: 'cancelled', held: false });
  for (const id of ids) await one.engine.cancel(id);
  expect((await one.pool.query('select * from run_slots')).rows).toEqual([]);
});

it('signals the waiting step of the parent run, and stops children nobody waits for', async () => {
  const parent = await storeWorkflow(one.pool, asking({ sources: ['run:0'] }));
  const { executionId } = await one.engine.start(parent);
  const link = { executionId, node: 'a', scope: '', source: 'run:0', rootId: executionId, depth: 1 };
  const quick = await storeWorkflow(one.pool, graphOf([['n', 'pass']], ['t -> n']));
  const child = await one.engine.start({ ...quick, parent: link });
  const row = await ended(one.pool, executionId);
  expect(row).toMatchObject({
    status: 'completed',
    output: {
      node_outputs: {
        z: { out: { 'run:0': { execution_id: child.executionId, status: 'completed', error: null } } },
      },
    },
  });
  const second = await one.engine.start(parent);
  const hanging = await storeWorkflow(one.pool, asking({ sources: ['never'] }));
  const orphan = await one.engine.start({
    ...hanging,
    parent: { ...link, executionId: second.executionId, rootId: second.executionId },
  });
  await until(5000, async () => {
    const { rows } = await one.pool.query(
      "select count(*)::int as n from executions where id = any($1::uuid[]) and status = 'waiting'",
      [[second.executionId, orphan.executionId]],
    );
    return rows[0].n === 2;
  });
  await one.engine.cancel(second.executionId);
  expect(await ended(one.pool, orphan.executionId, 5000)).toMatchObject({ status: 'cancelled' });
});

it.each([
  ['only', { only: 'b', inputs: { b: { in: 5 } } }, { b: { out: 5 } }, ['b']],
  ['until', { until: 'a' }, { a: { out: { hello: 'world' } } }, ['t', 'a']],
  ['given', { given: { a: { out: 'old' } } }, { b: { out: 'old' } }, ['t', 'a', 'b']],
] as const)('runs a part of a graph: %s', async (_, options, outputs, nodes) => {
  const graph = graphOf(
    [
      ['a', 'pass'],
      ['b', 'pass'],
    ],
    ['t -> a', 'a -> b'],
  );
  const request = await storeWorkflow(one.pool, graph);
  const { executionId } = await one.engine.start({ ...request, options });
  const row = await ended(one.pool, executionId);
  expect(row).toMatchObject({ status: 'completed', output: { node_outputs: outputs } });
  const { rows } = await one.pool.query('select node_id from steps where execution_id = $1 order by n', [
    executionId,
  ]);
  expect(rows.map((step) => step.node_id)).toEqual(nodes);
});
