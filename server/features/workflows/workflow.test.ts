import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';

let server: TestServer;
let ada: Caller;
let bob: Caller;
let eve: Caller;
beforeAll(async () => {
  server = await startTestServer();
  ada = await server.setUp();
  bob = await server.addUser('bob');
  eve = await server.addUser('eve');
});
afterAll(() => server.close());

interface Shown {
  id: number;
  slug: string;
  name: string;
  revision: number;
}
const create = (who: Caller, slug: string, more = {}) =>
  who.ok<Shown>('workflows.create', { name: slug, slug, ...more });
const slugs = async (who: Caller, input = {}) =>
  (await who.ok<{ items: Shown[] }>('workflows.list', input)).items.map((one) => one.slug);

describe('making and changing', () => {
  test('defaults are those of the contract', async () => {
    expect(await create(bob, 'plain')).toMatchObject({
      description: '',
      is_active: true,
      is_public: false,
      is_default: false,
      tags: null,
      error_handler_workflow_id: null,
      max_execution_seconds: 600,
      input_schema: null,
      node_count: 0,
      edge_count: 0,
      trigger_count: 0,
    });
  });

  test('a taken slug gets the first free number, whoever has it', async () => {
    await create(bob, 'twice');
    expect((await create(bob, 'twice')).slug).toBe('twice-1');
    expect((await create(eve, 'twice')).slug).toBe('twice-2');
    expect((await create(bob, 'node-types')).slug).toBe('node-types-1');
  });

  test('twenty at once with one slug all succeed with different ones', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => create(bob, 'crowd')));
    expect(new Set(made.map((one) => one.slug)).size).toBe(20);
    await bob.ok('workflows.batchDelete', { slugs: made.map((one) => one.slug) });
  });

  test('a patch changes what it names and nothing else', async () => {
    const made = await create(bob, 'patched', { tags: ['a'], description: 'before' });
    const changed = await bob.ok('workflows.update', {
      workflow_slug: 'patched',
      tags: null,
      id: 1,
      owner_id: 1,
    });
    expect(changed).toMatchObject({ id: made.id, description: 'before', tags: null });
    expect((await bob.call('workflows.update', { workflow_slug: 'patched', name: null })).status).toBe(422);
    expect(
      (await bob.call('workflows.update', { workflow_slug: 'patched', max_execution_seconds: 0 })).status,
    ).toBe(422);
    expect((await bob.call('workflows.update', { workflow_slug: 'patched', slug: 'plain' })).status).toBe(
      409,
    );
    expect(await bob.ok('workflows.update', { workflow_slug: 'patched', slug: 'moved' })).toMatchObject({
      slug: 'moved',
    });
    expect((await bob.call('workflows.get', { workflow_slug: 'patched' })).status).toBe(404);
  });

  test('search, tag and order', async () => {
    await create(eve, 'zebra', { tags: ['animal', 'x'], description: '100% wild' });
    await create(eve, 'ant', { tags: ['animal'] });
    expect(await slugs(eve, { tag: 'animal', sort: 'name' })).toEqual(['ant', 'zebra']);
    expect(await slugs(eve, { q: '100%' })).toEqual(['zebra']);
    expect(await slugs(eve, { q: '%' })).toEqual(['zebra']);
    expect(await slugs(eve, { q: 'ZEB' })).toEqual(['zebra']);
    expect(await slugs(eve, { q: '', sort: '-created_at' })).toEqual(['ant', 'zebra', 'twice-2']);
    expect(await eve.ok('workflows.list', { limit: 1, offset: 1 })).toMatchObject({
      total: 3,
      items: [{ slug: 'zebra' }],
    });
  });
});

