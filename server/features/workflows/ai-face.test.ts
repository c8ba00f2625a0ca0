import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';

// How nodes that work with models look to core API clients.

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
  readonly id: number;
  readonly node_id: string;
  readonly config: Record<string, unknown>;
}
interface Edge {
  readonly id: number;
  readonly edge_label: string;
  readonly source_port: string;
  readonly target_port: string;
}

const addNode = (node_id: string, component_type: string, config = {}) =>
  bob.ok<Node>('nodes.create', { workflow_slug: slug, node_id, component_type, config });
const patchNode = (node: string, config: object) =>
  bob.ok<Node>('nodes.update', { workflow_slug: slug, node, config });
const nodes = () => bob.ok<Node[]>('nodes.list', { workflow_slug: slug });
const call = (source_node_id: string, target_node_id: string, more = {}) =>
  bob.call('edges.create', { workflow_slug: slug, source_node_id, target_node_id, ...more });
async function connect(source: string, target: string, more = {}): Promise<Edge> {
  const { status, body } = await call(source, target, more);
  expect([status, body]).toEqual([201, expect.anything()]);
  return body as Edge;
}
const configOf = async (id: string) => (await nodes()).find((one) => one.node_id === id)?.config;

describe('the config of a model node', () => {
  test('is shown beside extra_config, and nowhere else', async () => {
    const made = await addNode('m', 'ai_model', {
      model_name: 'gpt-5',
      temperature: 0.5,
      response_format: { type: 'json_object' },
      extra_config: { use_native_search: true },
      priority: 7,
    });
    expect(made.config).toMatchObject({
      model_name: 'gpt-5',
      temperature: 0.5,
      max_tokens: null,
      response_format: { type: 'json_object' },
      extra_config: { use_native_search: true },
      priority: 0,
      llm_model_config_id: null,
    });
    const { body } = await bob.call('workflows.graph', { workflow_slug: slug });
    expect(body).toMatchObject({
      nodes: [{ config: { model_name: 'gpt-5', temperature: 0.5, use_native_search: true } }],
    });
  });

  test('is merged key by key; null empties a field, what is not sent survives', async () => {
    await addNode('m', 'ai_model', { model_name: 'gpt-5', temperature: 0.5, timeout: 30, max_retries: 1 });
    const panel = { system_prompt: '', temperature: null, max_tokens: 100, top_p: null, trigger_config: {} };
    expect((await patchNode('m', panel)).config).toMatchObject({
      model_name: 'gpt-5',
      temperature: null,
      max_tokens: 100,
      timeout: 30,
      max_retries: 1,
      system_prompt: '',
      extra_config: {},
    });
    const replaced = await patchNode('m', { extra_config: { use_native_search: true } });
    expect(replaced.config).toMatchObject({ max_tokens: 100, extra_config: { use_native_search: true } });
  });

  test('an account of another environment is refused', async () => {
    const answer = await bob.call('nodes.create', {
      workflow_slug: slug,
      component_type: 'ai_model',
      config: { llm_credential_id: 2_000_000_000 },
    });
    expect(answer.status).toBe(422);
  });

  test('says nothing where the drawn value has another form', async () => {
    await addNode('m', 'ai_model', { extra_config: { temperature: 'warm', model_name: 'x' } });
    expect(await configOf('m')).toMatchObject({ temperature: null, model_name: 'x', extra_config: {} });
  });
});

describe('an agent', () => {
  test.each(['agent', 'deep_agent'])('%s keeps its instructions on creation and on change', async (type) => {
    const made = await addNode('a', type, { system_prompt: 'Be kind.', model_name: 'dropped' });
    expect(made.config).toMatchObject({ system_prompt: 'Be kind.', model_name: '', extra_config: {} });
    const extra_config = { conversation_memory: true, compacting: null, context_window: null };
    expect((await patchNode('a', { extra_config })).config).toMatchObject({
      system_prompt: 'Be kind.',
      extra_config,
    });
    expect((await patchNode('a', { system_prompt: 'Be brief.' })).config).toMatchObject({
      system_prompt: 'Be brief.',
      extra_config,
    });
    const { valid, errors } = await bob.ok<{ valid: boolean; errors: string[] }>('workflows.validate', {
      workflow_slug: slug,
    });
    expect(valid).toBe(false);
    expect(errors).toContain(`Node 'a' (${type}) requires a model connection`);
  });

  test('names the row of the model that is plugged in, and forgets it with the edge', async () => {
    const model = await addNode('m', 'ai_model');
    await addNode('a', 'agent');
    const edge = await connect('m', 'a', { edge_label: 'llm' });
    expect(await configOf('a')).toMatchObject({ llm_model_config_id: model.id });
    expect((await patchNode('a', { system_prompt: 'x' })).config['llm_model_config_id']).toBe(model.id);
    await bob.ok('edges.remove', { workflow_slug: slug, edge_id: edge.id });
    expect(await configOf('a')).toMatchObject({ llm_model_config_id: null });
    await connect('m', 'a', { edge_label: 'llm' });
    await bob.ok('nodes.remove', { workflow_slug: slug, node: 'm' });
    expect(await configOf('a')).toMatchObject({ llm_model_config_id: null });
  });
});

