import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { credentialsIn } from '#domain/credential/reference.ts';
import { refusal } from '#domain/graph/connect.ts';
import { DEFAULT_SETTINGS, type GraphEdge, type GraphNode, nodeSettings } from '#domain/graph/graph.ts';
import { type AnyDefinition, portsOf } from '#domain/node/definition.ts';
import { definitionOf, nodeDefinitions } from '#nodes/definitions.ts';
import { arbitraryOf } from '#server/conformance/schema-arbitrary.ts';
import { refuseUnsafe } from '#server/http/json-text.ts';
import type { Schema } from '#server/http/sample-value.ts';
import { type Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';

let server: TestServer;
let bob: Caller;
let account: number;
beforeAll(async () => {
  const types = nodeDefinitions.filter((one) => one.needsOperator).map((one) => one.type);
  server = await startTestServer({ PIPEWRIGHT_ENABLE: types.join(',') });
  bob = await server.addUser('bob');
  const made = await bob.ok<{ id: number }>('credentials.create', {
    name: 'Kept by name',
    credential_type: 'llm',
    detail: { provider_type: 'openai', api_key: 'sk-test' },
  });
  account = made.id;
});
afterAll(() => server.close());

interface Document {
  readonly workflow: { readonly name: string };
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

const isSafe = (value: unknown): boolean => {
  try {
    refuseUnsafe(value, ['body']);
    return true;
  } catch {
    return false;
  }
};

/** Any JSON text keeps; `-0` and lone halves of characters have no JSON of their own. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** A config the type takes; fields that refer to a credential name one of ours. */
function configOf(definition: AnyDefinition): fc.Arbitrary<Record<string, unknown>> {
  const schema = z.toJSONSchema(definition.config, { io: 'input', unrepresentable: 'any' }) as Schema;
  const isFit = (value: unknown): boolean => isSafe(value) && definition.config.safeParse(value).success;
  return fc
    .array(arbitraryOf(schema, schema), { minLength: 6, maxLength: 6 })
    .map((tries) => (tries.map(plain).find(isFit) ?? {}) as Record<string, unknown>);
}

const settingsOf: fc.Arbitrary<GraphNode['settings']> = fc
  .record(
    {
      onError: fc.constantFrom('fail', 'continue', 'route'),
      join: fc.constantFrom('all', 'any'),
      timeoutMs: fc.integer({ min: 1, max: 9999 }),
    },
    { requiredKeys: [] },
  )
  .map((some) => nodeSettings.parse(some));

const labels = fc.option(fc.string({ maxLength: 20 }).filter(isSafe), { nil: null });
const place = fc.double({ min: -9999, max: 9999, noNaN: true }).map((n) => Math.round(n * 100) / 100 + 0);

function nodeOf(definition: AnyDefinition): fc.Arbitrary<GraphNode> {
  const { type } = definition;
  const settings = definition.trigger || definition.isPart ? fc.constant(DEFAULT_SETTINGS) : settingsOf;
  return fc.record({
    id: fc.constant(`n_${type}`),
    type: fc.constant(type),
    label: labels,
    x: place,
    y: place,
    config: configOf(definition),
    settings,
  });
}

/** As many edges of a shuffled list of all pairs as the rules of drawing take. */
function connected(nodes: readonly GraphNode[], pick: readonly number[]): GraphEdge[] {
  const edges: GraphEdge[] = [];
  for (const [at, number] of pick.entries()) {
    const source = nodes[number % nodes.length];
    const target = nodes[(number >> 8) % nodes.length];
    if (!source || !target) continue;
    const outputs = portsOf(source, definitionOf).outputs;
    const inputs = portsOf(target, definitionOf).inputs;
    const from = outputs[at % Math.max(1, outputs.length)];
    for (const to of inputs) {
      if (!from) break;
      const edge = { source: source.id, sourcePort: from.name, target: target.id, targetPort: to.name };
      if (refusal({ nodes, edges }, edge, definitionOf) !== null) continue;
      edges.push({ ...edge, id: edges.length + 1, priority: at % 3 });
      break;
    }
  }
  return edges;
}

const document: fc.Arbitrary<Document> = fc
  .tuple(
    fc.tuple(...nodeDefinitions.map(nodeOf)),
    fc.array(fc.nat(0xff_ffff), { minLength: 300, maxLength: 300 }),
  )
  .map(([nodes, pick]) => ({
    format: 'pipewright/workflow',
    version: 1,
    workflow: { name: 'Everything', description: 'One of each.', tags: ['a', 'ü: "b"'] },
    nodes,
    edges: connected(nodes, pick),
  }));

describe('a document', () => {
  test('with every node type, drawn in any way, comes back as it went', async () => {
    await fc.assert(
      fc.asyncProperty(document, async (drawn) => {
        const credentials = { 'Kept by name': account };
        const first = await bob.ok<{ slug: string }>('workflows.import', { document: drawn, credentials });
        const once = await bob.ok<Document>('workflows.export', { workflow_slug: first.slug });
        expect(once.nodes.map(({ type }) => type)).toEqual(nodeDefinitions.map(({ type }) => type));
        expect(once.edges).toEqual(drawn.edges);
        expect(drawn.edges.length).toBeGreaterThan(20);
        const second = await bob.ok<{ slug: string }>('workflows.import', { document: once, credentials });
        expect(await bob.ok('workflows.export', { workflow_slug: second.slug })).toEqual(once);
        for (const format of ['yaml', 'json']) {
          const { text } = await bob.ok<{ text: string }>('workflows.exportText', {
            workflow_slug: first.slug,
            format,
          });
          const third = await bob.ok<{ slug: string }>('workflows.importText', { text, credentials });
          expect(await bob.ok('workflows.export', { workflow_slug: third.slug })).toEqual(once);
        }
      }),
      { numRuns: 6, endOnFailure: true },
    );
  }, 120_000);

  test('names credentials instead of their ids, and finds them again by name', async () => {
    const { slug } = await bob.ok<{ slug: string }>('workflows.fromDsl', {
      yaml_str: `name: Named\ntrigger: manual\nmodel: {credential_id: ${account}, model_name: m}\nsteps: [{type: agent, id: a}]`,
    });
    const { text, filename } = await bob.ok<{ text: string; filename: string }>('workflows.exportText', {
      workflow_slug: slug,
    });
    expect(filename).toBe('named.yaml');
    expect(text).toContain('missing: Kept by name');
    expect(text).not.toMatch(/llm_credential_id: \d/);
    const again = await bob.ok<{ slug: string }>('workflows.importText', {
      text,
      name: 'Twin',
      credentials: { 'Kept by name': account },
    });
    const graph = await bob.ok<Document>('workflows.graph', { workflow_slug: again.slug });
    const model = graph.nodes.find(({ type }) => type === 'ai_model');
    const definition = definitionOf('ai_model');
    expect(definition && credentialsIn(model?.config ?? {}, definition).map(({ value }) => value)).toEqual([
      account,
    ]);
    const bare = await bob.ok<{ slug: string }>('workflows.importText', { text });
    const exported = await bob.ok('workflows.exportText', { workflow_slug: bare.slug });
    expect(exported).toMatchObject({ text });
  });
});

describe('a broken text is refused in words', () => {
  const head = 'format: pipewright/workflow\nversion: 1\nworkflow: {name: A}\n';
  test.each([
    ['nothing', '', /no workflow document|empty/],
    ['no YAML', 'a: [', /neither YAML nor JSON/],
    ['a list', '- a', /no workflow document/],
    ['steps', 'name: A\nsteps: []', /from-dsl/],
    ['another format', 'format: n8n', /format:/],
    ['no nodes', head, /nodes: /],
    ['a node without id', `${head}nodes: [{type: set}]\nedges: []`, /nodes\.0\.id: /],
    ['an edge of nothing', `${head}nodes: []\nedges: [{id: 1}]`, /edges\.0\.source: /],
    ['another version', head.replace('version: 1', 'version: 2'), /version: /],
  ])('%s', async (_, text, message) => {
    const answer = await bob.call('workflows.importText', { text });
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).toMatch(message);
  });

  test('and what pollutes objects, or is deeper than anything honest', async () => {
    const polluted = `${head}nodes: [{id: a, type: set, label: null, x: 0, y: 0, settings: {}, config: {"__proto__": {"a": 1}}}]\nedges: []`;
    expect((await bob.call('workflows.importText', { text: polluted })).status).toBe(422);
    const deep = `${head}nodes: ${'['.repeat(5000)}${']'.repeat(5000)}`;
    expect((await bob.call('workflows.importText', { text: deep })).status).toBe(422);
  });
});
