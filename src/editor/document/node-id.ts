import type { Graph } from '#domain/graph/graph.ts';

const READABLE: Readonly<Record<string, string>> = {
  trigger_manual: 'start',
  trigger_webhook: 'webhook',
  http_request: 'http',
};

/** A short id that reads well in templates: `set_1`, `http_2`; unique among `taken`. */
export function freshNodeId(type: string, taken: ReadonlySet<string>): string {
  const stem = READABLE[type] ?? type.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 48);
  for (let count = 1; ; count++) {
    const id = `${stem}_${count}`;
    if (!taken.has(id)) return id;
  }
}

/** A title nobody else has: `Set`, `Set 2`, `Set 3`. */
export function freshLabel(title: string, graph: Graph): string {
  const taken = new Set(graph.nodes.map((node) => node.label ?? node.id));
  if (!taken.has(title)) return title;
  const stem = title.replace(/ \d+$/, '');
  for (let count = 2; ; count++) {
    const label = `${stem} ${count}`;
    if (!taken.has(label)) return label;
  }
}
