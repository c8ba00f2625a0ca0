import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { type Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';

let server: TestServer;
let bob: Caller;
beforeAll(async () => {
  server = await startTestServer();
  await server.setUp();
  bob = await server.addUser('bob');
});
afterAll(() => server.close());

const node = (id: string, type: string, config = {}) => ({
  kind: 'add_node',
  node: { id, type, label: null, x: 0, y: 0, config, settings: DEFAULT_SETTINGS },
});
const edge = (source: string, target: string, targetPort: string) => ({
  kind: 'add_edge',
  edge: { id: 1, source, sourcePort: 'payload', target, targetPort, priority: 0 },
});

/** A workflow with two triggers; the second one is a webhook that starts nothing further. */
async function draw(slug: string, second: object, port = 'input'): Promise<string> {
  await bob.ok('workflows.create', { name: slug, slug });
  const { webhooks } = await bob.ok<{ webhooks: Record<string, string> }>('workflows.changeGraph', {
    workflow_slug: slug,
    base_revision: 0,
    commands: [
      node('start', 'trigger_manual'),
      node('hook', 'trigger_webhook'),
      second,
      edge('start', 'second', port),
    ],
  });
  return webhooks.hook ?? '';
}

async function left(workflowIds: readonly number[]): Promise<Record<string, number>> {
  const { rows } = await server.connection.pool.query(
    `select (select count(*)::int from executions where workflow_id = any($1::int[])) as runs,
      (select count(*)::int from steps where execution_id not in (select id from executions)) as steps,
      (select count(*)::int from event_chunks where execution_id not in (select id from executions)) as chunks,
      (select count(*)::int from signals where execution_id not in (select id from executions)) as signals,
      (select count(*)::int from awaited_calls where execution_id not in (select id from executions)) as calls,
      (select count(*)::int from executions where parent_id is not null and parent_id not in (select id from executions)
        and status in ('queued', 'running', 'waiting')) as orphans`,
    [workflowIds],
  );
  return rows[0];
}

const NOTHING = { runs: 0, steps: 0, chunks: 0, signals: 0, calls: 0, orphans: 0 };

test('deleting a workflow stops its live runs and their children, and leaves nothing', async () => {
  await draw('inner', node('second', 'wait', { duration: 3600, unit: 'seconds' }));
  await draw('outer', node('second', 'workflow', { target_workflow: 'inner' }), 'payload');
  const outer = await bob.ok<{ id: number }>('workflows.get', { workflow_slug: 'outer' });
  await bob.ok('workflows.execute', { workflow_slug: 'outer' });
  const child = await until(async () => {
    const { items } = await bob.ok<{ items: { execution_id: string }[] }>('executions.list', {
      workflow_slug: 'inner',
      status: 'running',
    });
    return items[0];
  });
  await bob.ok('workflows.remove', { workflow_slug: 'outer' });
  expect((await bob.call('workflows.get', { workflow_slug: 'outer' })).status).toBe(404);
  await until(async () => {
    const { status } = await bob.ok<{ status: string }>('executions.status', {
      execution_id: child.execution_id,
    });
    return status === 'cancelled';
  });
  expect(await left([outer.id])).toEqual(NOTHING);
});

test('deleting while it is fired from all sides: every fire is answered, none is left behind', async () => {
  const gone: number[] = [];
  for (let round = 0; round < 12; round += 1) {
    const slug = `race-${round}`;
    const hook = await draw(slug, node('second', 'wait', { duration: 3600, unit: 'seconds' }));
    const { id } = await bob.ok<{ id: number }>('workflows.get', { workflow_slug: slug });
    gone.push(id);
    const fires = Array.from({ length: 20 }, (_, n) =>
      n % 2 === 0
        ? bob.call('workflows.execute', { workflow_slug: slug })
        : server.nobody.send('POST', hook, { n }),
    );
    const [removed, ...answers] = await Promise.all([
      bob.call('workflows.remove', { workflow_slug: slug }),
      ...fires,
    ]);
    expect(removed.status).toBe(204);
    for (const answer of answers)
      expect([answer.body, [200, 202, 404].includes(answer.status)]).toEqual([answer.body, true]);
  }
  // What was driven has been told to stop; its last words are refused.
  expect(await until(async () => ((await left(gone)).steps === 0 ? await left(gone) : null))).toEqual(
    NOTHING,
  );
}, 60_000);
