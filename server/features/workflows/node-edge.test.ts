import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';

let server: TestServer;
let bob: Caller;
let slug: string;
let count = 0;
beforeAll(async () => {
  server = await startTestServer();
  bob = await server.addUser('bob');
});
beforeEach(async () => {
  count += 1;
  slug = `w${count}`;
  await bob.ok('workflows.create', { name: slug, slug });
});
afterAll(() => server.close());

interface Node {
  id: number;
  node_id: string;
  label: string | null;
  config: Record<string, unknown>;
}
interface Edge {
  id: number;
  source_port: string;
  target_port: string;
  edge_type: string;
  condition_value: string;
}
const addNode = (component_type: string, more = {}) =>
  bob.ok<Node>('nodes.create', { workflow_slug: slug, component_type, ...more });
const patchNode = (node: string, input: object) =>
  bob.ok<Node>('nodes.update', { workflow_slug: slug, node, ...input });
const addEdge = (source_node_id: string, target_node_id: string, more = {}) =>
  bob.call('edges.create', { workflow_slug: slug, source_node_id, target_node_id, ...more });
const edges = () => bob.ok<Edge[]>('edges.list', { workflow_slug: slug });

describe('nodes', () => {
  test('what the palette sends is enough; the id is made', async () => {
    const made = await addNode('code', { position_x: 250, position_y: 150 });
    expect(made.node_id).toMatch(/^code_[0-9a-f]{8}$/);
    expect(made).toMatchObject({
      label: null,
      position_x: 250,
      is_entry_point: false,
      config: {
        system_prompt: '',
        extra_config: {},
        temperature: null,
        is_active: true,
        priority: 0,
        trigger_config: {},
      },
      schedule_job: null,
    });
    expect(await bob.ok('nodes.list', { workflow_slug: slug })).toEqual([made]);
  });

  test('an unknown type is 422, a taken id 409', async () => {
    const unknown = await bob.call('nodes.create', { workflow_slug: slug, component_type: 'teleport' });
    expect(unknown).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'component_type'] }] } });
    await addNode('set', { node_id: 'one' });
    const taken = await bob.call('nodes.create', {
      workflow_slug: slug,
      component_type: 'set',
      node_id: 'one',
    });
    expect(taken).toMatchObject({ status: 409, body: { detail: "Node with id 'one' already exists." } });
  });

  test('config is merged by key, extra_config replaced whole, inapplicable fields dropped', async () => {
    await addNode('trigger_manual', {
      node_id: 't',
      config: { priority: 3, extra_config: { a: 1 }, model_name: 'gpt' },
    });
    const changed = await patchNode('t', { config: { is_active: false, extra_config: { b: 2 } } });
    expect(changed.config).toMatchObject({
      priority: 3,
      is_active: false,
      extra_config: { b: 2 },
      model_name: '',
    });
    await addNode('set', { node_id: 's' });
    expect((await patchNode('s', { config: { is_active: false, temperature: '0.5' } })).config).toMatchObject(
      {
        is_active: true,
        temperature: null,
      },
    );
  });

  test('a rename keeps row, edges and webhook address', async () => {
    const hook = await addNode('trigger_webhook', { node_id: 'hook' });
    await addNode('set', { node_id: 'next' });
    await addEdge('hook', 'next');
    const address = async (id: string) =>
      (await bob.ok<{ webhooks: Record<string, string> }>('workflows.graph', { workflow_slug: slug }))
        .webhooks[id];
    const before = await address('hook');
    const renamed = await patchNode('hook', { node_id: 'door', label: 'Door' });
    expect(renamed).toMatchObject({ id: hook.id, node_id: 'door', label: 'Door' });
    expect(await edges()).toMatchObject([{ source_node_id: 'door', target_node_id: 'next' }]);
    expect(await address('door')).toBe(before);
    const clash = await bob.call('nodes.update', { workflow_slug: slug, node: 'door', node_id: 'next' });
    expect(clash.status).toBe(409);
  });

  test('removing a node removes its edges', async () => {
    await addNode('set', { node_id: 'a' });
    await addNode('set', { node_id: 'b' });
    await addEdge('a', 'b');
    await bob.ok('nodes.remove', { workflow_slug: slug, node: 'a' });
    expect(await edges()).toEqual([]);
    const again = await bob.call('nodes.remove', { workflow_slug: slug, node: 'a' });
    expect(again).toMatchObject({ status: 404, body: { detail: 'Node not found.' } });
  });

  test('every change is a revision an editor can catch up with', async () => {
    await addNode('set', { node_id: 'a' });
    await patchNode('a', { label: 'A', position_x: 10 });
    await patchNode('a', { node_id: 'b' });
    const stale = await bob.call('workflows.changeGraph', {
      workflow_slug: slug,
      base_revision: 0,
      commands: [{ kind: 'remove_node', id: 'a' }],
    });
    expect(stale.body).toMatchObject({
      revision: 3,
      missing: [
        { kind: 'add_node' },
        { kind: 'update_node', id: 'a', label: 'A' },
        { kind: 'move_node', id: 'a', x: 10 },
        { kind: 'remove_node', id: 'a' },
        { kind: 'add_node', node: { id: 'b', label: 'A', x: 10 } },
      ],
    });
  });
});

