import pg from 'pg';
import { residentMb } from './instance.ts';
import {
  best,
  bringIn,
  format,
  type Row,
  runSeconds,
  type Stage,
  startMany,
  untilFinished,
} from './measure.ts';
import { chain, loop, waiting } from './workflow-fixture.ts';

/** Milliseconds from the start's row to the first step's, of single runs on a server that has nothing else to do. */
export async function startLatency(stage: Stage, databaseUrl: string, count: number): Promise<Row[]> {
  const slug = await bringIn(stage.client, 'Bench start', chain(2));
  for (let n = 1; n <= count; n += 1) {
    await startMany(stage, slug, 1);
    await untilFinished(stage.client, slug, n);
  }
  return withDatabase(databaseUrl, async (db) => {
    const { rows } = await db.query<{ p50: number; p99: number }>(
      `select percentile_cont(0.5) within group (order by ms)::float8 as p50,
         percentile_cont(0.99) within group (order by ms)::float8 as p99
       from (
         select extract(epoch from min(s.started_at) - e.created_at) * 1000 as ms
         from executions e join workflows w on w.id = e.workflow_id join steps s on s.execution_id = e.id
         where w.slug = $1 group by e.id, e.created_at
       ) as waits`,
      [slug],
    );
    const [row] = rows;
    return [
      {
        what: 'enqueue to start, idle',
        value: `p50 ${format(row?.p50 ?? Number.NaN, 'ms')}, p99 ${format(row?.p99 ?? Number.NaN, 'ms')}`,
      },
    ];
  });
}

/** Seconds of a loop over 10,000 items with one pure node in its body. */
export async function longLoop(stage: Stage): Promise<Row[]> {
  const slug = await bringIn(stage.client, 'Bench loop', loop());
  const items = Array.from({ length: 10_000 }, (_, index) => index);
  const seconds = await best(3, () => runSeconds(stage, slug, { items }));
  return [{ what: 'loop over 10,000 items (best of 3)', value: format(seconds, 's') }];
}

/** What so many waiting runs cost the server. */
export async function waitingRuns(stage: Stage, databaseUrl: string, count: number): Promise<Row[]> {
  const slug = await bringIn(stage.client, 'Bench waiting', waiting());
  await startMany(stage, slug, 200);
  const before = await residentMb(stage.instance.pid);
  await startMany(stage, slug, count);
  return withDatabase(databaseUrl, async (db) => {
    const parked = await untilParked(db, count + 200);
    const after = await residentMb(stage.instance.pid);
    return [{ what: `${parked} waiting runs`, value: `${Math.round(after - before)} MiB more, 0 driven` }];
  });
}

async function untilParked(db: pg.Client, count: number): Promise<number> {
  const deadline = performance.now() + 120_000;
  for (;;) {
    const { rows } = await db.query<{ n: number }>(
      "select count(*)::int as n from executions where status = 'waiting' and owner is null",
    );
    const parked = rows[0]?.n ?? 0;
    if (parked >= count) return parked;
    if (performance.now() > deadline) throw new Error(`Only ${parked} of ${count} runs came to rest.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Ten-node runs per second with few and with many finished runs stored. */
export async function flatCost(
  stage: Stage,
  databaseUrl: string,
  stored: number,
  runs: number,
): Promise<Row[]> {
  // A workflow of its own each time: counting its finished runs is part of what is measured.
  const rate = async (name: string): Promise<number> => {
    const slug = await bringIn(stage.client, name, chain(10));
    await startMany(stage, slug, 200);
    await untilFinished(stage.client, slug, 200);
    const began = performance.now();
    await startMany(stage, slug, runs);
    await untilFinished(stage.client, slug, 200 + runs);
    return (runs * 1000) / (performance.now() - began);
  };
  const few = await rate('Bench few stored');
  await withDatabase(databaseUrl, (db) => multiply(db, stored));
  const many = await rate('Bench many stored');
  return [
    { what: '10-node runs, few stored', value: format(few, 'runs/s') },
    {
      what: `10-node runs, ${stored.toLocaleString('en-US')} stored`,
      value: format(many, 'runs/s'),
      ratio: many / few,
    },
  ];
}

/** Copies one finished run of another workflow, with its steps and events, until so many are stored. */
async function multiply(db: pg.Client, stored: number): Promise<void> {
  const { rows } = await db.query<{ id: string }>(
    `select e.id from executions e join workflows w on w.id = e.workflow_id
     where e.status = 'completed' and w.name = 'Bench start' limit 1`,
  );
  const model = rows[0]?.id;
  await db.query('create temp table copies as select gen_random_uuid() as id from generate_series(1, $1)', [
    stored,
  ]);
  await db.query(
    `insert into executions (id, environment_id, workflow_id, workflow_version_id, trigger_node, trigger_kind, root_id,
       status, trigger, output, created_at, started_at, finished_at, next_seq)
     select c.id, e.environment_id, e.workflow_id, e.workflow_version_id, e.trigger_node, e.trigger_kind, c.id,
       e.status, e.trigger, e.output, e.created_at, e.started_at, e.finished_at, e.next_seq
     from copies c, executions e where e.id = $1`,
    [model],
  );
  await db.query(
    `insert into steps (execution_id, node_id, scope, attempt, n, status, output, started_at, finished_at)
     select c.id, s.node_id, s.scope, s.attempt, s.n, s.status, s.output, s.started_at, s.finished_at
     from copies c, steps s where s.execution_id = $1`,
    [model],
  );
  await db.query(
    `insert into event_chunks (execution_id, first_seq, last_seq, events)
     select c.id, k.first_seq, k.last_seq, k.events from copies c, event_chunks k where k.execution_id = $1`,
    [model],
  );
  await db.query('vacuum analyze');
  await db.query('checkpoint');
}

async function withDatabase<T>(url: string, work: (db: pg.Client) => Promise<T>): Promise<T> {
  const db = new pg.Client({ connectionString: url });
  await db.connect();
  try {
    return await work(db);
  } finally {
    await db.end();
  }
}
