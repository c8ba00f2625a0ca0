import { DEFAULT_SETTINGS, type GraphEdge, type GraphNode } from '#domain/graph/graph.ts';

/** A workflow as it is imported. */
export interface Document {
  readonly format: 'pipewright/workflow';
  readonly version: 1;
  readonly workflow: { readonly name: string };
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

const node = (id: string, type: string, config: Record<string, unknown> = {}): GraphNode => ({
  id,
  type,
  label: null,
  x: 0,
  y: 0,
  config,
  settings: DEFAULT_SETTINGS,
});

/** Edges as `source.port -> target.port`. */
function edges(...lines: string[]): GraphEdge[] {
  return lines.map((line, n) => {
    const [from = '', to = ''] = line.split(' -> ');
    const [source = '', sourcePort = ''] = from.split('.');
    const [target = '', targetPort = ''] = to.split('.');
    return { id: n + 1, source, sourcePort, target, targetPort, priority: 0 };
  });
}

function document(name: string, nodes: GraphNode[], lines: string[]): Document {
  return {
    format: 'pipewright/workflow',
    version: 1,
    workflow: { name },
    nodes,
    edges: edges(...lines),
  };
}

/** One call outside, two at once, one more, with pure steps in between. */
export function callsFlow(sink: string, trigger = 'trigger_manual', config = {}): Document {
  const call = (id: string) => node(id, 'http_request', { url: `${sink}/${id}` });
  return document(
    'Chaos calls',
    [
      node('start', trigger, config),
      call('first'),
      node('between', 'set', { mode: 'text', text: 'after {{ first.response.status }}' }),
      call('left'),
      call('right'),
      node('join', 'merge', {}),
      call('last'),
    ],
    [
      'start.payload -> first.input',
      'first.body -> between.input',
      'between.output -> left.input',
      'between.output -> right.input',
      'left.body -> join.branches',
      'right.body -> join.branches',
      'join.merged -> last.input',
    ],
  );
}

/** A call outside, a pause long enough to be left to the database, another call. */
export function waitFlow(sink: string): Document {
  const call = (id: string) => node(id, 'http_request', { url: `${sink}/${id}` });
  return document(
    'Chaos wait',
    [
      node('start', 'trigger_manual'),
      call('before'),
      node('rest', 'wait', { duration: 2, unit: 'seconds' }),
      call('after'),
    ],
    ['start.payload -> before.input', 'before.body -> rest.input', 'rest.output -> after.input'],
  );
}

/** A webhook whose caller waits for a call outside. */
export function answeringFlow(sink: string): Document {
  return document(
    'Chaos answer',
    [
      node('hook', 'trigger_webhook', { respond: 'when_finished' }),
      node('ask', 'http_request', { url: sink }),
      node('answer', 'reply', { body: '{{ ask.response.status }}' }),
    ],
    ['hook.payload -> ask.input', 'ask.body -> answer.input'],
  );
}
