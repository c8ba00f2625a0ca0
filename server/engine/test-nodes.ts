import { createHash } from 'node:crypto';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { Graph, GraphEdge, GraphNode, NodeSettings } from '#domain/graph/graph.ts';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { type AnyDefinition, type DefinitionOf, defineNode } from '#domain/node/definition.ts';
import { type AnyExecutor, type Capabilities, StepError, type StepInput } from '#domain/node/executor.ts';
import { toolFunction } from '#domain/node/tool.ts';

/** Node types for the engine's own tests: small, and with every way a step can end. */
const value = { name: 'in', type: 'any' as const };
const out = { name: 'out', type: 'any' as const };
const shared = { icon: 'box', category: 'data' as const, summary: '', docs: '', formatVersion: 1 };

const plain = (
  type: string,
  effect: 'pure' | 'external',
  config: z.ZodObject = z.looseObject({}),
): AnyDefinition => ({
  ...shared,
  type,
  title: type,
  effect,
  config,
  ports: () => ({ inputs: [value], outputs: [out] }),
});

const definitions: Record<string, AnyDefinition> = {
  trigger: {
    ...plain('trigger', 'pure'),
    trigger: 'manual',
    ports: () => ({ inputs: [], outputs: [{ name: 'payload', type: 'any' }] }),
  },
  pass: plain('pass', 'pure'),
  strict: plain('strict', 'pure', z.object({ count: z.int() })),
  deep: plain('deep', 'pure', z.object({ depth: z.int() })),
  large: plain('large', 'pure', z.object({ bytes: z.int() })),
  measure: plain('measure', 'pure'),
  fail: plain(
    'fail',
    'pure',
    z.object({ times: z.int().default(1e9), permanent: z.boolean().default(false) }),
  ),
  hang: plain('hang', 'external'),
  call: plain('call', 'external', z.object({ url: z.string() })),
  pause: plain('pause', 'pure', z.object({ ms: z.number() })),
  reply: plain('reply', 'pure'),
  ask: plain('ask', 'pure', z.object({ sources: z.array(z.string()), ms: z.number().optional() })),
  /** Thinks and calls each of its tools, `rounds` times. The attempt `breaks` fails after it has said something. */
  host: {
    ...plain('host', 'external', z.object({ url: z.string(), rounds: z.int(), breaks: z.int().default(0) })),
    ports: () => ({ inputs: [value, { name: 'tools', type: 'tool', many: true }], outputs: [out] }),
  },
  tool: {
    ...plain('tool', 'external', z.object({ url: z.string(), path: z.string().default('') })),
    tool: () => [
      toolFunction({ name: 'fetch', description: '', parameters: z.object({ path: z.string() }) }),
    ],
  },
  asker: {
    ...plain('asker', 'external'),
    tool: () => [toolFunction({ name: 'ask', description: '', parameters: z.looseObject({}) })],
  },
  loop: {
    ...plain('loop', 'pure'),
    ports: () => ({
      inputs: [value, { ...value, name: 'back', many: true, loop: 'return' }],
      outputs: [
        { ...out, name: 'each', loop: 'body' },
        { ...out, name: 'results' },
      ],
    }),
  },
  choose: {
    ...plain('choose', 'pure'),
    ports: () => ({
      inputs: [value],
      outputs: [
        { ...out, name: 'yes' },
        { ...out, name: 'no' },
      ],
    }),
  },
  collect: defineNode({
    ...shared,
    type: 'collect',
    title: 'collect',
    effect: 'pure',
    config: z.looseObject({}),
    ports: () => ({ inputs: [{ ...value, many: true }], outputs: [out] }),
  }) as AnyDefinition,
};

export const definitionOf: DefinitionOf = (type) => definitions[type];

interface TestInput extends Omit<StepInput, 'config'> {
  readonly config: Record<string, unknown>;
}
type TestExecutor = (input: TestInput, capabilities: Capabilities) => ReturnType<AnyExecutor>;

function fetchText(url: string, key: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: { 'idempotency-key': key }, signal, agent: false }, (response) => {
      text(response).then(resolve, reject);
    });
    request.once('error', reject);
  });
}

const nested = (depth: number): unknown => {
  let tree: unknown = 0;
  for (let level = 0; level < depth; level += 1) tree = [tree];
  return tree;
};

