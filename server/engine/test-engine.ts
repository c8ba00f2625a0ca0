import pg from 'pg';
import type { Graph } from '#domain/graph/graph.ts';
import { refusingCapabilities } from '#domain/node/refusing-capabilities.ts';
import { connect } from '#server/db/connection.ts';
import { createEngine, type Engine, type EngineOptions, type StartRequest } from './engine.ts';
import { definitionOf, executors } from './test-nodes.ts';

/** An engine over the test nodes, and what a test needs around it. */
export interface TestEngine {
  readonly engine: Engine;
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

export async function startTestEngine(url: string, config: EngineOptions['config']): Promise<TestEngine> {
  const { db, pool, close } = connect(url, 5);
  const engine = await createEngine({
    db,
    pool,
    url,
    config,
    executors,
    definitionOf,
    render: (one) => ({ ...one }),
    capabilities: () => refusingCapabilities({}),
    log: () => undefined,
  });
  return {
    engine,
    pool,
    close: async () => {
      await engine.stop({ graceMs: 200 });
      await close();
    },
  };
}

/** Stores a graph as a workflow with one version. @returns the request that starts it. */
export async function storeWorkflow(pool: pg.Pool, graph: Graph): Promise<StartRequest> {
  const { rows } = await pool.query<{ workflow: number; version: number; environment: number }>(
    `with u as (insert into users (username, role) values ('u' || gen_random_uuid(), 'normal') returning id),
     w as (insert into workspaces (name) values ('w') returning id),
     e as (insert into environments (workspace_id, name) select id, 'e' from w returning id),
     f as (insert into workflows (environment_id, owner_id, name, slug)
       select e.id, u.id, 'test', gen_random_uuid()::text from e, u returning id),
     v as (insert into workflow_versions (workflow_id, n, revision, graph, checksum)
       select f.id, 1, 1, $1::json, '' from f returning id)
     select f.id as workflow, v.id as version, e.id as environment from f, v, e`,
    [JSON.stringify(graph)],
  );
  const [row] = rows;
  if (!row) throw new Error('The workflow was not stored.');
  return {
    environmentId: row.environment,
    workflowId: row.workflow,
    versionId: row.version,
    graph,
    triggerNode: 't',
    triggerKind: 'manual',
    payload: { hello: 'world' },
    startedBy: null,
    idempotencyKey: null,
    deadlineSeconds: 600,
  };
}

/** Asks until `check` gives something, at most `ms`. */
export async function until<T>(ms: number, check: () => Promise<T | null | false | undefined>): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (Date.now() > end) throw new Error(`Nothing happened within ${ms} ms.`);
    await new Promise((resolve) => {
      setTimeout(resolve, 25);
    });
  }
}

/** Waits for a run's end and gives its row. */
export function ended(pool: pg.Pool, executionId: string, ms = 10_000): Promise<Record<string, unknown>> {
  return until(ms, async () => {
    const { rows } = await pool.query<Record<string, unknown>>(
      "select * from executions where id = $1 and status in ('completed', 'failed', 'cancelled')",
      [executionId],
    );
    return rows[0];
  });
}