describe('edges', () => {
  const switchConfig = {
    extra_config: { rules: [{ id: 'big', operator: 'gt', value: 1 }], enable_fallback: true },
  };

  test('ports left out are the first that fit; ids count up', async () => {
    await addNode('trigger_webhook', { node_id: 'hook' });
    await addNode('set', { node_id: 'a' });
    expect(await addEdge('hook', 'a')).toMatchObject({
      status: 201,
      body: {
        id: 1,
        source_port: 'body',
        target_port: 'input',
        edge_type: 'direct',
        edge_label: '',
        priority: 0,
      },
    });
    expect(await addEdge('hook', 'a', { source_port: 'query' })).toMatchObject({
      status: 201,
      body: { id: 2, source_port: 'query' },
    });
  });

  test('unknown nodes are put up with', async () => {
    expect((await addEdge('a', 'b')).status).toBe(201);
  });

  test('conditional edges: the documented refusals, and the port they mean', async () => {
    await addNode('switch', { node_id: 'sw', config: switchConfig });
    await addNode('set', { node_id: 'a' });
    const conditional = (source: string, target: string, condition_value: string) =>
      addEdge(source, target, { edge_type: 'conditional', condition_value });
    expect((await conditional('sw', 'a', '')).body).toMatchObject({
      detail: 'Conditional edges require a non-empty condition_value',
    });
    expect((await conditional('sw', '', 'big')).body).toMatchObject({
      detail: 'Conditional edges require a non-empty target_node_id',
    });
    for (const source of ['a', 'ghost']) {
      expect((await conditional(source, 'sw', 'x')).body).toMatchObject({
        detail: "Conditional edges can only originate from 'switch' nodes",
      });
    }
    expect(await conditional('sw', 'a', 'big')).toMatchObject({
      status: 201,
      body: { edge_type: 'conditional', condition_value: 'big', source_port: 'big', target_port: 'input' },
    });
    expect((await conditional('sw', 'a', 'not_yet')).status).toBe(201);
  });

  test('a direct edge from a switch leaves by the port that is always taken', async () => {
    await addNode('switch', { node_id: 'sw', config: switchConfig });
    await addNode('set', { node_id: 'a' });
    expect((await addEdge('sw', 'a')).body).toMatchObject({ edge_type: 'direct', source_port: 'route' });
  });

  test('a mismatch names the types; a slot nobody has is refused', async () => {
    await addNode('set', { node_id: 'text', config: { extra_config: { mode: 'text' } } });
    await addNode('reply', { node_id: 'r' });
    const mismatch = await addEdge('text', 'r', { target_port: 'status' });
    expect(mismatch.status).toBe(422);
    expect(JSON.stringify(mismatch.body)).toContain('Type mismatch');
    const slot = await addEdge('text', 'r', { edge_label: 'llm' });
    expect(slot.body).toMatchObject({
      detail: { validation_errors: ["Node type 'reply' does not accept 'model' connections"] },
    });
  });

  test('a patch is checked like a new edge', async () => {
    await addNode('set', { node_id: 'a' });
    await addNode('set', { node_id: 'b' });
    await addNode('set', { node_id: 'c' });
    await addEdge('a', 'b');
    await addEdge('b', 'c');
    const patch = (input: object) => bob.call('edges.update', { workflow_slug: slug, edge_id: 2, ...input });
    expect(await patch({ priority: '5' })).toMatchObject({
      status: 200,
      body: { priority: 5, source_port: 'output' },
    });
    expect((await patch({ target_node_id: 'a' })).status).toBe(422);
    expect((await patch({ target_node_id: 'b' })).status).toBe(422);
    expect(await patch({ source_node_id: 'a' })).toMatchObject({
      status: 200,
      body: { source_node_id: 'a' },
    });
    expect((await patch({ source_node_id: null })).status).toBe(422);
    const missing = await bob.call('edges.update', { workflow_slug: slug, edge_id: 99, priority: 1 });
    expect(missing).toMatchObject({ status: 404, body: { detail: 'Edge not found.' } });
    await bob.ok('edges.remove', { workflow_slug: slug, edge_id: 2 });
    expect((await edges()).map((one) => one.id)).toEqual([1]);
  });
});
