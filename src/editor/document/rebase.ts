import { applyCommands, CommandError, type GraphCommand } from '#domain/graph/command.ts';
import type { Graph, GraphNode } from '#domain/graph/graph.ts';
import { changedFields, collisions, touchedBy } from './touch.ts';

export interface Rebased {
  /** The server's graph: what was saved plus the missed commands. */
  readonly saved: Graph;
  /** What the person sees: the server's graph plus their own commands. */
  readonly graph: Graph;
  /** Their own commands as they fit the server's graph now. */
  readonly pending: readonly GraphCommand[];
  /** Where both sides changed the same thing; empty means the merge is safe. */
  readonly conflicts: readonly string[];
}

/**
 * Puts one's own unsaved commands on top of what others have saved meanwhile. Changes of different nodes or
 * different fields of one node are merged field by field; edges with a doubled id get a new one.
 */
export function rebase(
  saved: Graph,
  missed: readonly GraphCommand[],
  pending: readonly GraphCommand[],
): Rebased {
  const before = finder(saved);
  const conflicts = collisions(touchedBy(pending, before), touchedBy(missed, before)).filter(
    // A doubled edge id is solved by renumbering, not by asking.
    (key) =>
      !key.startsWith('edge:') ||
      pending.some((one) => one.kind === 'remove_edge' && key === `edge:${one.id}`),
  );
  const theirs = applyCommands(saved, missed);
  const { graph, commands } = replay(theirs, pending, before);
  return { saved: theirs, graph, pending: commands, conflicts };
}

const finder =
  (graph: Graph) =>
  (id: string): GraphNode | undefined =>
    graph.nodes.find((node) => node.id === id);

/** Applies as many commands as still fit, merged into the graph they meet. */
export function replay(
  graph: Graph,
  commands: readonly GraphCommand[],
  before: (id: string) => GraphNode | undefined,
): { graph: Graph; commands: GraphCommand[] } {
  const kept: GraphCommand[] = [];
  const edgeIds = new Map<number, number>();
  let current = graph;
  for (const command of commands) {
    const fitted = fit(current, command, before, edgeIds);
    const next = fitted && tryApply(current, fitted);
    if (!fitted || !next) continue;
    kept.push(fitted);
    current = next;
  }
  return { graph: current, commands: kept };
}

function tryApply(graph: Graph, command: GraphCommand): Graph | null {
  try {
    return applyCommands(graph, [command]);
  } catch (error) {
    if (error instanceof CommandError) return null;
    throw error;
  }
}

function fit(
  graph: Graph,
  command: GraphCommand,
  before: (id: string) => GraphNode | undefined,
  edgeIds: Map<number, number>,
): GraphCommand | null {
  if (command.kind === 'add_edge') {
    const { edge } = command;
    const ends = [edge.source, edge.target].every((id) => graph.nodes.some((node) => node.id === id));
    if (!ends) return null;
    if (!graph.edges.some((one) => one.id === edge.id)) return command;
    const id = Math.max(...graph.edges.map((one) => one.id)) + 1;
    edgeIds.set(edge.id, id);
    return { kind: 'add_edge', edge: { ...edge, id } };
  }
  if (command.kind === 'remove_edge')
    return { kind: 'remove_edge', id: edgeIds.get(command.id) ?? command.id };
  if (command.kind === 'update_node' && command.config) {
    const was = before(command.id)?.config;
    const now = finder(graph)(command.id)?.config;
    if (was && now) return { ...command, config: mergedConfig(was, command.config, now) };
  }
  return command;
}

type Config = NonNullable<Extract<GraphCommand, { kind: 'update_node' }>['config']>;

/** Their config with the fields laid over it which mine changed. */
function mergedConfig(was: object, mine: Config, now: object): Config {
  const merged = { ...(now as Config) };
  for (const field of changedFields(was, mine)) {
    const value = mine[field];
    if (value === undefined) delete merged[field];
    else merged[field] = value;
  }
  return merged;
}

/**
 * Whether the missed commands begin with the very batch that was being saved: its answer was lost on the way, and
 * it must not be applied twice.
 */
export function beginsWith(missed: readonly GraphCommand[], sent: readonly GraphCommand[]): boolean {
  if (sent.length === 0 || missed.length < sent.length) return false;
  return sent.every((command, at) => stable(missed[at]) === stable(command));
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
