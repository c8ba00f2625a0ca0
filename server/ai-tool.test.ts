import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AiStage, costOf, startAiStage } from './ai-stage-fixture.ts';

/** What the tools reach: an API that echoes, and a search server. */
const seen: { method: string; url: string; body: string }[] = [];
let outside: Server;
let host: string;
let stage: AiStage;

async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { method = '', url = '' } = incoming;
  seen.push({ method, url, body: await text(incoming) });
  if (url.startsWith('/search')) {
    const results = [1, 2, 3].map((n) => ({
      title: `Hit ${n}`,
      url: `https://x/${n}`,
      content: 'c'.repeat(300),
    }));
    outgoing.setHeader('content-type', 'application/json').end(JSON.stringify({ results }));
  } else if (url.startsWith('/missing')) outgoing.writeHead(404).end('nothing here');
  else outgoing.end('x'.repeat(5000));
}

beforeAll(async () => {
  outside = createServer((incoming, outgoing) => void answer(incoming, outgoing));
  outside.listen(0, '127.0.0.1');
  await once(outside, 'listening');
  host = `127.0.0.1:${(outside.address() as AddressInfo).port}`;
  stage = await startAiStage([host], { PIPEWRIGHT_ENABLE: 'run_command' });
});
beforeEach(() => {
  stage.llm.requests.length = 0;
  seen.length = 0;
});
afterAll(async () => {
  await stage.close();
  outside.closeAllConnections();
  outside.close();
});

const EDGES = [
  'start.payload > text.input',
  'text.output > agent.messages',
  'model.model > agent.model',
  'tool.tool > agent.tools',
];
const TEXT: [string, object] = ['set', { mode: 'text', text: 'Go.' }];
let drawn = 0;
/** Lets an agent call functions of one node with these arguments, one after the other. */
async function use(
  tool: [string, object?],
  calls: readonly { name: string; args: object }[],
  agent: object = {},
) {
  const slug = `tool-${(drawn += 1)}`;
  stage.llm.requests.length = 0;
  await stage.draw(
    slug,
    { start: ['trigger_manual'], text: TEXT, model: stage.model, tool, agent: ['agent', agent] },
    EDGES,
  );
  stage.llm.script(...calls.map((call) => ({ toolCalls: [call], usage: { input: 100, output: 20 } })), {
    text: 'Done.',
    usage: { input: 200, cached: 100, output: 5 },
  });
  const run = await stage.run(slug, { text: 'Go.' });
  return { run, told: toldLast(), calls: await stage.calls(run.execution_id) };
}

/** What the model was told of the last call. */
function toldLast(): string {
  const messages = stage.llm.requests.at(-1)?.body.messages ?? [];
  return String(messages.findLast(({ role }) => role === 'tool')?.content ?? '');
}

/** The functions the model was offered, by name. */
function offered(): Record<string, { description: string; parameters: Record<string, unknown> }> {
  const tools = (stage.llm.requests[0]?.body.tools ?? []) as unknown as {
    function: { name: string; description: string; parameters: Record<string, unknown> };
  }[];
  return Object.fromEntries(tools.map(({ function: face }) => [face.name, face]));
}
const argumentsOf = (name: string): string[] => Object.keys(offered()[name]?.parameters['properties'] ?? {});

