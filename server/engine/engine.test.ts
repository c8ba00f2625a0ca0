import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvents } from '#domain/run/event.ts';
import { createTestDatabase, type TestDatabase } from '#server/db/template-database.ts';
import { ended, startTestEngine, storeWorkflow, type TestEngine, until } from './test-engine.ts';
import { chain, graphOf } from './test-nodes.ts';

let database: TestDatabase;
let main: TestEngine;

beforeAll(async () => {
  database = await createTestDatabase();
  main = await startTestEngine(database.url, { drive: true, concurrency: 20 });
});
afterAll(async () => {
  await main.close();
  await database.drop();
});

async function run(graph: Parameters<typeof storeWorkflow>[1], change: object = {}) {
  const request = { ...(await storeWorkflow(main.pool, graph)), ...change };
  const { executionId } = await main.engine.start(request);
  return { executionId, row: await ended(main.pool, executionId) };
}

async function stepsOf(executionId: string) {
  const { rows } = await main.pool.query<{ node_id: string; attempt: number; status: string }>(
    'select node_id, attempt, status from steps where execution_id = $1 order by n',
    [executionId],
  );
  return rows.map((row) => `${row.node_id}:${row.attempt}:${row.status}`);
}

describe('a run', () => {
  it('goes from trigger to end and leaves its steps, events and output', async () => {
    const { executionId, row } = await run(chain(3));
    expect(row).toMatchObject({
      status: 'completed',
      output: { node_outputs: { n3: { out: { hello: 'world' } } } },
      owner: null,
    });
    expect(await stepsOf(executionId)).toEqual([
      't:1:success',
      'n1:1:success',
      'n2:1:success',
      'n3:1:success',
    ]);
    const events = await main.engine.readEvents(executionId, 0, 1000);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
    expect(events[0]?.type).toBe('execution_started');
    expect(events.at(-1)?.type).toBe('execution_completed');
    expect((await main.engine.readEvents(executionId, 3, 2)).map((event) => event.seq)).toEqual([4, 5]);
  });

  it('skips the branch that was not chosen, with a row and an event', async () => {
    const graph = graphOf(
      [
        ['c', 'choose'],
        ['p', 'pass'],
        ['q', 'pass'],
        ['m', 'collect'],
      ],
      ['t -> c', 'c.yes -> p', 'c.no -> q', 'p -> m', 'q -> m'],
    );
    const { executionId, row } = await run(graph);
    expect(row.output).toEqual({ node_outputs: { m: { out: [{ hello: 'world' }] } } });
    expect(await stepsOf(executionId)).toContain('q:0:skipped');
  });

  it('answers with the reply when somebody waits for it', async () => {
    const request = await storeWorkflow(main.pool, graphOf([['r', 'reply']], ['t -> r']));
    const result = await main.engine.startAndWait(request, { timeoutMs: 5000 });
    expect(result).toMatchObject({
      status: 'completed',
      output: { output: { hello: 'world' } },
      reply: { status: 200 },
    });
    const row = await ended(main.pool, result.executionId);
    expect(row).toMatchObject({ status: 'completed', output: { output: { hello: 'world' } }, owner: null });
    expect(await stepsOf(result.executionId)).toEqual(['t:1:success', 'r:1:success']);
  });

  it('answers waiting callers with what there is when their time is up', async () => {
    const request = await storeWorkflow(main.pool, graphOf([['h', 'hang']], ['t -> h']));
    const result = await main.engine.startAndWait(request, { timeoutMs: 300 });
    expect(result.status).toBe('running');
    await main.engine.cancel(result.executionId);
    expect((await ended(main.pool, result.executionId)).status).toBe('cancelled');
  });

  it('tries a failing step again as often as its policy says', async () => {
    const retry = {
      maxAttempts: 3,
      initialMs: 10,
      factor: 1,
      maxMs: 10,
      jitter: 0,
      retryOn: [],
      noRetryOn: [],
    };
    const { executionId, row } = await run(graphOf([['f', 'fail', { times: 2 }, { retry }]], ['t -> f']));
    expect(row.status).toBe('completed');
    expect(await stepsOf(executionId)).toEqual(['t:1:success', 'f:1:failed', 'f:2:failed', 'f:3:success']);
  });

  it('parks before a retry that is far away and goes on when it is due', async () => {
    const retry = {
      maxAttempts: 2,
      initialMs: 1500,
      factor: 1,
      maxMs: 1500,
      jitter: 0,
      retryOn: [],
      noRetryOn: [],
    };
    const request = await storeWorkflow(
      main.pool,
      graphOf([['f', 'fail', { times: 1 }, { retry }]], ['t -> f']),
    );
    const { executionId } = await main.engine.start(request);
    await until(2000, async () => {
      const { rows } = await main.pool.query(
        "select 1 from executions where id = $1 and status = 'waiting' and owner is null",
        [executionId],
      );
      return rows[0];
    });
    expect((await ended(main.pool, executionId)).status).toBe('completed');
  });

  it('does not try a permanent failure again, and fails with its words', async () => {
    const retry = {
      maxAttempts: 3,
      initialMs: 10,
      factor: 1,
      maxMs: 10,
      jitter: 0,
      retryOn: [],
      noRetryOn: [],
    };
    const graph = graphOf(
      [
        ['f', 'fail', { permanent: true }, { retry }],
        ['after', 'pass'],
      ],
      ['t -> f', 'f -> after'],
    );
    const { executionId, row } = await run(graph);
    expect(row).toMatchObject({
      status: 'failed',
      error: { code: 'broken', node: 'f', message: 'attempt 1 broke' },
    });
    expect(await stepsOf(executionId)).toEqual(['t:1:success', 'f:1:failed']);
  });

  it('routes an error, or goes on with a fallback', async () => {
    const graph = graphOf(
      [
        ['f', 'fail', {}, { onError: 'route' }],
        ['g', 'fail', {}, { onError: 'continue', fallback: 7 }],
        ['a', 'pass'],
        ['b', 'pass'],
        ['c', 'pass'],
      ],
      ['t -> f', 't -> g', 'f.error -> a', 'f -> b', 'g -> c'],
    );
    const { executionId, row } = await run(graph);
    expect(row.output).toEqual({
      node_outputs: { a: { out: { message: 'attempt 1 broke', code: 'broken', node: 'f' } }, c: { out: 7 } },
    });
    expect(await stepsOf(executionId)).toContain('b:0:skipped');
  });

  it('names the field of a wrong config', async () => {
    const { row } = await run(graphOf([['s', 'strict', { count: 'many' }]], ['t -> s']));
    expect(row.error).toMatchObject({ code: 'config_invalid', node: 's' });
    expect((row.error as { message: string }).message).toContain('count');
  });

  it('refuses to run what cannot be run, and says where', async () => {
    const { row } = await run(graphOf([['x', 'unheard_of']], ['t -> x']));
    expect(row).toMatchObject({ status: 'failed', error: { code: 'invalid_workflow' } });
  });

  it('refuses an output above 10 MiB and takes one just below', async () => {
    const graph = (bytes: number) => graphOf([['l', 'large', { bytes }]], ['t -> l']);
    expect((await run(graph(11 * 1024 * 1024))).row.error).toMatchObject({
      code: 'output_too_large',
      node: 'l',
    });
    expect((await run(graph(4 * 1024 * 1024))).row.status).toBe('completed');
  });

  it('fails alone when the database refuses its history', async () => {
    await main.pool.query(`
      create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no' using errcode = '22000'; end $$;
      create trigger refuse before insert on steps for each row when (new.node_id = 'refused') execute function refuse()`);
    const bad = await storeWorkflow(main.pool, graphOf([['refused', 'pass']], ['t -> refused']));
    const good = await storeWorkflow(main.pool, chain(2));
    const started = await Promise.all([bad, good, bad, good].map((request) => main.engine.start(request)));
    const rows = await Promise.all(started.map(({ executionId }) => ended(main.pool, executionId)));
    expect(rows.map((row) => row.status)).toEqual(['failed', 'completed', 'failed', 'completed']);
    expect(rows[0]?.error).toMatchObject({ code: 'not_recordable' });
    const events = await main.engine.readEvents(started[0]?.executionId ?? '', 0, 100);
    expect(events.map((event) => [event.seq, event.type])).toEqual([
      [1, 'execution_started'],
      [2, 'execution_failed'],
    ]);
  });

  it('keeps NUL and lone surrogates as they came', async () => {
    const payload = { text: 'a\u0000b \ud800 \u0001\u0002' };
    const { row } = await run(chain(1), { payload });
    expect(row.output).toEqual({ node_outputs: { n1: { out: payload } } });
  });

  it('ends a step that takes too long', async () => {
    const { row } = await run(graphOf([['h', 'hang', {}, { timeoutMs: 100 }]], ['t -> h']));
    expect(row).toMatchObject({ status: 'failed', error: { code: 'timeout', node: 'h' } });
  });

  it('ends at its deadline', async () => {
    const { row } = await run(graphOf([['h', 'hang']], ['t -> h']), { deadlineSeconds: 1 });
    expect(row).toMatchObject({
      status: 'failed',
      error: { code: 'timeout', message: 'Execution timed out after 1 seconds' },
    });
  });

  it('starts once for one idempotency key, and refuses the key for another payload', async () => {
    const request = { ...(await storeWorkflow(main.pool, chain(1))), idempotencyKey: 'once\u0001' };
    const starts = await Promise.all(Array.from({ length: 10 }, () => main.engine.start(request)));
    expect(new Set(starts.map((one) => one.executionId)).size).toBe(1);
    const waited = await main.engine.startAndWait(request, { timeoutMs: 5000 });
    expect(waited).toMatchObject({ executionId: starts[0]?.executionId, status: 'completed' });
    await expect(main.engine.start({ ...request, payload: 'other' })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('is announced in order and without gaps to whoever listens', async () => {
    const seen: RunEvents[] = [];
    const stop = main.engine.subscribe((batch) => seen.push(batch));
    const { executionId } = await run(chain(200));
    stop();
    const events = seen.filter((batch) => batch.executionId === executionId).flatMap((batch) => batch.events);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
    expect(events.at(-1)?.type).toBe('execution_completed');
  });
});

describe('waiting', () => {
  it('parks the run without an owner and resumes it when it is due', async () => {
    const request = await storeWorkflow(
      main.pool,
      graphOf(
        [
          ['p', 'pause', { ms: 1500 }],
          ['a', 'pass'],
        ],
        ['t -> p', 'p -> a'],
      ),
    );
    const begun = Date.now();
    const { executionId } = await main.engine.start(request);
    await until(2000, async () => {
      const { rows } = await main.pool.query(
        "select 1 from executions where id = $1 and status = 'waiting' and owner is null",
        [executionId],
      );
      return rows[0];
    });
    const row = await ended(main.pool, executionId);
    expect(row).toMatchObject({
      status: 'completed',
      output: { node_outputs: { a: { out: { hello: 'world' } } } },
    });
    expect(Date.now() - begun).toBeGreaterThanOrEqual(1500);
    expect(await stepsOf(executionId)).toEqual(['t:1:success', 'p:1:success', 'a:1:success']);
    const events = await main.engine.readEvents(executionId, 0, 100);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
  });

  it('lets other branches go on', async () => {
    const graph = graphOf(
      [
        ['p', 'pause', { ms: 300 }],
        ['a', 'pass'],
        ['b', 'pass'],
      ],
      ['t -> p', 'p -> a', 't -> b'],
    );
    const { executionId } = await run(graph);
    const steps = await stepsOf(executionId);
    expect(steps.indexOf('b:1:success')).toBeLessThan(steps.indexOf('a:1:success'));
  });

  it('is cancelled at once, and leaves no alarm behind', async () => {
    const request = await storeWorkflow(main.pool, graphOf([['p', 'pause', { ms: 3_600_000 }]], ['t -> p']));
    const { executionId } = await main.engine.start(request);
    await until(2000, async () => {
      const { rows } = await main.pool.query(
        "select 1 from executions where id = $1 and owner is null and status = 'waiting'",
        [executionId],
      );
      return rows[0];
    });
    const asked = Date.now();
    await main.engine.cancel(executionId);
    expect(Date.now() - asked).toBeLessThan(1000);
    expect((await ended(main.pool, executionId)).status).toBe('cancelled');
    const jobs = await main.pool.query(
      "select 1 from graphile_worker._private_jobs where key = 'run:' || $1",
      [executionId],
    );
    expect(jobs.rowCount).toBe(0);
    await main.engine.cancel(executionId);
    expect(
      (await main.engine.readEvents(executionId, 0, 100)).filter(
        (event) => event.type === 'execution_cancelled',
      ),
    ).toHaveLength(1);
  });
});
