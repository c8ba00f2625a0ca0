import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { agentDocument, Target } from './agent-flow-fixture.ts';
import { createTestDatabase, type TestDatabase } from './db/template-database.ts';
import { Caller } from './http/test-server.ts';
import { type ScriptedProvider, startScriptedProvider } from './model/provider-fixture.ts';
import { type Installation, killInstallation, startInstallation } from './test-installation.ts';

let database: TestDatabase;
let llm: ScriptedProvider;
let target: Target;
let environment: Record<string, string>;
let installation: Installation;
let key: string;

beforeAll(async () => {
  [database, llm, target] = await Promise.all([
    createTestDatabase(),
    startScriptedProvider(),
    Target.start(),
  ]);
  environment = {
    DATABASE_URL: database.url,
    PIPEWRIGHT_SECRET_KEY: 'x'.repeat(40),
    PIPEWRIGHT_EGRESS_ALLOW: `${llm.host},${target.host}`,
  };
  installation = await startInstallation(environment);
  const answer = await new Caller(installation.url, null).ok<{ key: string }>('auth.setup', {
    username: 'ada',
    password: 'correct horse',
  });
  key = answer.key;
}, 60_000);

afterAll(async () => {
  await killInstallation(installation);
  await Promise.all([llm.close(), target.close()]);
  await database.drop();
});

const person = (): Caller => new Caller(installation.url, key);

/** An agent with two tools, under way in the middle of its second answer. */
async function startRun(): Promise<string> {
  const { id } = await person().ok<{ id: number }>('credentials.create', {
    name: 'Scripted',
    credential_type: 'llm',
    detail: { provider_type: 'openai_compatible', base_url: llm.openai, api_key: 'sk-x' },
  });
  const page = (path: string) => ({
    type: 'http_request',
    config: { method: 'GET', url: target.url(path) },
  });
  const document = agentDocument({ tools: { a: page('/a'), b: page('/b') } });
  const { slug } = await person().ok<{ slug: string }>('workflows.import', { document });
  const config = { llm_credential_id: id };
  await person().ok('nodes.update', { workflow_slug: slug, node: 'model', config });
  llm.script(
    {
      text: 'I read both.',
      toolCalls: [
        { name: 'http_request', args: {} },
        { name: 'http_request_2', args: {} },
      ],
    },
    { chunks: ['Both ', 'say ', 'ok.'], holdAfter: 1 },
  );
  const sent = await person().ok<{ execution_id: string }>('chat.send', {
    workflow_slug: slug,
    text: 'Read both pages.',
  });
  return sent.execution_id;
}

interface Run {
  readonly status: string;
  readonly final_output: unknown;
  readonly llm_calls: number;
}

it('goes on after kill -9 in the middle of an answer, calls no tool again, and answers', async () => {
  const executionId = await startRun();
  await llm.asked(2);
  await expect.poll(() => llm.requests[1]?.sentAt.length, { timeout: 10_000 }).toBeGreaterThan(0);
  expect(target.calls.toSorted()).toEqual(['/a', '/b']);

  await killInstallation(installation);
  llm.release();
  llm.script({ text: 'Both pages say ok.' });
  installation = await startInstallation(environment);

  const deadline = Date.now() + 60_000;
  const read = (): Promise<Run> => person().ok<Run>('executions.get', { execution_id: executionId });
  let run = await read();
  while (run.status === 'running' || run.status === 'pending') {
    if (Date.now() > deadline) throw new Error(`The run is still ${run.status}.`);
    await pause(50);
    run = await read();
  }
  expect(run).toMatchObject({ status: 'completed', final_output: { output: 'Both pages say ok.' } });
  expect(target.calls.toSorted()).toEqual(['/a', '/b']);
  expect(llm.requests).toHaveLength(3);
  expect(llm.requests[2]?.body.messages.map(({ role }) => role)).toEqual([
    'system',
    'user',
    'assistant',
    'tool',
    'tool',
  ]);
  const page = await person().ok<{ items: { key: string }[] }>('executions.calls', {
    execution_id: executionId,
    limit: 50,
  });
  expect(page.items.map((one) => one.key).toSorted()).toEqual(['tool:1:0', 'tool:1:1', 'turn:1', 'turn:2']);
  const { items } = await person().ok<{ items: { type: string; data: { text?: string } }[] }>(
    'executions.events',
    { execution_id: executionId, limit: 1000 },
  );
  const said = items.filter(({ type }) => type === 'chat_message').map(({ data }) => data.text);
  expect(said).toEqual(['I read both.', 'Both pages say ok.']);
}, 120_000);
