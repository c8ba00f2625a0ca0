import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AiStage, startAiStage } from './ai-stage-fixture.ts';
import { until } from './http/test-server.ts';

/** What a tool changes outside. */
const seen: string[] = [];
let outside: Server;
let host: string;
let stage: AiStage;

beforeAll(async () => {
  outside = createServer((incoming, outgoing) => {
    seen.push(`${incoming.method} ${incoming.url}`);
    outgoing.end('ok');
  });
  outside.listen(0, '127.0.0.1');
  await once(outside, 'listening');
  host = `127.0.0.1:${(outside.address() as AddressInfo).port}`;
  stage = await startAiStage([host]);
  await draw('careful', 'destructive');
  await draw('wary', 'always');
});
beforeEach(() => {
  seen.length = 0;
  stage.llm.requests.length = 0;
});
afterAll(async () => {
  await stage.close();
  outside.closeAllConnections();
  outside.close();
});

const draw = (slug: string, ask_before: string) =>
  stage.draw(
    slug,
    {
      start: ['trigger_manual'],
      text: ['set', { mode: 'text', text: 'Go.' }],
      model: stage.model,
      api: ['http_request'],
      agent: ['agent', { ask_before }],
    },
    [
      'start.payload > text.input',
      'text.output > agent.messages',
      'model.model > agent.model',
      'api.tool > agent.tools',
    ],
  );
const call = (path: string, method: string, more: object = {}) => ({
  name: 'http_request',
  args: { url: `http://${host}${path}`, method, ...more },
});

interface Question {
  readonly id: number;
  readonly prompt: string;
  readonly state: string;
}
/** The open questions of a run, once there are so many. */
const questions = (execution_id: string, count: number): Promise<Question[]> =>
  until(async () => {
    const { items } = await stage.ada.ok<{ items: Question[] }>('approvals.ofExecution', { execution_id });
    const { status } = await stage.ada.ok<{ status: string }>('executions.get', { execution_id });
    const open = items.filter(({ state }) => state === 'open');
    return status === 'interrupted' && open.length === count && open;
  }, 30_000);
const told = (): string[] =>
  (stage.llm.requests.at(-1)?.body.messages ?? [])
    .filter(({ role }) => role === 'tool')
    .map(({ content }) => String(content));

it('asks for every call that changes something, twice in one step and again in the next turn', async () => {
  stage.llm.script(
    {
      toolCalls: [
        call('/a', 'POST', { body: { password: 'hunter2hunter2' } }),
        call('/b', 'DELETE'),
        call('/c', 'GET'),
      ],
    },
    { toolCalls: [call('/d', 'PUT')] },
    { text: 'Done.' },
  );
  const execution_id = await stage.start('careful');
  const both = await questions(execution_id, 2);
  const first = both.find(({ prompt }) => prompt.includes('/a'));
  const second = both.find(({ prompt }) => prompt.includes('/b'));
  // What changes nothing is not asked for.
  expect(seen).toEqual(['GET /c']);
  expect(first?.prompt).toContain('May the agent use “api”?');
  expect(first?.prompt).toContain(`"url": "http://${host}/a"`);
  expect(first?.prompt).not.toContain('hunter2hunter2');
  const unclear = await stage.ada.call('approvals.resume', { execution_id, confirmed: true });
  expect(unclear).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'approval_id'] }] } });
  await stage.ada.ok('approvals.resume', {
    execution_id,
    approval_id: second?.id,
    confirmed: false,
    response: 'Not /b.',
  });
  await stage.ada.ok('approvals.resume', { execution_id, approval_id: first?.id, confirmed: true });
  const [third] = await questions(execution_id, 1);
  expect(third?.prompt).toContain('/d');
  expect(seen.toSorted()).toEqual(['GET /c', 'POST /a']);
  expect(told()).toEqual([
    expect.stringContaining('200'),
    expect.stringContaining('They said: Not /b.'),
    expect.stringContaining('200'),
  ]);
  await stage.ada.ok('approvals.resume', { execution_id, confirmed: true });
  expect(await stage.ended(execution_id)).toMatchObject({ status: 'completed', llm_calls: 3 });
  expect(seen.toSorted()).toEqual(['GET /c', 'POST /a', 'PUT /d']);
  // Answers of the model were asked for once each, whatever the step waited for.
  expect(stage.llm.requests).toHaveLength(3);
});

