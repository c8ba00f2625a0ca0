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
  await bob.ok('nodes.create', { workflow_slug: slug, component_type: 'trigger_manual', node_id: 't' });
  await bob.ok('nodes.create', { workflow_slug: slug, component_type: 'set', node_id: 'a' });
  await bob.ok('edges.create', { workflow_slug: slug, source_node_id: 't', target_node_id: 'a' });
});
afterAll(() => server.close());

interface Version {
  readonly n: number;
  readonly revision: number;
  readonly is_current: boolean;
  readonly node_count: number;
}
const publish = () => bob.ok<Version>('versions.publish', { workflow_slug: slug });
const list = (more = {}) =>
  bob.ok<{ items: Version[]; total: number }>('versions.list', { workflow_slug: slug, ...more });
const graph = async () => {
  const { nodes, edges } = await bob.ok<{ nodes: unknown; edges: unknown }>('workflows.graph', {
    workflow_slug: slug,
  });
  return { nodes, edges };
};
const bare = async (n: number) => {
  const { nodes, edges } = await bob.ok<{ nodes: unknown; edges: unknown }>('versions.get', {
    workflow_slug: slug,
    n,
  });
  return { nodes, edges };
};

describe('versions', () => {
  test('are kept by publishing, once for every state', async () => {
    expect(await list()).toEqual({ items: [], total: 0 });
    const first = await publish();
    expect(first).toMatchObject({ n: 1, revision: 3, is_current: true, node_count: 2, edge_count: 1 });
    expect(await publish()).toEqual(first);
    await bob.ok('nodes.update', { workflow_slug: slug, node: 'a', label: 'A' });
    expect(await publish()).toMatchObject({ n: 2, revision: 4 });
    const { items, total } = await list();
    expect([total, items.map(({ n, is_current }) => [n, is_current])]).toEqual([
      2,
      [
        [2, true],
        [1, false],
      ],
    ]);
    expect((await list({ limit: 1, offset: 1 })).items.map(({ n }) => n)).toEqual([1]);
    expect(await list({ limit: 0 })).toEqual({ items: [], total: 2 });
  });

  test('bring back nodes, edges, places and settings as they were', async () => {
    const before = await graph();
    await publish();
    expect(await bare(1)).toEqual(before);
    await bob.ok('nodes.update', { workflow_slug: slug, node: 'a', label: 'Other', position_x: 900 });
    await bob.ok('nodes.create', { workflow_slug: slug, component_type: 'set', node_id: 'b' });
    await bob.ok('edges.create', { workflow_slug: slug, source_node_id: 'a', target_node_id: 'b' });
    await bob.ok('nodes.remove', { workflow_slug: slug, node: 't' });
    await publish();
    const restored = await bob.ok<{ revision: number }>('versions.restore', { workflow_slug: slug, n: 1 });
    expect(restored).toMatchObject({ slug, node_count: 2, edge_count: 1, trigger_count: 1 });
    const after = await graph();
    expect(after.edges).toEqual(before.edges);
    expect(new Set(after.nodes as object[])).toEqual(new Set(before.nodes as object[]));
    // Once more changes nothing, and what was before is a version still.
    const again = await bob.ok<{ revision: number }>('versions.restore', { workflow_slug: slug, n: 1 });
    expect(again.revision).toBe(restored.revision);
    await bob.ok('versions.restore', { workflow_slug: slug, n: 2 });
    expect(JSON.stringify(await graph())).toContain('Other');
  });

  test('a node whose type has changed is put back with its edges', async () => {
    await publish();
    const before = await graph();
    await bob.ok('nodes.update', { workflow_slug: slug, node: 'a', component_type: 'merge' });
    await bob.ok('versions.restore', { workflow_slug: slug, n: 1 });
    const after = await graph();
    expect(after.edges).toEqual(before.edges);
    expect(new Set(after.nodes as object[])).toEqual(new Set(before.nodes as object[]));
  });

  test('are as private as their workflow', async () => {
    await publish();
    for (const name of ['versions.list', 'versions.publish', 'versions.get', 'versions.restore']) {
      const answer = await eve.call(name, { workflow_slug: slug, n: 1 });
      expect(answer).toMatchObject({ status: 404, body: { detail: 'Workflow not found.' } });
    }
    for (const name of ['versions.get', 'versions.restore']) {
      const answer = await bob.call(name, { workflow_slug: slug, n: 7 });
      expect(answer).toMatchObject({ status: 404, body: { detail: 'Version not found.' } });
      expect((await bob.call(name, { workflow_slug: slug, n: 'x' })).status).toBe(422);
    }
  });
});