describe('http_request', () => {
  it('does what the model asks for, and tells it the status and the beginning', async () => {
    const args = { url: `http://${host}/a`, method: 'POST', body: { n: 1 } };
    const { run, told } = await use(['http_request', {}], [{ name: 'http_request', args }]);
    expect(run).toMatchObject({ status: 'completed', total_tokens: 325, llm_calls: 2 });
    expect(seen).toEqual([{ method: 'POST', url: '/a', body: '{"n":1}' }]);
    expect(told).toContain(`200\n${'x'.repeat(4000)}\n… 1000 more characters`);
    expect(await stage.costs(run.execution_id)).toMatchObject([
      { node_id: 'agent', cost_usd: costOf(100, 20) },
      { node_id: 'agent', cost_usd: costOf(200, 5, 100) },
    ]);
  });

  it('takes nothing from the model that its form says', async () => {
    const config = { url: `http://${host}/fixed`, method: 'GET' };
    const evil = { url: `http://${host}/evil`, method: 'DELETE' };
    await use(['http_request', config], [{ name: 'http_request', args: evil }]);
    expect(argumentsOf('http_request')).toEqual([]);
    expect(seen).toMatchObject([{ method: 'GET', url: '/fixed' }]);
  });

  it('tells of errors as texts: a status, a refused destination, arguments that do not fit', async () => {
    const { told } = await use(
      ['http_request', {}],
      [{ name: 'http_request', args: { url: `http://${host}/missing` } }],
    );
    expect(told).toContain('404\nnothing here');
    const refused = await use(
      ['http_request', {}],
      [{ name: 'http_request', args: { url: 'http://10.0.0.1/' } }],
    );
    expect(refused.run.status).toBe('completed');
    expect(refused.told).toMatch(/not allowed/i);
    const wrong = await use(
      ['http_request', {}],
      [{ name: 'http_request', args: { url: 'file:///etc/passwd' } }],
    );
    expect(wrong.told).toContain('do not fit');
  });
});

it('calculator works out what the model writes', async () => {
  const args = { expression: '(2 + 3) ** 2' };
  const { told, calls } = await use(['calculator', {}], [{ name: 'calculator', args }]);
  expect(told).toContain('25');
  expect(calls.filter(({ title }) => title === 'calculator')).toMatchObject([
    { result: 25, is_error: false },
  ]);
});

it('datetime tells the time in the zone the model asks for', async () => {
  const { told } = await use(['datetime', {}], [{ name: 'datetime', args: { zone: 'Europe/Berlin' } }]);
  expect(told).toMatch(/"zone":"Europe\/Berlin"/);
});

it('code_execute runs code, and tells of its errors', async () => {
  const code = 'console.log("hi"); return 6 * 7';
  const { calls } = await use(
    ['code_execute', { language: 'javascript' }],
    [
      { name: 'code_execute', args: { code } },
      { name: 'code_execute', args: { code: 'return nothing.at.all' } },
    ],
  );
  expect(calls.filter(({ title }) => title === 'code_execute').map(({ result }) => result)).toMatchObject([
    { output: 42, stdout: 'hi', error: null },
    { output: null, error: { code: 'code_error', message: expect.stringContaining('nothing') } },
  ]);
});

it('web_search gives titles, addresses and snippets', async () => {
  const config = { searxng_url: `http://${host}`, limit: 2 };
  const { told } = await use(['web_search', config], [{ name: 'web_search', args: { query: 'a b' } }]);
  expect(seen).toMatchObject([{ method: 'GET', url: '/search?q=a+b&format=json' }]);
  expect(told).toContain(`1. Hit 1\nhttps://x/1\n${'c'.repeat(200)}\n`);
  expect(told).not.toContain('Hit 3');
});

it('validate_gherkin and validate_topology check what the model writes', async () => {
  const gherkin_spec = 'Feature: A\n  Scenario: B\n    Given x\n    When y\n    Then <z>\n';
  const feature = await use(['validate_gherkin', {}], [{ name: 'validate_gherkin', args: { gherkin_spec } }]);
  expect(feature.told).toContain('"valid":true');
  const topology = await use(
    ['validate_topology', {}],
    [{ name: 'validate_topology', args: { topology_yaml: 'nodes: 5' } }],
  );
  expect(topology.told).toContain('"valid":false');
});

it('notify sends what the model writes, where the form says', async () => {
  const { calls } = await use(
    ['notify', { channel: 'webhook', url: `http://${host}/hook` }],
    [{ name: 'notify', args: { message: 'Hello', url: 'http://evil.example/' } }],
  );
  expect(argumentsOf('notify')).toEqual(['message']);
  expect(seen).toEqual([{ method: 'POST', url: '/hook', body: '{"message":"Hello"}' }]);
  expect(calls.find(({ title }) => title === 'notify')).toMatchObject({
    result: { channel: 'webhook', status: 200 },
  });
});