it('asks for every call where the agent says so', async () => {
  stage.llm.script({ toolCalls: [call('/c', 'GET')] }, { text: 'Then not.' });
  const execution_id = await stage.start('wary');
  await questions(execution_id, 1);
  await stage.ada.ok('approvals.resume', { execution_id, confirmed: false });
  expect(await stage.ended(execution_id)).toMatchObject({ status: 'completed' });
  expect(seen).toEqual([]);
  expect(told()).toEqual([expect.stringContaining('A person has refused this call')]);
});

describe('what an agent makes', () => {
  const dsl = (name: string, url: string) => `
name: ${name}
trigger: workflow
model: inherit
steps:
  - {type: agent, id: kid, prompt: Hi, tools: [http_request]}
  - {type: http_request, id: post, url: "${url}", method: POST}`;

  /** Lets an agent that asks so make a workflow, and gives that one and what the agent was told. */
  async function makes(ask_before: string, method: 'POST' | 'GET') {
    const slug = `maker-${ask_before}-${method}`.toLowerCase();
    await stage.draw(
      slug,
      {
        start: ['trigger_manual'],
        text: ['set', { mode: 'text', text: 'Go.' }],
        model: stage.model,
        maker: ['workflow_create'],
        agent: ['agent', { ask_before }],
      },
      [
        'start.payload > text.input',
        'text.output > agent.messages',
        'model.model > agent.model',
        'maker.tool > agent.tools',
      ],
    );
    const yaml = dsl(`By ${slug}`, `http://${host}/made`).replace('POST', method);
    stage.llm.script({ toolCalls: [{ name: 'workflow_create', args: { dsl: yaml } }] }, { text: 'Made.' });
    const execution_id = await stage.start(slug);
    if (ask_before !== 'never') {
      const [question] = await questions(execution_id, 1);
      expect(question?.prompt).toContain(`By ${slug}`);
      await stage.ada.ok('approvals.resume', { execution_id, confirmed: true });
    }
    expect(await stage.ended(execution_id)).toMatchObject({ status: 'completed' });
    const workflow_slug = `by-${slug}`;
    const { is_active } = await stage.ada.ok<{ is_active: boolean }>('workflows.get', { workflow_slug });
    const { nodes } = await stage.ada.ok<{ nodes: { id: string; config: Record<string, unknown> }[] }>(
      'workflows.graph',
      { workflow_slug },
    );
    const kid = nodes.find(({ id }) => id === 'kid');
    return { is_active, asks: kid?.config['ask_before'] ?? 'never', told: told()[0] ?? '', workflow_slug };
  }

  it.each([
    ['destructive', 'POST', false],
    ['always', 'POST', false],
    ['destructive', 'GET', true],
    ['never', 'POST', true],
  ] as const)(
    'asks at least as often as one that asks before %s tools; %s as a step: on %s',
    async (...row) => {
      const [ask_before, method, isOn] = row;
      const made = await makes(ask_before, method);
      expect(made).toMatchObject({ is_active: isOn, asks: ask_before });
      if (!isOn) expect(made.told).toContain('It is switched off: “post” would change something outside');
      expect(seen).toEqual([]);
    },
  );

  it('of a person does as they say', async () => {
    await stage.ada.ok('workflows.fromDsl', {
      yaml_str: dsl('By hand', `http://${host}/made`).replace(
        'inherit',
        '{credential_id: 1, model_name: gpt-4o}',
      ),
    });
    const workflow_slug = 'by-hand';
    expect(await stage.ada.ok('workflows.get', { workflow_slug })).toMatchObject({ is_active: true });
  });
});
