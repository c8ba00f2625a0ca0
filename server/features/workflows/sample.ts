import { DEFAULT_SETTINGS, type Graph, type GraphEdge, type GraphNode } from '#domain/graph/graph.ts';

const code = `// The form of the order is up to the sender: missing parts become sensible defaults.
const order = input.body ?? input;
const items = order.items ?? [
  { name: 'Espresso machine', price: 420, quantity: 1 },
  { name: 'Cup', price: 9.5, quantity: 6 },
];
const total = items.reduce((sum, item) => sum + item.price * (item.quantity ?? 1), 0);
const reasons = [];
if (total > 500) reasons.push('large amount');
if (order.country && order.country !== order.card_country) reasons.push('card from another country');
console.log(items.length + ' items, total ' + total.toFixed(2));
return {
  customer: order.customer ?? 'Ada Lovelace',
  items: items.length,
  total: Math.round(total * 100) / 100,
  risk: reasons.length === 0 ? 'low' : 'high',
  reasons,
};`;

interface Drawn {
  readonly label: string;
  readonly at: readonly [number, number];
  readonly config?: Readonly<Record<string, unknown>>;
}

const node = (id: string, type: string, { label, at, config = {} }: Drawn): GraphNode => ({
  id,
  type,
  label,
  x: at[0],
  y: at[1],
  config,
  settings: DEFAULT_SETTINGS,
});

const nodes: GraphNode[] = [
  node('start', 'trigger_manual', { label: 'Try it', at: [0, 0] }),
  node('order_in', 'trigger_webhook', {
    label: 'Order arrives',
    at: [0, 180],
    config: { methods: ['POST'], respond: 'when_finished' },
  }),
  node('assess', 'code', {
    label: 'Total and risk',
    at: [320, 90],
    config: { code, language: 'javascript' },
  }),
  node('triage', 'switch', {
    label: 'Risky?',
    at: [640, 90],
    config: {
      rules: [{ id: 'risky', label: 'Risky', field: 'risk', operator: 'equals', value: 'high' }],
      enable_fallback: true,
    },
  }),
  node('review', 'set', {
    label: 'Ask for review',
    at: [960, 0],
    config: {
      mode: 'fields',
      fields: {
        decision: 'review',
        message:
          'The order of {{ assess.output.customer }} over {{ assess.output.total }} needs a second look.',
        reasons: '{{ assess.output.reasons }}',
      },
    },
  }),
  node('approve', 'set', {
    label: 'Approve',
    at: [960, 180],
    config: {
      mode: 'fields',
      fields: {
        decision: 'approved',
        message: 'The order of {{ assess.output.customer }} over {{ assess.output.total }} is on its way.',
      },
    },
  }),
  node('join', 'merge', { label: 'Whatever was decided', at: [1280, 90], config: { mode: 'first' } }),
  node('answer', 'reply', { label: 'Answer the shop', at: [1600, 90], config: { status: 200 } }),
];

const wires: readonly (readonly [string, string, string, string])[] = [
  ['start', 'payload', 'assess', 'input'],
  ['order_in', 'payload', 'assess', 'input'],
  ['assess', 'output', 'triage', 'input'],
  ['triage', 'risky', 'review', 'input'],
  ['triage', '__other__', 'approve', 'input'],
  ['review', 'output', 'join', 'branches'],
  ['approve', 'output', 'join', 'branches'],
  ['join', 'merged', 'answer', 'input'],
];

const edges = wires.map(
  ([source, sourcePort, target, targetPort], index): GraphEdge => ({
    id: index + 1,
    source,
    sourcePort,
    target,
    targetPort,
    priority: 0,
  }),
);

/** What a new installation starts with: real work that needs no account, no network and no configuration. */
export const sample: { readonly name: string; readonly description: string; readonly graph: Graph } = {
  name: 'Order triage',
  description:
    'Adds up an order, decides whether it is risky and answers. Press Run, or post an order to the webhook address.',
  graph: { nodes, edges },
};