describe('copies', () => {
  test('export and import give the same graph under a new name and address', async () => {
    const document = await ada.ok<{ nodes: unknown[]; edges: unknown[] }>('workflows.export', {
      workflow_slug: 'order-triage',
    });
    const copy = await bob.ok<Shown>('workflows.import', { document, name: 'From Ada!' });
    expect(copy).toMatchObject({ slug: 'from-ada', node_count: 8, edge_count: 8 });
    const again = await bob.ok<{ nodes: unknown[]; edges: unknown[] }>('workflows.export', {
      workflow_slug: copy.slug,
    });
    expect(again.nodes).toEqual(document.nodes);
    expect(again.edges).toEqual(document.edges);
    const hooks = async (who: Caller, workflow_slug: string) =>
      (await who.ok<{ webhooks: Record<string, string> }>('workflows.graph', { workflow_slug })).webhooks[
        'order_in'
      ];
    expect(await hooks(bob, copy.slug)).not.toBe(await hooks(ada, 'order-triage'));
  });

  test('a document that is no good is refused whole', async () => {
    const document = await ada.ok<{ nodes: { type: string }[] }>('workflows.export', {
      workflow_slug: 'order-triage',
    });
    const before = await slugs(bob);
    const strange = { ...document, nodes: document.nodes.map((node) => ({ ...node, type: 'run_command' })) };
    for (const bad of [{ ...document, version: 2 }, strange, { ...document, edges: [{ id: 1 }] }, null]) {
      expect((await bob.call('workflows.import', { document: bad })).status).toBe(422);
    }
    expect(await slugs(bob)).toEqual(before);
  });

  test('a duplicate has the graph but not the address', async () => {
    const copy = await ada.ok<Shown>('workflows.duplicate', { workflow_slug: 'order-triage' });
    expect(copy).toMatchObject({ slug: 'order-triage-copy', name: 'Order triage (copy)', node_count: 8 });
  });
});

test('deleting takes runs with it and leaves nothing behind', async () => {
  await ada.ok('workflows.execute', { workflow_slug: 'order-triage-copy' });
  await ada.ok('workflows.remove', { workflow_slug: 'order-triage-copy' });
  expect((await ada.call('workflows.get', { workflow_slug: 'order-triage-copy' })).status).toBe(404);
  expect((await ada.call('workflows.remove', { workflow_slug: 'order-triage-copy' })).status).toBe(404);
  const { rows } = await server.connection.pool.query(
    'select (select count(*) from steps)::int + (select count(*) from event_chunks)::int + (select count(*) from executions)::int as left',
  );
  expect(rows[0].left).toBe(0);
});

describe("other people's workflows", () => {
  const bare = { detail: 'Workflow not found.', code: 'not_found' };
  const calls: [string, Record<string, unknown>][] = [
    ['workflows.get', {}],
    ['workflows.update', { name: 'mine' }],
    ['workflows.remove', {}],
    ['workflows.duplicate', {}],
    ['workflows.validate', {}],
    ['workflows.graph', {}],
    ['workflows.changeGraph', { base_revision: 0, commands: [{ kind: 'remove_node', id: 'start' }] }],
    ['workflows.export', {}],
    ['nodes.list', {}],
    ['nodes.create', { component_type: 'set' }],
    ['nodes.update', { node: 'start', label: 'x' }],
    ['nodes.remove', { node: 'start' }],
    ['edges.list', {}],
    ['edges.create', { source_node_id: 'a', target_node_id: 'b' }],
    ['edges.update', { edge_id: 1, priority: 1 }],
    ['edges.remove', { edge_id: 1 }],
  ];
  test.each(calls)('%s cannot tell theirs from none', async (name, input) => {
    for (const workflow_slug of ['order-triage', 'no-such-workflow']) {
      expect(await bob.call(name, { workflow_slug, ...input })).toMatchObject({ status: 404, body: bare });
    }
  });

  test('a run cannot be started, a list does not show them, a batch does not delete them', async () => {
    const refused = await bob.call('workflows.execute', { workflow_slug: 'order-triage' });
    expect(refused).toMatchObject({ status: 404, body: { detail: 'Workflow not found' } });
    expect(await slugs(bob)).not.toContain('order-triage');
    await bob.ok('workflows.batchDelete', { slugs: ['order-triage', 'moved', 'no-such'] });
    await ada.ok('workflows.get', { workflow_slug: 'order-triage' });
    expect(await slugs(bob)).not.toContain('moved');
  });

  test('they cannot be named as error handler', async () => {
    const { id } = await ada.ok<Shown>('workflows.get', { workflow_slug: 'order-triage' });
    const answer = await bob.call('workflows.update', {
      workflow_slug: 'plain',
      error_handler_workflow_id: id,
    });
    expect(answer.status).toBe(422);
  });

  test('an administrator sees them all', async () => {
    expect(await slugs(ada)).toContain('plain');
  });
});

test('every node type is described', async () => {
  const types =
    await bob.ok<Record<string, { executable: boolean; outputs: { name: string }[] }>>('workflows.nodeTypes');
  expect(Object.keys(types)).toContain('http_request');
  expect(types['trigger_webhook']).toMatchObject({ executable: false });
  expect(types['switch']?.outputs.length).toBeGreaterThan(0);
});
