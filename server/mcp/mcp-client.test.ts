import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { type Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';
import { type ScriptedProvider, startScriptedProvider } from '#server/model/provider-fixture.ts';
import { type ReferenceServer, startReferenceServer, TOKEN } from './mcp-fixture.ts';

let llm: ScriptedProvider;
let modern: ReferenceServer;
let stateful: ReferenceServer;
let server: TestServer;
let ada: Caller;
let models: number;
let key: number;

beforeAll(async () => {
  llm = await startScriptedProvider();
  modern = await startReferenceServer();
  stateful = await startReferenceServer('stateful');
  server = await startTestServer({
    PIPEWRIGHT_EGRESS_ALLOW: [llm.host, modern.host, stateful.host].join(','),
  });
  await server.setUp();
  ada = await server.addUser('carla');
  models = await credential({
    name: 'Models',
    credential_type: 'llm',
    detail: { provider_type: 'openai_compatible', base_url: llm.openai, api_key: 'sk-x' },
  });
  key = await credential({
    name: 'MCP',
    credential_type: 'tool',
    detail: { tool_type: 'http', config: { auth: 'bearer', token: TOKEN } },
    hosts: [modern.host, stateful.host],
  });
});
afterAll(async () => {
  await server.close();
  await Promise.all([llm.close(), modern.close(), stateful.close()]);
});

const credential = async (input: Record<string, unknown>) =>
  (await ada.ok<{ id: number }>('credentials.create', input)).id;

const ONCE = { maxAttempts: 1, initialMs: 0, factor: 1, maxMs: 0, jitter: 0, retryOn: [], noRetryOn: [] };
const node = (id: string, type: string, config: object = {}) => ({
  kind: 'add_node',
  node: { id, type, label: null, x: 0, y: 0, config, settings: { ...DEFAULT_SETTINGS, retry: ONCE } },
});
let edges = 0;
const edge = (from: string, to: string) => {
  const [source, sourcePort] = from.split('.');
  const [target, targetPort] = to.split('.');
  edges += 1;
  return { kind: 'add_edge', edge: { id: edges, source, sourcePort, target, targetPort, priority: 0 } };
};

let flows = 0;
/** Draws an agent with an MCP server, asks it, and waits for the end. */
async function ask(
  config: object,
): Promise<{ status: string; error_message: string; final_output: unknown }> {
  flows += 1;
  const workflow_slug = `mcp-${flows}`;
  await ada.ok('workflows.create', { name: workflow_slug, slug: workflow_slug });
  const commands = [
    node('start', 'trigger_workflow'),
    node('agent', 'agent', { input_template: '{{ trigger.text }}' }),
    node('model', 'ai_model', { llm_credential_id: models, model_name: 'scripted-1' }),
    node('tools', 'mcp_client', config),
    edge('start.text', 'agent.messages'),
    edge('model.model', 'agent.model'),
    edge('tools.tool', 'agent.tools'),
  ];
  await ada.ok('workflows.changeGraph', { workflow_slug, base_revision: 0, commands });
  const { execution_id } = await ada.ok<{ execution_id: string }>('workflows.execute', {
    workflow_slug,
    trigger_node_id: 'start',
    payload: { text: 'What is 2 + 40?' },
  });
  return until(async () => {
    const found = await ada.ok<{ status: string; error_message: string; final_output: unknown }>(
      'executions.get',
      {
        execution_id,
      },
    );
    return ['completed', 'failed'].includes(found.status) ? found : null;
  }, 40_000);
}

const offered = (): string[] =>
  (llm.requests.at(-1)?.body.tools ?? []).map((tool) => tool.function?.name ?? tool.name ?? '');
const toldLast = (): string => JSON.stringify(llm.requests.at(-1)?.body.messages.at(-1)?.content);

describe.each(['modern', 'stateful'] as const)('an agent with a reference server (%s)', (which) => {
  const reference = () => (which === 'modern' ? modern : stateful);

  it('is offered its tools and calls one, signed, and hangs up', async () => {
    llm.script({ toolCalls: [{ name: 'add', args: { a: 2, b: 40 } }] }, { text: 'It is 42.' });
    const done = await ask({ server_url: reference().url, credential: key });
    expect(done).toMatchObject({ status: 'completed' });
    expect(JSON.stringify(done.final_output)).toContain('It is 42.');
    expect(offered()).toEqual(['add', 'files_delete', 'fail', 'refuse', 'echo_key', 'hang', 'badge']);
    expect(toldLast()).toContain('42');
    expect(reference().calls.at(-1)).toEqual({ name: 'add', args: { a: 2, b: 40 } });
    expect(reference().sessions.size).toBe(0);
    expect(reference().opened() > 0).toBe(which === 'stateful');
  });

  it('tells the model of errors, and neither the model nor the run of the key', async () => {
    for (const [name, told] of [
      ['fail', 'The till is empty.'],
      ['refuse', 'The moon is full.'],
      ['echo_key', 'You sent'],
    ] as const) {
      llm.script({ toolCalls: [{ name, args: {} }] }, { text: 'I see.' });
      const done = await ask({ server_url: reference().url, credential: key });
      expect(done.status).toBe('completed');
      expect(toldLast()).toContain(told);
      expect(JSON.stringify(done)).not.toContain(TOKEN);
    }
    for (const request of llm.requests) expect(request.raw).not.toContain(TOKEN);
  });
});

it('waits for no server that does not answer when it hangs up', async () => {
  stateful.isDeaf = true;
  llm.script({ toolCalls: [{ name: 'add', args: { a: 2, b: 40 } }] }, { text: 'It is 42.' });
  const began = performance.now();
  const done = await ask({ server_url: stateful.url, credential: key, timeout: 15 });
  stateful.isDeaf = false;
  expect(done.status).toBe('completed');
  expect(toldLast()).toContain('42');
  expect(performance.now() - began).toBeLessThan(14_000);
});

it('takes the answer as data, whatever pattern the server gives for it', async () => {
  llm.script({ toolCalls: [{ name: 'badge', args: {} }] }, { text: 'Odd.' });
  expect((await ask({ server_url: modern.url, credential: key })).status).toBe('completed');
  expect(toldLast()).toContain(`${'a'.repeat(40)}!`);
});

it('offers what is allowed only, under a prefix', async () => {
  llm.script({ toolCalls: [{ name: 'x_files_delete', args: {} }] }, { text: 'Done.' });
  const config = {
    server_url: modern.url,
    credential: key,
    allowed_tools: 'files_delete, add',
    prefix: 'x_',
  };
  expect((await ask(config)).status).toBe('completed');
  expect(offered()).toEqual(['x_add', 'x_files_delete']);
  expect(modern.calls.at(-1)?.name).toBe('files/delete');
});

it('gives up a tool that never answers', async () => {
  llm.script({ toolCalls: [{ name: 'hang', args: {} }] }, { text: 'Too slow.' });
  const done = await ask({ server_url: modern.url, credential: key, timeout: 2 });
  expect(done.status).toBe('completed');
  expect(toldLast()).toMatch(/in time|too long|longer than|within/i);
});

it.each([
  ['no credential', () => ({ server_url: modern.url }), 'wants to know who asks'],
  ['a private address', () => ({ server_url: 'http://127.0.0.1:1/mcp' }), '127.0.0.1'],
  ['no address', () => ({ server_url: 'nonsense' }), 'no address of an MCP server'],
  ['a server of another kind', () => ({ server_url: llm.openai }), 'MCP server'],
  ['a host the key is not for', () => ({ server_url: `http://${llm.host}/mcp`, credential: key }), 'MCP'],
])('with %s the run says so', async (_name, config, sentence) => {
  const done = await ask(config());
  expect(done.status).toBe('failed');
  expect(done.error_message).toContain(sentence);
  expect(done.error_message).not.toContain(TOKEN);
});
