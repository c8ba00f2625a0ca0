import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { type Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';
import { type ScriptedProvider, startScriptedProvider } from '#server/model/provider-fixture.ts';

let llm: ScriptedProvider;
let server: TestServer;
let ada: Caller;
let bob: Caller;
let admin: Caller;
beforeAll(async () => {
  llm = await startScriptedProvider();
  server = await startTestServer({ PIPEWRIGHT_EGRESS_ALLOW: llm.host });
  admin = await server.setUp();
  ada = await server.addUser('carla');
  bob = await server.addUser('bob');
});
afterAll(async () => {
  await server.close();
  await llm.close();
});

const node = (id: string, type: string, config: object = {}) => ({
  kind: 'add_node',
  node: { id, type, label: null, x: 0, y: 0, config, settings: DEFAULT_SETTINGS },
});

async function draw(caller: Caller, workflow_slug: string): Promise<void> {
  const { id: llm_credential_id } = await caller.ok<{ id: number }>('credentials.create', {
    name: 'Models',
    credential_type: 'llm',
    detail: { provider_type: 'openai_compatible', base_url: llm.openai, api_key: 'sk-x' },
  });
  await caller.ok('workflows.create', { name: workflow_slug, slug: workflow_slug });
  const edges = [
    ['talk.messages', 'agent.messages'],
    ['model.model', 'agent.model'],
    ['know.tool', 'agent.tools'],
    ['learn.tool', 'agent.tools'],
  ].map(([from = '', to = ''], index) => {
    const [source, sourcePort] = from.split('.');
    const [target, targetPort] = to.split('.');
    return { kind: 'add_edge', edge: { id: index + 1, source, sourcePort, target, targetPort, priority: 0 } };
  });
  const nodes = [
    node('talk', 'trigger_chat'),
    node('agent', 'agent', { conversation_memory: true }),
    node('model', 'ai_model', { llm_credential_id, model_name: 'scripted-1' }),
    node('know', 'memory_read', { memory_type: 'all' }),
    node('learn', 'memory_write', { procedures: true }),
  ];
  await caller.ok('workflows.changeGraph', {
    workflow_slug,
    base_revision: 0,
    commands: [...nodes, ...edges],
  });
}

/** Says something and waits for the answer. */
async function say(caller: Caller, workflow_slug: string, text: string): Promise<void> {
  const { execution_id } = await caller.ok<{ execution_id: string }>('chat.send', { workflow_slug, text });
  const { status, error_message } = await until(async () => {
    const found = await caller.ok<{ status: string; error_message: string }>('executions.get', {
      execution_id,
    });
    return ['completed', 'failed'].includes(found.status) ? found : null;
  }, 40_000);
  expect(`${status} ${error_message}`.trim()).toBe('completed');
}

const prompt = (): string => JSON.stringify(llm.requests.at(-1)?.body.messages);

it('an agent goes on with a conversation, until it is deleted; nobody else gets into it', async () => {
  await draw(ada, 'talk');
  await draw(bob, 'talk-2');
  llm.script({ text: 'Hello Grace.' }, { text: 'You are Grace.' });
  await say(ada, 'talk', 'My name is Grace.');
  await say(ada, 'talk', 'What is my name?');
  expect(prompt()).toContain('My name is Grace.');
  expect(prompt()).toContain('Hello Grace.');
  llm.script({ text: 'I do not know.' }, { text: 'No idea.' });
  await say(bob, 'talk-2', 'What is my name?');
  expect(prompt()).not.toContain('Grace');
  const kept = await admin.ok<{ total: number; items: { blob_size: number }[] }>('memories.checkpoints');
  expect(kept.total).toBe(3);
  await ada.ok('chat.clearHistory', { workflow_slug: 'talk' });
  await say(ada, 'talk', 'And now?');
  expect(prompt()).not.toContain('Grace');
});

it('an agent remembers a fact that another run of the environment recalls', async () => {
  llm.script(
    { toolCalls: [{ name: 'remember', args: { key: 'office_city', value: 'Lyon' } }] },
    { text: 'Noted.' },
  );
  await say(ada, 'talk', 'Our office is in Lyon.');
  await ada.ok('chat.clearHistory', { workflow_slug: 'talk' });
  llm.script({ toolCalls: [{ name: 'recall', args: { key: 'Office City' } }] }, { text: 'In Lyon.' });
  await say(ada, 'talk', 'Where is our office?');
  expect(prompt()).toContain('Lyon');
  llm.script({ toolCalls: [{ name: 'recall', args: { query: 'office' } }] }, { text: 'No idea.' });
  await say(bob, 'talk-2', 'Where is our office?');
  expect(prompt()).toContain('Nothing is remembered about this.');
  const facts = await admin.ok<{ items: unknown[] }>('memories.facts', { q: 'lyon' });
  expect(facts.items).toMatchObject([
    { key: 'office_city', value: 'Lyon', scope: 'global', fact_type: 'world_knowledge', access_count: 1 },
  ]);
});

it('every run that talked is one episode', async () => {
  const episodes = await until(async () => {
    const found = await admin.ok<{ total: number; items: { success: boolean; summary: string }[] }>(
      'memories.episodes',
    );
    return found.total >= 7 && found.items.every(({ success }) => success) ? found : null;
  }, 20_000);
  expect(episodes.total).toBe(7);
  expect(episodes.items[0]?.summary).toBe('Asked: Where is our office?\nAnswered: No idea.');
});
