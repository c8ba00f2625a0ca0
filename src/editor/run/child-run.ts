import { type CardState, isEnded } from './step-view.ts';

/** What the messages said of one run that a node waits for. */
export interface ChildRun {
  /** How its nodes stand, by their ids. */
  readonly nodes: Readonly<Record<string, CardState>>;
  /** The node that was heard of last while it worked, by its title. */
  readonly at: string | null;
}

/** The runs that the nodes of the shown one have started and wait for. */
export interface Children {
  readonly runs: Readonly<Record<string, ChildRun>>;
  /** Their ids, by the node that waits. Runs that those have started are not among them. */
  readonly byNode: Readonly<Record<string, readonly string[]>>;
}

export const NO_CHILDREN: Children = { runs: {}, byNode: {} };

const NEW: ChildRun = { nodes: {}, at: null };
const STATES: Readonly<Record<string, CardState>> = { pending: 'queued' };

type Data = Readonly<Record<string, unknown>>;

/** After a `child_node_status`; children nobody spoke of keep their identity. */
export function afterChild(children: Children, data: Data): Children {
  const { child_execution_id: id, node_id: node, status } = data;
  if (typeof id !== 'string' || typeof node !== 'string' || typeof status !== 'string') return children;
  // What a step of it calls is no step of it.
  if (data['is_tool_call'] === true || data['is_part_call'] === true) return children;
  const run = children.runs[id] ?? NEW;
  const state = STATES[status] ?? (status as CardState);
  const title = String(data['node_label'] ?? data['display_name'] ?? node);
  const at = isEnded(state) ? run.at : title;
  return { ...children, runs: { ...children.runs, [id]: { nodes: { ...run.nodes, [node]: state }, at } } };
}

/** After a step has said which runs it waits for. */
export function afterWait(children: Children, node: string, data: Data): Children {
  const ids = runsIn(data);
  if (ids.length === 0) return children;
  const known = children.byNode[node] ?? [];
  const all = [...new Set([...known, ...ids])];
  return all.length === known.length
    ? children
    : { ...children, byNode: { ...children.byNode, [node]: all } };
}

function runsIn({ child_execution_ids: told, shown }: Data): string[] {
  const { execution_id: one, execution_ids: many } = (shown ?? {}) as Data;
  const ids: unknown[] = Array.isArray(told) ? told : [one, ...(Array.isArray(many) ? many : [])];
  return ids.filter((id) => typeof id === 'string');
}

/** How many of its nodes have come to their end. */
export const endedIn = (nodes: ChildRun['nodes']): number => Object.values(nodes).filter(isEnded).length;

/** What is known of either; of a run, what the first knows. */
export const joined = (first: Children, second: Children): Children => ({
  runs: { ...second.runs, ...first.runs },
  byNode: { ...second.byNode, ...first.byNode },
});
