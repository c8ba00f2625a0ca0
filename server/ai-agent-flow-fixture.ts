import type { Flow, FlowWorld } from './ai-flow-fixture.ts';
import { MODEL, type NodeSketch } from './ai-stage-fixture.ts';

/** One function of a tool that the model calls. */
export interface Use {
  readonly name: string;
  readonly args: object | ((told: readonly string[]) => object);
  /** What the call is recorded to have given; may be a matcher. */
  readonly gives: unknown;
  /** The node it belongs to; `tool` if absent. */
  readonly node?: string;
  /** What the tool has recorded of its own before that: title and result. */
  readonly within?: readonly [title: string, result: unknown];
}

export interface AgentSketch extends Partial<Pick<Flow, 'nodes' | 'edges' | 'reached' | 'children'>> {
  readonly type: string;
  readonly tool: NodeSketch;
  readonly uses: readonly Use[];
}

/** A call of the flow's usual model, as it is charged. */
export const chargeOf = (node_id = 'work', model: string = MODEL.name) => ({ node_id, step_key: '', model });

/** An agent with a tool: it calls the functions one after the other, then says it is done. */
export function agentFlow({ type, tool, uses, nodes = {}, edges = [], ...more }: AgentSketch): Flow {
  return {
    type,
    nodes: { work: ['agent'], tool, ...nodes },
    edges: ['tool.tool > work.tools', ...edges],
    script: [
      ...uses.map(({ name, args }) => (told: readonly string[]) => ({
        toolCalls: [{ name, args: typeof args === 'function' ? args(told) : args }],
      })),
      { text: 'Done.' },
    ],
    charged: [...uses, null].map(() => chargeOf()),
    calls: uses.flatMap(({ name, gives, node = 'tool', within }, at) => {
      const key = `tool:${at + 1}:0`;
      const [title, result] = within ?? [];
      return [
        ...(title ? [{ key: `${key}/${title}`, kind: 'tool', title, tool_node: null, result }] : []),
        { key, kind: 'tool', title: name, tool_node: node, result: gives },
      ];
    }),
    answer: { output: 'Done.' },
    ...more,
  };
}

/** A row for a tool that needs nothing prepared but what there is to reach. */
export const toolRow = (type: string, sketch: (world: FlowWorld) => Omit<AgentSketch, 'type'>) => ({
  type,
  flow: (world: FlowWorld) => agentFlow({ type, ...sketch(world) }),
});
