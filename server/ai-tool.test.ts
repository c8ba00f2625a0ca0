import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Outside, startOutside } from './ai-outside-fixture.ts';
import { type AiStage, startAiStage } from './ai-stage-fixture.ts';

// What tools do besides their usual work, which `ai-flow.test.ts` has for each of them.

let outside: Outside;
let stage: AiStage;

beforeAll(async () => {
  outside = await startOutside();
  stage = await startAiStage([outside.host], { PIPEWRIGHT_ENABLE: 'run_command' });
});
beforeEach(() => {
  stage.llm.requests.length = 0;
  outside.seen.length = 0;
});
afterAll(async () => {
  await stage.close();
  await outside.close();
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
  it('takes nothing from the model that its form says', async () => {
    const config = { url: `http://${outside.host}/fixed`, method: 'GET' };
    const evil = { url: `http://${outside.host}/evil`, method: 'DELETE' };
    await use(['http_request', config], [{ name: 'http_request', args: evil }]);
    expect(argumentsOf('http_request')).toEqual([]);
    expect(outside.seen).toMatchObject([{ method: 'GET', url: '/fixed' }]);
  });

  it('tells of errors as texts: a status, a refused destination, arguments that do not fit', async () => {
    const { told } = await use(
      ['http_request', {}],
      [{ name: 'http_request', args: { url: `http://${outside.host}/missing` } }],
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

it('code_execute tells of errors in the code', async () => {
  const { calls } = await use(
    ['code_execute', { language: 'javascript' }],
    [{ name: 'code_execute', args: { code: 'return nothing.at.all' } }],
  );
  expect(calls.filter(({ title }) => title === 'code_execute').map(({ result }) => result)).toMatchObject([
    { output: null, error: { code: 'code_error', message: expect.stringContaining('nothing') } },
  ]);
});

it('run_command tells of programs that fail, and has a shell in a workspace only', async () => {
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
