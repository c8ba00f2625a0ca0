import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { applyCommands, type GraphCommand } from '#domain/graph/command.ts';
import { DEFAULT_SETTINGS, EMPTY_GRAPH, type Graph } from '#domain/graph/graph.ts';
import { validateGraph } from '#domain/graph/validate.ts';
import { definitionOf } from '#nodes/definitions.ts';
import { type Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';
import { type ScriptedProvider, startScriptedProvider } from '#server/model/provider-fixture.ts';

const KEY = 'sk-canary-0123456789abcdef';
const WEB_PASSWORD = 'mail-pass-9876543210';
let llm: ScriptedProvider;
let server: TestServer;
let bob: Caller;
let credential: number;
const workflow_slug = 'built';

beforeAll(async () => {
  llm = await startScriptedProvider();
  server = await startTestServer({ PIPEWRIGHT_EGRESS_ALLOW: llm.host });
  await server.setUp();
  bob = await server.addUser('bob');
  await bob.ok('workflows.create', { name: 'Built', slug: workflow_slug });
  ({ id: credential } = await bob.ok<{ id: number }>('credentials.create', {
    name: 'Models',
    credential_type: 'llm',
    detail: { provider_type: 'openai_compatible', base_url: llm.openai, api_key: KEY },
  }));
});
afterAll(async () => {
  await server.close();
  await llm.close();
});
beforeEach(() => {
  llm.requests.length = 0;
});

interface Proposal {
  summary: string;
  commands: GraphCommand[];
  answers: number;
  usage: { input_tokens: number; output_tokens: number; cost_usd: number };
}

const wish = (graph: Graph, more: Record<string, unknown> = {}) => ({
  ...{ workflow_slug, prompt: 'Answer chats with an agent.', nodes: graph.nodes, edges: graph.edges },
  ...{ next_edge_id: 1, llm_credential_id: credential, model_name: 'scripted-1', proposal_id: randomUUID() },
  ...more,
});

const WHOLE = {
  summary: 'An agent answers.',
  commands: [
    { do: 'add_node', id: 'hook', type: 'trigger_webhook' },
    { do: 'add_node', id: 'agent_1', type: 'agent', title: 'Helper', config: { system_prompt: 'Help.' } },
    { do: 'add_node', id: 'model_1', type: 'ai_model', config: { llm_credential_id: 999 } },
    { do: 'add_node', id: 'answer', type: 'reply' },
    { do: 'add_edge', from: 'model_1.model', to: 'agent_1.model' },
    { do: 'add_node', id: 'text', type: 'set', config: { mode: 'json', json: '{{ trigger.body }}' } },
    { do: 'add_edge', from: 'hook.body', to: 'text.input' },
    { do: 'add_edge', from: 'text.output', to: 'agent_1.messages' },
    { do: 'add_edge', from: 'agent_1.output', to: 'answer.input' },
  ],
};

it('gives checked commands, with the chosen account in new models, and saves nothing', async () => {
  llm.script({
    text: `Here it is:\n\`\`\`json\n${JSON.stringify(WHOLE)}\n\`\`\``,
    usage: { input: 900, output: 80 },
  });
  const input = wish(EMPTY_GRAPH);
  const proposal = await bob.ok<Proposal>('workflows.propose', input);
  expect(proposal).toMatchObject({
    summary: 'An agent answers.',
    answers: 1,
    usage: { input_tokens: 900, output_tokens: 80 },
  });
  const after = applyCommands(EMPTY_GRAPH, proposal.commands);
  expect(validateGraph(after, definitionOf).filter(({ level }) => level === 'error')).toEqual([]);
  const model = after.nodes.find(({ id }) => id === 'model_1');
  expect(model?.config).toMatchObject({ llm_credential_id: credential, model_name: 'scripted-1' });
  const spots = after.nodes.map(({ x, y }) => `${x} ${y}`);
  expect(new Set(spots).size).toBe(after.nodes.length);
  expect(await bob.ok<Graph>('workflows.graph', { workflow_slug })).toMatchObject({ nodes: [], edges: [] });
  const { items } = await bob.ok<{ items: { execution_id: string; input_tokens: number }[] }>(
    'models.calls',
    {},
  );
  expect(items[0]).toMatchObject({ execution_id: input.proposal_id, input_tokens: 900, node_id: 'proposal' });
});

it('is not taken for a run', async () => {
  const graph = { nodes: [{ id: 'hook', type: 'trigger_manual' }], edges: [] };
  await bob.ok('workflows.create', { name: 'Run', slug: 'run' });
  await bob.ok('workflows.changeGraph', {
    ...{ workflow_slug: 'run', base_revision: 0 },
    commands: graph.nodes.map((node) => ({
      kind: 'add_node',
      node: { ...node, label: null, x: 0, y: 0, config: {}, settings: DEFAULT_SETTINGS },
    })),
  });
  const { execution_id } = await bob.ok<{ execution_id: string }>('workflows.execute', {
    workflow_slug: 'run',
  });
  const answer = await bob.call('workflows.propose', wish(EMPTY_GRAPH, { proposal_id: execution_id }));
  expect(answer.status).toBe(409);
  expect(llm.requests).toHaveLength(0);
});

it('tells the model what does not work, twice at most', async () => {
  const broken = { summary: 'x', commands: [{ do: 'add_node', id: 'a', type: 'no_such_type' }] };
  llm.script({ text: 'I cannot.' }, { object: broken }, { object: WHOLE });
  const { answers } = await bob.ok<Proposal>('workflows.propose', wish(EMPTY_GRAPH));
  expect(answers).toBe(3);
  const told = llm.requests.map(({ body }) => JSON.stringify(body.messages.at(-1)?.content));
  expect(told[1]).toMatch(/not one JSON object/);
  expect(told[2]).toMatch(/no node type “no_such_type”/);
});

it('tells the model of nesting and of characters that cannot be saved', async () => {
  const deep = `{"summary":"x","commands":[${'['.repeat(20_000)}${']'.repeat(20_000)}]}`;
  const nul = { summary: 'x', commands: [{ do: 'add_node', id: 'a', type: 'set', title: 'a\0b' }] };
  llm.script({ text: deep }, { object: nul }, { object: WHOLE });
  const { answers } = await bob.ok<Proposal>('workflows.propose', wish(EMPTY_GRAPH));
  expect(answers).toBe(3);
  const told = llm.requests.slice(-2).map(({ body }) => JSON.stringify(body.messages.at(-1)?.content));
  expect(told[0]).toMatch(/nested more than 60 levels deep/);
  expect(told[1]).toMatch(/commands\.0\.title holds NUL/);
});

it('refuses with reasons what never works', async () => {
  const lone = { summary: '', commands: [{ do: 'add_node', id: 'a', type: 'reply' }] };
  llm.script({ object: lone }, { object: lone }, { object: lone });
  const answer = await bob.call('workflows.propose', wish(EMPTY_GRAPH));
  expect(answer.status).toBe(422);
  expect(JSON.stringify(answer.body)).toMatch(/no change that works.*Nothing starts this workflow/);
});

it('shows the model no account, no password and no key', async () => {
  const nodes = [
    { id: 'start', type: 'trigger_manual', label: null, x: 0, y: 0, config: {}, settings: DEFAULT_SETTINGS },
    {
      ...{ id: 'mail', type: 'notify', label: null, x: 300, y: 0, settings: DEFAULT_SETTINGS },
      config: { channel: 'email', smtp_password: WEB_PASSWORD },
    },
  ];
  llm.script({ object: { summary: '', commands: [{ do: 'change_node', id: 'start', title: 'Begin' }] } });
  await bob.ok('workflows.propose', wish({ nodes, edges: [] } as Graph));
  expect(llm.requests[0]?.raw).toContain('"mail\\"');
  expect(llm.requests[0]?.raw).not.toContain(WEB_PASSWORD);
  expect(llm.requests[0]?.raw).not.toContain(KEY);
});

it('lets the model neither set nor take away accounts and passwords, nor lose what is empty on purpose', async () => {
  const mail = { channel: 'email', credential: null, smtp_password: WEB_PASSWORD, subject: 'Hi' };
  const nodes = [
    { id: 'start', type: 'trigger_manual', label: null, x: 0, y: 0, config: {}, settings: DEFAULT_SETTINGS },
    {
      ...{ id: 'mail', type: 'notify', label: null, x: 300, y: 0, settings: DEFAULT_SETTINGS },
      config: mail,
    },
    {
      ...{ id: 'model', type: 'ai_model', label: null, x: 300, y: 300, settings: DEFAULT_SETTINGS },
      config: { llm_credential_id: credential, model_name: 'a' },
    },
  ];
  const change = { do: 'change_node', id: 'mail', config: { subject: null, smtp_password: '(set)' } };
  const clear = { do: 'change_node', id: 'model', config: { llm_credential_id: null, model_name: 'b' } };
  llm.script({ object: { summary: '', commands: [change, clear] } });
  const { commands } = await bob.ok<Proposal>('workflows.propose', wish({ nodes, edges: [] } as Graph));
  expect(commands).toMatchObject([
    { id: 'mail', config: { channel: 'email', smtp_password: WEB_PASSWORD, credential: null } },
    { id: 'model', config: { llm_credential_id: credential, model_name: 'b' } },
  ]);
  expect(commands[0]).not.toHaveProperty('config.subject');
});

it('says what is wrong with the account or the provider', async () => {
  const absent = await bob.call('workflows.propose', wish(EMPTY_GRAPH, { llm_credential_id: 999_999 }));
  expect(absent).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'llm_credential_id'] }] } });
  llm.script({ status: 401, error: 'Wrong key.' });
  const refused = await bob.call('workflows.propose', wish(EMPTY_GRAPH));
  expect(refused.status).toBe(502);
  const eve = await server.addUser('eve');
  expect((await eve.call('workflows.propose', wish(EMPTY_GRAPH))).status).toBe(404);
});

it.each(['api', 'trpc'])('asks the provider no longer once whoever asked has hung up (%s)', async (way) => {
  llm.script({ chunks: ['{"summary": ', '"…"'], holdAfter: 1 });
  const hangUp = new AbortController();
  const before = llm.requests.length;
  const path = way === 'api' ? `/api/v1/workflows/${workflow_slug}/propose/` : '/trpc/workflows.propose';
  const { workflow_slug: _, ...body } = wish(EMPTY_GRAPH);
  const answer = fetch(`${bob.base}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bob.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, ...(way === 'trpc' && { workflow_slug }) }),
    signal: hangUp.signal,
  });
  await llm.asked(before + 1);
  hangUp.abort();
  await expect(answer).rejects.toThrow(/abort/i);
  expect(await llm.requests[before]?.ended).toBe('cut');
  const called = async () => {
    const { items } = await bob.ok<{ items: { execution_id: string; status: string; error_code: string }[] }>(
      'models.calls',
      {},
    );
    return items.find((item) => item.execution_id === body.proposal_id && item.status !== 'open');
  };
  expect(await until(called)).toMatchObject({ status: 'failed', error_code: 'aborted' });
  expect(llm.requests).toHaveLength(before + 1);
});
