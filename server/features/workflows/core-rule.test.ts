import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';
import { TestClient } from '#server/socket/test-client.ts';

// Rules of the core API that other clients rely on word for word.

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
  readonly subworkflow_id: number | null;
}
const addNode = (component_type: string, more = {}) =>
  bob.ok<Node>('nodes.create', { workflow_slug: slug, component_type, ...more });
const addEdge = (source_node_id: string, target_node_id: string, more = {}) =>
  bob.call('edges.create', { workflow_slug: slug, source_node_id, target_node_id, ...more });
const conditional = (source: string, condition_value: string) =>
  addEdge(source, 'end', { edge_type: 'conditional', condition_value });
const REFUSED = "Conditional edges can only originate from 'switch' nodes";

describe('workflows', () => {
  test.each(['node-types', 'validate-dsl', 'batch-delete', 'import', 'host-types'])(
    '%s is no slug: it is taken',
    async (taken) => {
      expect(await bob.ok('workflows.create', { name: 'x', slug: taken })).toMatchObject({
        slug: expect.stringMatching(new RegExp(`^${taken}-\\d+$`)),
      });
      expect((await bob.call('workflows.update', { workflow_slug: slug, slug: taken })).status).toBe(409);
    },
  );

  test.each([[''], ['  '], ['a/b'], ['..']])('%j is no slug at all', async (bad) => {
    expect((await bob.call('workflows.create', { name: 'x', slug: bad })).status).toBe(422);
    expect((await bob.call('workflows.update', { workflow_slug: slug, slug: bad })).status).toBe(422);
  });

  test.each(['name', 'slug', 'description', 'is_active', 'is_public', 'is_default', 'max_execution_seconds'])(
    'a patch cannot empty %s',
    async (field) => {
      const answer = await bob.call('workflows.update', { workflow_slug: slug, [field]: null });
      expect(answer).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', field] }] } });
    },
  );

  test('a new slug is told on the channel of the old and of the new one', async () => {
    const client = await TestClient.open(server.running.port, bob.key ?? '');
    await client.subscribe(`workflow:${slug}`);
    await bob.ok('workflows.update', { workflow_slug: slug, slug: `${slug}-moved` });
    const told = await client.until((one) => one.type === 'workflow_updated');
    expect(told).toMatchObject({ channel: `workflow:${slug}`, data: { slug: `${slug}-moved` } });
    await client.subscribe(`workflow:${slug}-moved`);
    await bob.ok('workflows.update', { workflow_slug: `${slug}-moved`, slug });
    await client.until((one) => one.type === 'workflow_updated' && one.channel === `workflow:${slug}-moved`);
    client.socket.close();
  });

  test('a deleted one is no sub-workflow of others any more', async () => {
    const { id } = await bob.ok<{ id: number }>('workflows.create', { name: 'sub', slug: `${slug}-sub` });
    await addNode('workflow', { node_id: 'call', subworkflow_id: id });
    await bob.ok('workflows.remove', { workflow_slug: `${slug}-sub` });
    expect(await bob.ok('nodes.list', { workflow_slug: slug })).toMatchObject([{ subworkflow_id: null }]);
  });

  test('the same key starts a run once', async () => {
    await addNode('trigger_manual', { node_id: 't' });
    const start = () =>
      bob.send(
        'POST',
        `/api/v1/workflows/${slug}/execute/`,
        { text: 'x' },
        { 'idempotency-key': `k-${slug}` },
      );
    const [one, two] = [await start(), await start()];
    expect([one.status, two.status]).toEqual([200, 200]);
    expect(two.body).toEqual(one.body);
  });

  test('starting by hand says in words what is missing', async () => {
    const start = (input = {}) => bob.call('workflows.execute', { workflow_slug: slug, ...input });
    const words = async (input = {}) => ((await start(input)).body as { detail: string }).detail;
    expect(await words()).toBe('No trigger configured for manual execution');
    expect(await words({ trigger_node_id: 'nope' })).toBe('Manual trigger node not found');
    expect(await words({ workflow_slug: 'nowhere' })).toBe('Workflow not found');
    await bob.ok('workflows.update', { workflow_slug: slug, is_active: false });
    expect(await words()).toBe('Workflow not found');
  });
});

describe('nodes', () => {
  test.each([
    ['subworkflow_id', 2_000_000_000],
    ['code_block_id', 1],
  ])('%s has to exist', async (field, id) => {
    const answer = await bob.call('nodes.create', {
      workflow_slug: slug,
      component_type: 'set',
      [field]: id,
    });
    expect(answer).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', field] }] } });
    await addNode('set', { node_id: 'a', [field]: null });
    const patch = { workflow_slug: slug, node: 'a', [field]: id };
    expect((await bob.call('nodes.update', patch)).status).toBe(422);
  });

  test('a question to people always interrupts before', async () => {
    const made = await addNode('human_confirmation', { node_id: 'ask', interrupt_before: false });
    expect(made).toMatchObject({ interrupt_before: true });
    const patch = { workflow_slug: slug, node: 'ask', interrupt_before: false };
    expect(await bob.ok('nodes.update', patch)).toMatchObject({ interrupt_before: true });
  });
});

describe('conditional edges', () => {
  test('start from a switch, and from an assertion by pass and fail', async () => {
    await addNode('switch', { node_id: 'sw', config: { extra_config: { enable_fallback: true } } });
    await addNode('assertion', { node_id: 'as' });
    await addNode('set', { node_id: 'end' });
    expect((await conditional('sw', '__other__')).status).toBe(201);
    for (const value of ['pass', 'fail']) {
      expect(await conditional('as', value)).toMatchObject({
        status: 201,
        body: { edge_type: 'conditional', condition_value: value },
      });
    }
    expect((await conditional('as', 'maybe')).body).toMatchObject({ detail: REFUSED });
  });

  test('no other node starts one: its ways are ports', async () => {
    await addNode('human_confirmation', { node_id: 'ask' });
    await addNode('set', { node_id: 'end' });
    expect(await conditional('ask', 'approved')).toMatchObject({ status: 422, body: { detail: REFUSED } });
    const direct = await addEdge('ask', 'end', { source_port: 'approved' });
    expect(direct).toMatchObject({ status: 201, body: { edge_type: 'direct', source_port: 'approved' } });
    const { id } = direct.body as { id: number };
    const patch = { workflow_slug: slug, edge_id: id };
    expect(await bob.ok('edges.update', { ...patch, priority: 4 })).toMatchObject({
      priority: 4,
      source_port: 'approved',
    });
    const turned = await bob.call('edges.update', {
      ...patch,
      edge_type: 'conditional',
      condition_value: 'x',
    });
    expect(turned).toMatchObject({ status: 422, body: { detail: REFUSED } });
  });

  test('one that leads nowhere is told by validation', async () => {
    await addNode('switch', { node_id: 'sw', config: { extra_config: { enable_fallback: true } } });
    expect((await conditional('sw', '__other__')).status).toBe(201);
    const { valid, errors } = await bob.ok<{ valid: boolean; errors: string[] }>('workflows.validate', {
      workflow_slug: slug,
    });
    expect(valid).toBe(false);
    expect(errors).toContain("Edge references unknown target node 'end'");
    expect(errors).toContain("Conditional edge from 'sw' targets unknown node 'end'");
  });
});
