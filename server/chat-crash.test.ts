import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { until } from './http/test-server.ts';
import { type ScriptedProvider, startScriptedProvider } from './model/provider-fixture.ts';
import { type Installation, killDatabase, killInstallation, startInstallation } from './test-installation.ts';

interface Message {
  readonly role: string;
  readonly text: string;
  readonly execution_id: string;
}

let dataDir: string;
let llm: ScriptedProvider;
let environment: Record<string, string>;
let installation: Installation;
let headers: Record<string, string> = { 'content-type': 'application/json' };

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'pipewright-chat-crash-'));
  llm = await startScriptedProvider();
  environment = { PIPEWRIGHT_DATA: dataDir, PIPEWRIGHT_EGRESS_ALLOW: llm.host };
  installation = await startInstallation(environment);
  const { key } = await call<{ key: string }>('POST', '/auth/setup/', {
    username: 'ada',
    password: 'correct horse',
  });
  headers = { ...headers, authorization: `Bearer ${key}` };
  await draw();
}, 120_000);

afterAll(async () => {
  await killInstallation(installation);
  await killDatabase(dataDir);
  await llm.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`${installation.url}/api/v1${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** chat → agent with a model and a calculator. */
async function draw(): Promise<void> {
  const { id } = await call<{ id: number }>('POST', '/credentials/', {
    name: 'Models',
    credential_type: 'llm',
    detail: { provider_type: 'openai_compatible', base_url: llm.openai, api_key: 'sk-scripted-0123456789' },
  });
  await call('POST', '/workflows/', { name: 'Talk', slug: 'talk' });
  const node = (name: string, type: string, config: object = {}) => ({
    kind: 'add_node',
    node: { id: name, type, label: null, x: 0, y: 0, config, settings: DEFAULT_SETTINGS },
  });
  const edge = (n: number, source: string, sourcePort: string, targetPort: string) => ({
    kind: 'add_edge',
    edge: { id: n, source, sourcePort, target: 'agent', targetPort, priority: 0 },
  });
  await call('POST', '/workflows/talk/graph/', {
    base_revision: 0,
    commands: [
      node('chat', 'trigger_chat'),
      node('model', 'ai_model', { llm_credential_id: id, model_name: 'gpt-4o' }),
      node('sum', 'calculator'),
      node('agent', 'agent', { conversation_memory: true }),
      edge(1, 'chat', 'text', 'messages'),
      edge(2, 'model', 'model', 'model'),
      edge(3, 'sum', 'tool', 'tools'),
    ],
  });
}

const history = async (): Promise<readonly Message[]> =>
  (await call<{ messages: Message[] }>('GET', '/workflows/talk/chat/history?limit=0')).messages;

async function killAndRestart(): Promise<void> {
  await killInstallation(installation);
  await killDatabase(dataDir);
  installation = await startInstallation(environment);
}

it('gives a chat its answer once when the process is killed while the agent writes it', async () => {
  llm.script(
    { toolCalls: [{ name: 'calculator', args: { expression: '6 * 7' } }] },
    { chunks: ['It ', 'is '], holdAfter: 1 },
  );
  llm.always({ text: 'It is 42.' });
  const { execution_id } = await call<{ execution_id: string }>('POST', '/workflows/talk/chat/', {
    text: 'Six times seven?',
  });
  await llm.asked(2);
  await killAndRestart();
  const found = await until(async () => {
    const messages = await history();
    return messages.length > 1 ? messages : null;
  }, 60_000);
  expect(found.map(({ role, text, execution_id: run }) => [role, text, run])).toEqual([
    ['user', 'Six times seven?', execution_id],
    ['assistant', 'It is 42.', execution_id],
  ]);
  // The first answer of the model and the tool were not asked for again.
  expect(llm.requests.map(({ body }) => body.messages.length)).toEqual([2, 4, 4]);
}, 120_000);

it('has an answer to every message, once, however often it is killed', async () => {
  llm.always({ text: 'Noted.', delayMs: 20 });
  for (let kill = 0; kill < 3; kill += 1) {
    const sent = Array.from({ length: 5 }, (_, n) =>
      call('POST', '/workflows/talk/chat/', { text: `${kill}/${n}` }).catch(() => null),
    );
    await sent[0];
    await killAndRestart();
    await Promise.all(sent);
  }
  const answered = await until(async () => {
    const messages = await history();
    const asked = messages.filter(({ role }) => role === 'user');
    return asked.length * 2 === messages.length ? messages : null;
  }, 90_000);
  const answers = answered.filter(({ role }) => role === 'assistant').map((one) => one.execution_id);
  expect(new Set(answers).size).toBe(answers.length);
}, 240_000);
