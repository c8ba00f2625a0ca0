import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';

let server: TestServer;
let bob: Caller;
let source: string;
let account: number;

interface Graph {
  readonly nodes: readonly {
    id: string;
    type: string;
    x: number;
    y: number;
    config: Record<string, unknown>;
  }[];
  readonly edges: readonly { source: string; sourcePort: string; target: string; targetPort: string }[];
}

beforeAll(async () => {
  server = await startTestServer();
  bob = await server.addUser('bob');
  const made = await bob.ok<{ id: number }>('credentials.create', {
    name: 'Main account',
    credential_type: 'llm',
    detail: { provider_type: 'openai', api_key: 'sk-test' },
  });
  account = made.id;
  const { slug } = await bob.ok<{ slug: string }>('workflows.fromDsl', {
    yaml_str: `
name: Source
description: The original.
tags: [kept]
trigger: manual
model: {credential_id: ${account}, model_name: old-model}
steps:
  - {type: agent, id: helper, prompt: Help., tools: [calculator]}
  - {type: transform, id: middle, template: "{{ helper.output }}"}
  - {type: transform, id: last, template: the end}
`,
  });
  source = slug;
});
afterAll(() => server.close());

async function forked(patches: string): Promise<Graph> {
  const made = await bob.ok<{ slug: string; mode: string }>('workflows.fromDsl', {
    yaml_str: `based_on: ${source}\npatches:\n${patches}`,
  });
  expect(made.mode).toBe('fork');
  expect(await bob.ok('workflows.validate', { workflow_slug: made.slug })).toMatchObject({ valid: true });
  return bob.ok<Graph>('workflows.graph', { workflow_slug: made.slug });
}

const edges = ({ edges: list }: Graph): string[] =>
  list.map((edge) => `${edge.source}.${edge.sourcePort} > ${edge.target}.${edge.targetPort}`);
const node = ({ nodes }: Graph, id: string) => nodes.find((one) => one.id === id);

async function refusal(patches: string): Promise<string> {
  const yaml_str = `based_on: ${source}\npatches:\n${patches}`;
  const answer = await bob.call('workflows.fromDsl', { yaml_str });
  expect(answer.status).toBe(422);
  const { errors, valid } = await bob.ok<{ errors: string[]; valid: boolean }>('workflows.validateDsl', {
    yaml_str,
  });
  expect(valid).toBe(false);
  return errors.join('\n');
}

describe('patches', () => {
  test('without any it is a copy under a name of its own', async () => {
    const yaml_str = `based_on: ${source}\nname: Twin\npatches: []`;
    const made = await bob.ok<{ slug: string }>('workflows.fromDsl', { yaml_str, tags: ['more'] });
    expect(made.slug).toBe('twin');
    expect(await bob.ok('workflows.get', { workflow_slug: 'twin' })).toMatchObject({
      name: 'Twin',
      description: 'The original.',
      tags: ['kept', 'more'],
    });
    const [copy, original] = await Promise.all(
      ['twin', source].map((workflow_slug) => bob.ok<Graph>('workflows.graph', { workflow_slug })),
    );
    expect(copy?.nodes).toEqual(original?.nodes);
    expect(copy?.edges).toEqual(original?.edges);
  });

  test('add_step puts a step between two', async () => {
    const graph = await forked(
      '  - {action: add_step, after: middle, step: {type: wait, id: pause, duration: 1}}',
    );
    expect(edges(graph)).toEqual(
      expect.arrayContaining(['middle.output > pause.input', 'pause.output > last.input']),
    );
    expect(edges(graph)).not.toContain('middle.output > last.input');
  });

  test('add_step behind the last one, with parts of its own', async () => {
    const graph = await forked(
      `  - {action: add_step, after: last, step: {type: agent, id: second, tools: [datetime], model: {credential_id: ${account}, model_name: new-model}}}`,
    );
    expect(edges(graph)).toEqual(
      expect.arrayContaining([
        'last.output > second.messages',
        'ai_model_second.model > second.model',
        'datetime_second_1.tool > second.tools',
      ]),
    );
  });

  test('remove_step leads around it and takes its parts along', async () => {
    const graph = await forked(
      '  - {action: remove_step, id: middle}\n  - {action: remove_step, id: helper}',
    );
    expect(graph.nodes.map(({ id }) => id).toSorted()).toEqual(['last', 'trigger_manual_1']);
    expect(edges(graph)).toEqual(['trigger_manual_1.text > last.input']);
  });

  test('prompt, config, tools, trigger and model', async () => {
    const graph = await forked(`
  - {action: update_prompt, id: helper, prompt: Do better.}
  - {action: update_config, id: helper, config: {max_steps: 3}}
  - {action: add_tool, id: helper, tool: {type: http_request, url: "https://example.com"}}
  - {action: remove_tool, id: helper, tool: calculator}
  - {action: update_trigger, trigger: schedule, trigger_config: {interval_seconds: 60}}
  - {action: update_model, model: {credential_id: ${account}, model_name: new-model}}
`);
    expect(node(graph, 'helper')?.config).toEqual({ system_prompt: 'Do better.', max_steps: 3 });
    expect(graph.nodes.map(({ type }) => type)).not.toContain('calculator');
    expect(edges(graph)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^http_request_.*\.tool > helper\.tools$/),
        'trigger_manual_1.timestamp > helper.messages',
      ]),
    );
    expect(node(graph, 'trigger_manual_1')).toMatchObject({
      type: 'trigger_schedule',
      config: { interval_seconds: 60 },
    });
    expect(node(graph, 'ai_model_helper')?.config).toMatchObject({ model_name: 'new-model' });
  });

  test.each([
    ['{action: remove_step, id: nobody}', /Patch 0 \(remove_step\): There is no step 'nobody'\. There are/],
    ['{action: remove_step, id: trigger_manual_1}', /is the trigger/],
    ['{action: add_step, step: {type: wait}}', /under `after`/],
    ['{action: add_step, after: last, step: {type: wait, id: helper}}', /duplicate step ID 'helper'/],
    ['{action: update_prompt, id: middle}', /`prompt` must be a text/],
    ['{action: update_config, id: helper, config: {max_steps: 0}}', /'helper'\.max_steps/],
    [
      '{action: remove_tool, id: helper, tool: web_search}',
      /has no tool 'web_search'\. It has ai_model_helper, calculator_helper_1/,
    ],
    ['{action: add_tool, id: last, tool: calculator}', /is no tool that could be plugged into 'last'/],
    ['{action: update_trigger, trigger: moon}', /Unknown trigger type 'moon'/],
    ['{action: update_model, id: helper, model: {credential_id: 2000000}}', /no such LLM credential/],
  ])('%s', async (patch, message) => {
    expect(await refusal(`  - ${patch}`)).toMatch(message);
  });
});

test('a fork of another environment’s workflow is a fork of nothing', async () => {
  const eve = await server.addUser('eve');
  const yaml_str = `based_on: ${source}\npatches: []`;
  const answer = await eve.call('workflows.fromDsl', { yaml_str });
  expect(answer).toMatchObject({
    status: 422,
    body: { detail: { validation_errors: [`Source workflow '${source}' not found`] } },
  });
});
