import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';

let server: TestServer;
let bob: Caller;
beforeAll(async () => {
  server = await startTestServer();
  bob = await server.addUser('bob');
  const eve = await server.addUser('eve');
  await bob.ok('workflows.create', { name: 'Mine', slug: 'mine' });
  await eve.ok('workflows.create', { name: 'Hers', slug: 'hers' });
});
afterAll(() => server.close());

interface Check {
  readonly valid: boolean;
  readonly errors: readonly string[];
  readonly node_count: number;
  readonly edge_count: number;
}
const check = (yaml_str: string) => bob.ok<Check>('workflows.validateDsl', { yaml_str });

describe('steps', () => {
  test('follow each other from the trigger', async () => {
    const text =
      'name: A\ntrigger: manual\nsteps:\n  - type: code\n    code: return 1\n  - type: wait\n    id: pause\n';
    expect(await check(text)).toEqual({ valid: true, errors: [], node_count: 3, edge_count: 2 });
  });

  test('a trigger may be a mapping, or left out', async () => {
    expect(
      await check('name: A\ntrigger: {type: error}\nsteps: [{type: code, code: return 1}]'),
    ).toMatchObject({
      valid: true,
    });
    expect(await check('name: A\nsteps: [{type: code, code: return 1}]')).toMatchObject({
      node_count: 2,
      edge_count: 1,
    });
  });

  test('a switch ends the line and names where it leads', async () => {
    const text = `
name: Ways
trigger: webhook
steps:
  - {type: switch, id: way, rules: [{field: a, operator: gt, value: 1, route: big}], default: small}
  - {type: code, id: big, code: return 1}
  - {type: code, id: small, code: return 2}
`;
    expect(await check(text)).toEqual({ valid: true, errors: [], node_count: 4, edge_count: 3 });
    expect((await check(text.replace('route: big', 'route: huge'))).errors).toEqual([
      "Graph build error: 'way' leads to 'huge', but there is no such step",
    ]);
  });

  test('a loop goes through its body and needs one', async () => {
    const loop = (body: string) =>
      check(`name: L\nsteps: [{type: loop, id: each, over: trigger.items, body: ${body}}]`);
    expect(await loop('[{type: code, code: return 1}, {type: code, code: return 2}]')).toEqual({
      valid: true,
      errors: [],
      // The Set node that gives the list is one of them.
      node_count: 5,
      edge_count: 5,
    });
    expect((await loop('[]')).errors[0]).toMatch(/^Graph build error: Loop step 'each' requires/);
  });

  test('types that are not installed, and models nobody has, are told', async () => {
    const { errors, node_count, edge_count } = await check(
      'name: A\nmodel: {capability: some-model}\nsteps: [{type: agent, id: a, tools: [no_such_tool]}]',
    );
    expect(errors[0]).toBe("Model resolution error: No LLM credential found for capability 'some-model'");
    expect(errors.join()).toContain(
      "Graph build error: 'no_such_tool_a_1' needs the node type 'no_such_tool'",
    );
    // Trigger, agent, its model and its tool.
    expect([node_count, edge_count]).toEqual([4, 2]);
  });
});

describe('what cannot be read', () => {
  const bombs = `a: &a [x, x, x, x, x, x, x, x, x, x]\n${'bcdefghi'
    .split('')
    .map((name, at) => `${name}: &${name} [${Array(10).fill(`*${'abcdefgh'[at]}`).join(', ')}]`)
    .join('\n')}\n`;
  test.each([
    ['no YAML', 'name: [unclosed', /^Parse error: /],
    ['a list', '- a', /mapping/],
    ['a number', '7', /mapping/],
    ['nothing', '', /empty/],
    ['no name', 'steps: [{type: code}]', /`name`/],
    ['no steps', 'name: A', /`steps`/],
    ['empty steps', 'name: A\nsteps: []', /non-empty/],
    ['a step that is none', 'name: A\nsteps: [x]', /Step 0 must be a mapping/],
    ['a step without type', 'name: A\nsteps: [{id: a}]', /Step 0 is missing `type`/],
    ['an unknown step', 'name: A\nsteps: [{type: teleport}]', /unknown step type 'teleport'/],
    ['a word of every object', 'name: A\nsteps: [{type: constructor}]', /unknown step type/],
    ['an unknown trigger', 'name: A\ntrigger: moon\nsteps: [{type: code}]', /Unknown trigger type 'moon'/],
    [
      'the same id twice',
      'name: A\nsteps: [{type: code, id: a}, {type: wait, id: a}]',
      /duplicate step ID 'a'/,
    ],
    ['an odd id', 'name: A\nsteps: [{type: code, id: "a b"}]', /is no id/],
    ['a language of its own', 'name: !!js/function "x"\nsteps: []', /^Parse error: /],
    ['a bomb of aliases', bombs, /^Parse error: /],
    ['too deep a nest', `name: A\nsteps: ${'['.repeat(5000)}${']'.repeat(5000)}`, /^Parse error: /],
    ['too much', `name: A\n# ${'x'.repeat(300_000)}\nsteps: [{type: code}]`, /larger than 256 KiB/],
    ['no patches', 'based_on: mine', /`patches`/],
    ['an unknown patch', 'based_on: mine\npatches: [{action: explode}]', /Unknown action 'explode'/],
  ])('%s', async (_, text, message) => {
    const answer = await check(text);
    expect(answer).toMatchObject({ valid: false, node_count: 0, edge_count: 0 });
    expect(answer.errors.join()).toMatch(message);
    expect(answer.errors[0]).toMatch(/^Parse error: /);
  });

  test('only a missing or wrong field is refused', async () => {
    expect((await bob.call('workflows.validateDsl', {})).status).toBe(422);
    expect((await bob.call('workflows.validateDsl', { yaml_str: 5 })).status).toBe(422);
  });
});

test('a fork is of a workflow one may see', async () => {
  const fork = (slug: string) => check(`based_on: ${slug}\npatches: [{action: remove_step, id: a}]`);
  expect((await fork('mine')).errors[0]).toMatch(/Patch 0 \(remove_step\): There is no step 'a'/);
  for (const slug of ['hers', 'nowhere']) {
    expect((await fork(slug)).errors).toEqual([`Source workflow '${slug}' not found`]);
  }
});

test('a document of export is checked as an import would', async () => {
  await bob.ok('nodes.create', { workflow_slug: 'mine', component_type: 'trigger_manual', node_id: 't' });
  const document = await bob.ok('workflows.export', { workflow_slug: 'mine' });
  expect(await check(JSON.stringify(document))).toEqual({
    valid: true,
    errors: [],
    node_count: 1,
    edge_count: 0,
  });
});