describe('edges into slots', () => {
  beforeEach(async () => {
    await addNode('m', 'ai_model');
    await addNode('a', 'agent');
  });

  test.each([
    ['ai_model', 'llm', 'llm', 'model'],
    ['ai_model', '', 'llm', 'model'],
    ['skill', 'skill', 'skill', 'skills'],
    ['memory', 'memory', '', 'memory'],
    ['memory', '', '', 'memory'],
  ])('from %s labelled %j show as %j', async (type, edge_label, shown, target_port) => {
    await addNode('p', type);
    expect(await connect('p', 'a', { edge_label })).toMatchObject({ edge_label: shown, target_port });
    const listed = await bob.ok<Edge[]>('edges.list', { workflow_slug: slug });
    expect(listed).toMatchObject([{ edge_label: shown, target_port }]);
  });

  test('drawn in the editor show their label as well', async () => {
    const { revision, next_edge_id: id } = await bob.ok<{ revision: number; next_edge_id: number }>(
      'workflows.graph',
      { workflow_slug: slug },
    );
    const edge = { id, source: 'm', sourcePort: 'model', target: 'a', targetPort: 'model', priority: 0 };
    await bob.ok('workflows.changeGraph', {
      workflow_slug: slug,
      base_revision: revision,
      commands: [{ kind: 'add_edge', edge }],
    });
    expect(await bob.ok('edges.list', { workflow_slug: slug })).toMatchObject([{ edge_label: 'llm' }]);
  });

  test('are refused where there is no such slot, or where something else is meant', async () => {
    await addNode('s', 'set');
    const refused = await call('m', 's', { edge_label: 'llm' });
    expect(refused).toMatchObject({
      status: 422,
      body: { detail: { validation_errors: ["Node type 'set' does not accept 'model' connections"] } },
    });
    expect((await call('m', 'a', { edge_label: 'output_parser' })).status).toBe(422);
    expect((await call('m', 'a', { edge_label: 'llm', target_port: 'messages' })).status).toBe(422);
    expect((await call('m', 'a', { edge_label: 'skill' })).status).toBe(422);
    expect((await call('m', 's')).status).toBe(422);
  });

  test('from a chat bring its pictures along', async () => {
    await addNode('c', 'trigger_chat');
    expect(await connect('c', 'a')).toMatchObject({ source_port: 'messages', target_port: 'messages' });
  });

  test('hold one model only', async () => {
    await addNode('m2', 'ai_model');
    await connect('m', 'a', { edge_label: 'llm' });
    expect((await call('m2', 'a', { edge_label: 'llm' })).status).toBe(422);
  });

  test('may be drawn before their nodes', async () => {
    expect(await connect('later', 'a', { edge_label: 'llm' })).toMatchObject({
      edge_label: 'llm',
      source_port: 'model',
      target_port: 'model',
    });
    expect(await connect('x', 'y', { edge_label: 'tool' })).toMatchObject({
      edge_label: 'tool',
      source_port: 'tool',
      target_port: 'tools',
    });
  });
});

test('the node types say which slots they have, and which of them run', async () => {
  const types = await bob.ok<Record<string, object>>('workflows.nodeTypes');
  const slots = { requires_model: true, requires_tools: true, requires_memory: true, requires_skills: true };
  const conversation = [{ name: 'messages', data_type: 'messages', required: true }];
  for (const type of ['agent', 'deep_agent']) {
    expect(types[type]).toMatchObject({
      ...slots,
      requires_output_parser: false,
      executable: true,
      inputs: conversation,
      outputs: [
        { name: 'messages', data_type: 'messages' },
        { name: 'output', data_type: 'string' },
      ],
    });
  }
  expect(types['ai_model']).toMatchObject({
    executable: false,
    inputs: [],
    outputs: [{ name: 'model', data_type: 'object' }],
  });
  expect(types['skill']).toMatchObject({ executable: false, outputs: [{ data_type: 'string' }] });
});
