import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen } from '#server/db/listener.ts';
import { type Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';
import { WORKFLOW_EVENTS } from '../workflow-event.ts';

let server: TestServer;
let bob: Caller;
let account: number;
beforeAll(async () => {
  server = await startTestServer();
  bob = await server.addUser('bob');
  const made = await bob.ok<{ id: number }>('credentials.create', {
    name: 'Main account',
    credential_type: 'llm',
    detail: { provider_type: 'openai', api_key: 'sk-test' },
  });
  account = made.id;
});
afterAll(() => server.close());

interface Result {
  readonly workflow_id: number;
  readonly slug: string;
  readonly node_count: number;
  readonly edge_count: number;
  readonly mode: string;
}
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

const make = (yaml_str: string, more: object = {}) =>
  bob.ok<Result>('workflows.fromDsl', { yaml_str, ...more });
const graphOf = (slug: string) => bob.ok<Graph>('workflows.graph', { workflow_slug: slug });

async function refusals(yaml_str: string): Promise<string[]> {
  const answer = await bob.call('workflows.fromDsl', { yaml_str });
  expect(answer.status).toBe(422);
  return (answer.body as { detail: { validation_errors: string[] } }).detail.validation_errors;
}

async function made(yaml: string): Promise<Graph & Result> {
  const result = await make(yaml);
  expect(await bob.ok('workflows.validate', { workflow_slug: result.slug })).toMatchObject({
    valid: true,
    errors: [],
  });
  const graph = await graphOf(result.slug);
  expect([graph.nodes.length, graph.edges.length]).toEqual([result.node_count, result.edge_count]);
  return { ...result, ...graph };
}

const edges = ({ edges: list }: Graph): string[] =>
  list.map((edge) => `${edge.source}.${edge.sourcePort} > ${edge.target}.${edge.targetPort}`);
const node = ({ nodes }: Graph, id: string) => nodes.find((one) => one.id === id);

describe('a document of steps', () => {
  test('becomes a workflow that runs', async () => {
    const { slug, mode } = await made(`
name: Greet somebody
description: Says hello.
tags: [demo]
trigger: manual
steps:
  - {type: transform, id: hello, template: "Hello {{ trigger.text }}"}
  - {type: code, id: shout, language: javascript, code: "return input.toUpperCase() + '!'"}
  - {type: reply, body: "{{ shout.output }}"}
`);
    expect(mode).toBe('create');
    expect(await bob.ok('workflows.get', { workflow_slug: slug })).toMatchObject({
      name: 'Greet somebody',
      description: 'Says hello.',
      tags: ['demo'],
    });
    const { execution_id } = await bob.ok<{ execution_id: string }>('workflows.execute', {
      workflow_slug: slug,
      text: 'Ada',
    });
    const run = await until(async () => {
      const one = await bob.ok<{ status: string; final_output: unknown }>('executions.get', { execution_id });
      return ['completed', 'failed'].includes(one.status) && one;
    }, 20_000);
    expect(run.status).toBe('completed');
    expect(JSON.stringify(run)).toContain('HELLO ADA!');
  });

  test('splits at a switch and joins again', async () => {
    const graph = await made(`
name: Sizes
trigger: webhook
steps:
  - {type: switch, id: way, rules: [{field: trigger.body.n, operator: gt, value: 5, route: big}], default: small}
  - {type: transform, id: big, template: big}
  - {type: transform, id: small, template: small}
  - {type: merge, id: both, mode: first}
  - {type: transform, id: last, template: "{{ both.merged }}", after: both}
`);
    expect(edges(graph)).toEqual(
      expect.arrayContaining([
        'way.big > big.input',
        'way.__other__ > small.input',
        'big.output > both.branches',
        'small.output > both.branches',
        'both.merged > last.input',
      ]),
    );
    expect(graph.edges).toHaveLength(6);
    expect(node(graph, 'way')?.config).toMatchObject({
      rules: [{ id: 'big', left: '{{ trigger.body.n }}', operator: 'gt', value: 5 }],
      enable_fallback: true,
    });
  });

  test('lets several rules lead to one step, and takes what is empty for absent', async () => {
    const { nodes, edges } = await made(`
name: Two into one
trigger: manual
steps:
  - type: switch
    id: way
    rules:
      - {field: a, operator: exists, route: big}
      - {field: b, operator: exists, route: big}
    default:
  - {type: code, id: big, code: "return 1", timeout: "2.5"}`);
    const config = nodes.find(({ id }) => id === 'way')?.config;
    expect(config?.['rules']).toMatchObject([{ id: 'big' }, { id: 'big_2' }]);
    expect(config?.['enable_fallback'] ?? false).toBe(false);
    const ways = edges.filter(({ source }) => source === 'way');
    expect(ways.map(({ sourcePort, target }) => [sourcePort, target])).toEqual([
      ['big', 'big'],
      ['big_2', 'big'],
    ]);
    expect(nodes.find(({ id }) => id === 'big')?.config).toMatchObject({ timeout_ms: 2500 });
  });

  test('joins by name, and ends where it says so', async () => {
    const graph = await made(`
name: By name
trigger: webhook
steps:
  - {type: switch, id: way, rules: [{field: a, operator: exists, route: one}, {field: b, operator: exists, route: __end__}], default: two}
  - {type: transform, id: one, template: one, next: done}
  - {type: transform, id: two, template: two, next: done}
  - {type: transform, id: done, template: done}
`);
    expect(edges(graph).filter((edge) => edge.includes('> done'))).toEqual([
      'one.output > done.input',
      'two.output > done.input',
    ]);
  });

  test('loops over a list that is named', async () => {
    const graph = await made(`
name: Each
trigger: manual
steps:
  - type: loop
    id: each
    over: trigger.orders
    max_iterations: 50
    body:
      - {type: transform, id: line, template: "{{ loop.item.name }}"}
      - {type: transform, id: nice, template: "* {{ line.output }}"}
  - {type: transform, id: all, template: "{{ each.results }}"}
`);
    expect(edges(graph)).toEqual(
      expect.arrayContaining([
        'each_items.output > each.items',
        'each.loop_body > line.input',
        'line.output > nice.input',
        'nice.output > each.loop_return',
        'each.results > all.input',
      ]),
    );
  });

  test('gives agents their model, tools and skills', async () => {
    const graph = await made(`
name: Helper
trigger: manual
model: {credential_id: ${account}, model_name: gpt-test, temperature: 0}
steps:
  - type: agent
    id: helper
    prompt: Help.
    tools: [calculator, {type: http_request, url: "https://example.com"}]
    skills: [{name: refund, instructions: Pay back.}]
  - {type: categorizer, id: mood, categories: [{name: glad, route: fine}, {name: sad}], default: poor}
  - {type: extractor, id: fine, prompt: Who?, schema: {name: string}}
  - {type: transform, id: poor, template: sorry}
`);
    expect(edges(graph)).toEqual(
      expect.arrayContaining([
        'ai_model_helper.model > helper.model',
        'calculator_helper_1.tool > helper.tools',
        'http_request_helper_2.tool > helper.tools',
        'skill_helper_1.skill > helper.skills',
        'trigger_manual_1.text > helper.messages',
        'helper.output > mood.messages',
        'mood.glad > fine.messages',
        'mood.__other__ > poor.input',
      ]),
    );
    expect(node(graph, 'helper')?.config).toEqual({ system_prompt: 'Help.' });
    expect(node(graph, 'ai_model_mood')?.config).toEqual({
      llm_credential_id: account,
      model_name: 'gpt-test',
      temperature: 0,
    });
  });

  test.each([
    ['capability: openai', 'gpt-5'],
    ['capability: gpt-5-nano', 'gpt-5-nano'],
    ['capability: some-other-model', 'some-other-model'],
    ['discover: true, preference: cheapest', 'gpt-5-nano'],
    ['credential: Main account, model_name: mine', 'mine'],
  ])('finds a model by %s', async (model, name) => {
    const fresh = await server.addUser(`finder-${randomUUID()}`);
    const { id } = await fresh.ok<{ id: number }>('credentials.create', {
      name: 'Main account',
      credential_type: 'llm',
      detail: { provider_type: 'openai', api_key: 'sk-test' },
    });
    const { slug } = await fresh.ok<Result>('workflows.fromDsl', {
      yaml_str: `name: M\ntrigger: manual\nmodel: {${model}}\nsteps: [{type: agent, id: a}]`,
    });
    const graph = await fresh.ok<Graph>('workflows.graph', { workflow_slug: slug });
    expect(node(graph, 'ai_model_a')?.config).toMatchObject({ model_name: name, llm_credential_id: id });
  });

  test('inherits model and tools of the agent that asks', async () => {
    const parent = await made(`
name: Parent
trigger: manual
model: {credential_id: ${account}, model_name: parents-model}
steps: [{type: agent, id: boss, tools: [{type: http_request, url: "https://boss.example"}]}]
`);
    const child = `
name: Child
trigger: workflow
model: inherit
steps: [{type: agent, id: kid, tools: [{type: http_request, url: inherit}]}]
`;
    const asking = { workflow_id: parent.workflow_id, node_id: 'boss' };
    const graph = await graphOf((await make(child, { inherit_from: asking })).slug);
    expect(node(graph, 'ai_model_kid')?.config).toMatchObject({ model_name: 'parents-model' });
    expect(node(graph, 'http_request_kid_1')?.config).toEqual({ url: 'https://boss.example' });
    expect(await refusals(child)).toEqual(
      expect.arrayContaining([expect.stringContaining('Cannot inherit a model')]),
    );
  });

  test('puts a Set node where a value does not fit', async () => {
    const graph = await made(`
name: Bridge
trigger: manual
model: {credential_id: ${account}, model_name: m}
steps:
  - {type: loop, id: each, over: trigger.names, body: [{type: transform, id: one, template: "{{ loop.item }}"}]}
  - {type: agent, id: a, prompt: Greet them.}
`);
    const bridge = node(graph, 'a_input');
    expect(edges(graph)).toContain(`${bridge?.id}.output > a.messages`);
  });

  test('is drawn without nodes on top of each other', async () => {
    const graph = await made(`
name: Places
trigger: webhook
model: {credential_id: ${account}, model_name: m}
steps:
  - {type: agent, id: a, tools: [calculator, datetime]}
  - {type: switch, id: s, rules: [{field: a, operator: exists, route: b}], default: c}
  - {type: agent, id: b, tools: [calculator]}
  - {type: agent, id: c}
`);
    const places = graph.nodes.map(({ x, y }) => `${x} ${y}`);
    expect(new Set(places).size).toBe(places.length);
  });
});

describe('what is wrong is named', () => {
  const one = (step: string) => refusals(`name: A\ntrigger: manual\nsteps: [${step}]`);
  test.each([
    ['{type: agent, id: a, promt: Hi}', /'a'\.promt: There is no such field\. Did you mean “prompt”\?/],
    ['{type: agent, id: a}', /'a'\.model: No model is named/],
    ['{type: code, id: c}', /'c'\.code: Write the code/],
    [
      '{type: switch, id: s, rules: [{field: a, operator: like, route: t}]}, {type: code, id: t, code: "1"}',
      /'s'\.rules\.0\.operator/,
    ],
    [
      '{type: switch, id: s, rules: [{field: a, operator: exists, route: gone}]}',
      /'s' leads to 'gone', but there is no such step/,
    ],
    ['{type: code, id: c, code: "1", after: nobody}', /'c'\.after: There is no step 'nobody'/],
    ['{type: transform, id: t, template: "{{ nowhere.output }}"}', /nowhere/],
    ['{type: loop, id: l, over: trigger.x, body: []}', /Loop step 'l' requires/],
    ['{type: agent, id: a, tools: [merge]}', /'a'\.tools\.0: 'merge' is no tool/],
    ['{type: agent, id: a, tools: [{type: http_request, urll: x}]}', /'a'\.tools\.0\.urll/],
    ['{type: code, id: c, code: "1", config: 5}', /'c'\.config: Must be a mapping/],
    ['{type: wait, id: w, duration: -1}', /'w'\.duration/],
    ['{type: code, id: c, code: "1", timeout: soon}', /'c'\.timeout_ms/],
  ])('%s', async (step, message) => {
    expect((await one(step)).join('\n')).toMatch(message);
  });

  test('and a trigger’s field, too', async () => {
    const yaml =
      'name: A\ntrigger: schedule\ntrigger_config: {cron: "99 * * * *"}\nsteps: [{type: code, code: "1"}]';
    expect((await refusals(yaml)).join()).toMatch(/trigger\.cron/);
  });

  test('nothing is stored then', async () => {
    const before = await bob.ok<{ total: number }>('workflows.list', {});
    await one('{type: code}');
    expect(await bob.ok('workflows.list', {})).toMatchObject({ total: before.total });
  });
});

test('a new workflow is announced', async () => {
  const heard: string[] = [];
  const listener = await listen({
    url: server.databaseUrl,
    channels: { [WORKFLOW_EVENTS]: (text) => void heard.push(text) },
    onConnected: () => undefined,
  });
  try {
    const { slug } = await make('name: Announced\ntrigger: manual\nsteps: [{type: transform, template: a}]');
    await until(async () => heard.length > 0);
    const events = heard.flatMap((text) => text.split('\n'));
    const created = events.find((text) => text.includes('workflow_created'));
    expect(created).toContain(`"data":{"slug":"${slug}","name":"Announced"}`);
  } finally {
    await listener.close();
  }
});

test('who may only look cannot make workflows', async () => {
  const viewer = await server.addUser('viewer');
  const { db } = server.connection;
  const { id, environment_id } = await db
    .selectFrom('users')
    .innerJoin('memberships', 'memberships.user_id', 'users.id')
    .select(['users.id', 'memberships.environment_id'])
    .where('username', '=', 'viewer')
    .executeTakeFirstOrThrow();
  await db.updateTable('api_keys').set({ environment_id }).where('user_id', '=', id).execute();
  await db.updateTable('memberships').set({ role: 'viewer' }).where('user_id', '=', id).execute();
  const yaml_str = 'name: A\ntrigger: manual\nsteps: [{type: transform, template: a}]';
  expect((await viewer.call('workflows.fromDsl', { yaml_str })).status).toBe(403);
  expect((await server.nobody.call('workflows.fromDsl', { yaml_str })).status).toBe(401);
});

test.each([
  ['name: "a\\0b"\nsteps:\n  - {type: transform, template: x}'],
  ['name: ab\ndescription: "a\\0b"\nsteps:\n  - {type: transform, template: x}'],
  ['name: ab\nsteps:\n  - {type: transform, template: "a\\0b"}'],
  ['name: ab\nsteps:\n  - {type: transform, template: "a\\uD800b"}'],
  ['name: ab\nsteps:\n  - {type: transform, config: {mode: json, json: {__proto__: {a: 1}}}}'],
  ['name: ab\nsteps:\n  - {type: code, code: "1", label: "a\\0b"}'],
])('refuses what no database can hold: %j', async (yaml_str) => {
  const { status, body } = await bob.call('workflows.fromDsl', { yaml_str });
  expect([status, JSON.stringify(body)]).toEqual([
    422,
    expect.stringMatching(/Parse error: .*(character|key)/),
  ]);
});