it('run_command: a fixed program with arguments of the model, or a shell in a workspace only', async () => {
  const fixed = await use(
    ['run_command', { program: 'printf', args: [] }],
    [{ name: 'run_command', args: { args: ['%s', 'a $HOME'] } }],
  );
  expect(fixed.calls.find(({ title }) => title === 'run_command')).toMatchObject({
    result: { exit_code: 0, stdout: 'a $HOME' },
  });
  const failing = await use(['run_command', { program: 'false' }], [{ name: 'run_command', args: {} }]);
  expect(failing.told).toContain('"exit_code":1');
  const open = await use(['run_command', {}], [{ name: 'run_command', args: { command: 'id' } }]);
  expect(argumentsOf('run_command')).toEqual(['command']);
  expect(open.calls.find(({ title }) => title === 'run_command')).toMatchObject({
    is_error: true,
    result: { code: 'no_workspace' },
  });
});

describe('workflows', () => {
  const callee = (slug: string, body: string) =>
    stage.draw(slug, { called: ['trigger_workflow'], say: ['reply', { body }] }, [
      'called.payload > say.input',
    ]);

  it('workflow: a function by its name, with what the model hands over', async () => {
    await callee('greet', 'Hello {{ trigger.who }}!');
    await stage.ada.ok('workflows.update', {
      workflow_slug: 'greet',
      description: 'Greets somebody.',
      input_schema: { type: 'object', properties: { who: { type: 'string' } }, required: ['who'] },
    });
    const { told, run } = await use(
      ['workflow', { target_workflow: 'greet' }],
      [{ name: 'greet', args: { who: 'Bo' } }],
    );
    expect(offered()['greet']).toMatchObject({ description: 'Greets somebody.' });
    expect(argumentsOf('greet')).toEqual(['who']);
    expect(told).toContain('Hello Bo!');
    const end = (await stage.events(run.execution_id)).at(-1);
    expect(end?.data['activity_summary']).toMatchObject({
      child_count: 1,
      tool_invocations: 1,
      total_tokens: 325,
    });
  });

  it('spawn_and_await: several at once, each call with runs of its own', async () => {
    await callee('echo', 'echo {{ trigger.text }}');
    const task = (text: string) => ({ workflow_slug: 'echo', input_text: text });
    const { calls, run } = await use(
      ['spawn_and_await', {}],
      [
        { name: 'spawn_and_await', args: { tasks: [task('a'), task('b')] } },
        { name: 'spawn_and_await', args: { tasks: [task('c')] } },
      ],
    );
    expect(calls.filter(({ title }) => title === 'spawn_and_await').map(({ result }) => result)).toEqual([
      ['echo a', 'echo b'],
      ['echo c'],
    ]);
    const end = (await stage.events(run.execution_id)).at(-1);
    expect(end?.data['activity_summary']).toMatchObject({ child_count: 3, tool_invocations: 2 });
  });

  it('two calls at once each wait for their own run', async () => {
    await callee('slow', '{{ trigger.text }} is back');
    await stage.draw(
      'both',
      {
        start: ['trigger_manual'],
        text: TEXT,
        model: stage.model,
        tool: ['workflow', { target_workflow: 'slow' }],
        agent: ['agent'],
      },
      EDGES,
    );
    const call = (text: string) => ({ name: 'slow', args: { text } });
    stage.llm.script({ toolCalls: [call('one'), call('two')] }, { text: 'Both.' });
    const run = await stage.run('both');
    expect(run.status).toBe('completed');
    const told = (stage.llm.requests.at(-1)?.body.messages ?? []).filter(({ role }) => role === 'tool');
    expect(told.map(({ content }) => content)).toEqual([
      expect.stringContaining('one is back'),
      expect.stringContaining('two is back'),
    ]);
  });
});