const table: Record<string, TestExecutor> = {
  pass: ({ inputs }) => ({ kind: 'done', outputs: { out: inputs.in ?? null } }),
  strict: ({ config }) => ({ kind: 'done', outputs: { out: config.count } }),
  deep: ({ config }) => ({ kind: 'done', outputs: { out: nested(Number(config.depth)) } }),
  large: ({ config }) => ({ kind: 'done', outputs: { out: 'x'.repeat(Number(config.bytes)) } }),
  measure: ({ inputs }) => {
    const text = String(inputs.in);
    const hash = createHash('sha256').update(text).digest('hex');
    return { kind: 'done', outputs: { out: { length: text.length, hash } } };
  },
  fail: ({ attempt, config, inputs }) => {
    if (attempt <= Number(config.times)) {
      throw new StepError('broken', `attempt ${attempt} broke`, { permanent: config.permanent === true });
    }
    return { kind: 'done', outputs: { out: inputs.in ?? null } };
  },
  hang: ({ signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new StepError('aborted', 'aborted')));
    }),
  call: async ({ config, idempotencyKey, signal }) => ({
    kind: 'done',
    outputs: { out: await fetchText(String(config.url), idempotencyKey, signal) },
  }),
  pause: ({ config, inputs }, { now }) => ({
    kind: 'wait',
    until: now() + Number(config.ms),
    outputs: { out: inputs.in ?? null },
  }),
  reply: ({ inputs }) => ({
    kind: 'done',
    outputs: { out: inputs.in ?? null },
    reply: { status: 200, headers: {}, body: inputs.in ?? null },
  }),
  ask: ({ config, resumed }, { now }) => {
    if (resumed) {
      return {
        kind: 'done',
        outputs: { out: resumed.timedOut ? 'late' : { ...resumed.signals, kept: resumed.kept } },
      };
    }
    return {
      kind: 'suspend',
      sources: config.sources as string[],
      until: config.ms === undefined ? null : now() + Number(config.ms),
      human: true,
      kept: 'k',
      shown: { prompt: 'Well?' },
    };
  },
  host: async ({ config, parts, resumed, signal, idempotencyKey, attempt }, { once, callTool, say }) => {
    const tools = parts['tools'] ?? [];
    const said: unknown[] = [];
    for (let round = 1; round <= Number(config.rounds); round += 1) {
      const think = { key: `think:${round}`, kind: 'model' as const, title: 'thought' };
      said.push(
        await once(think, async () => {
          const thought = await fetchText(`${String(config['url'])}/think/${round}`, idempotencyKey, signal);
          return { thought };
        }),
      );
      await say(`round ${round}`, think.key);
      if (attempt === config.breaks) throw new Error('It broke after it had said something.');
      const outcomes = await Promise.all(
        tools.map((part) =>
          callTool({
            part,
            function: part.type === 'asker' ? 'ask' : 'fetch',
            args: { path: `/tool/${round}` },
            key: `${round}:${part.id}`,
            resumed:
              resumed && (resumed.kept as { key: string }).key === `${round}:${part.id}` ? resumed : null,
          }),
        ),
      );
      for (const [at, outcome] of outcomes.entries()) {
        if (outcome.kind === 'suspend') {
          return { ...outcome, kept: { key: `${round}:${tools[at]?.id ?? ''}` } };
        }
      }
      said.push(outcomes.map((outcome) => (outcome.kind === 'done' ? outcome.result : null)));
    }
    return { kind: 'done', outputs: { out: said } };
  },
  tool: async ({ config, idempotencyKey, signal }) => ({
    kind: 'done',
    outputs: {
      out: await fetchText(`${String(config['url'])}${String(config['path'])}`, idempotencyKey, signal),
    },
  }),
  asker: ({ resumed, idempotencyKey }) => {
    const source = `ask:${idempotencyKey.split(':').slice(3).join(':')}`;
    if (resumed) return { kind: 'done', outputs: { out: resumed.signals[source] } };
    return { kind: 'suspend', sources: [source], until: null };
  },
  loop: ({ inputs, config }) => ({
    kind: 'iterate',
    items: inputs.in as unknown[],
    parallelism: 1,
    onItemError: 'stop',
    breakWhen: [],
    ...config,
  }),
  choose: ({ inputs }) => ({ kind: 'done', outputs: inputs.in ? { yes: inputs.in } : { no: inputs.in } }),
  collect: ({ inputs }) => ({ kind: 'done', outputs: { out: inputs.in ?? [] } }),
};

export const executors: Readonly<Record<string, AnyExecutor>> = table as Record<string, AnyExecutor>;

type NodeSpec = readonly [
  id: string,
  type: string,
  config?: Record<string, unknown>,
  settings?: Partial<NodeSettings>,
];

/** A graph from `['a', 'pass']` nodes and `'a -> b'` or `'a.port -> b.port'` edges; a trigger `t` is always there. */
export function graphOf(nodes: readonly NodeSpec[], edges: readonly string[]): Graph {
  const all: readonly NodeSpec[] = [['t', 'trigger'], ...nodes];
  return {
    nodes: all.map(
      ([id, type, config = {}, settings = {}]): GraphNode => ({
        id,
        type,
        label: null,
        x: 0,
        y: 0,
        config,
        settings: { ...DEFAULT_SETTINGS, ...settings },
      }),
    ),
    edges: edges.map((edge, index): GraphEdge => {
      const [from = '', to = ''] = edge.split(' -> ');
      const [source = '', sourcePort = source === 't' ? 'payload' : 'out'] = from.split('.');
      const [target = '', targetPort = 'in'] = to.split('.');
      return { id: index + 1, source, sourcePort, target, targetPort, priority: 0 };
    }),
  };
}

/** `t` and `length` more pass nodes in a row, named n1 … */
export function chain(length: number): Graph {
  const nodes = Array.from({ length }, (_, index): NodeSpec => [`n${index + 1}`, 'pass']);
  const edges = nodes.map((_, index) => `${index === 0 ? 't' : `n${index}`} -> n${index + 1}`);
  return graphOf(nodes, edges);
}
