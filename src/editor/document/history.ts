import { applyCommands, type GraphCommand, inverseOf } from '#domain/graph/command.ts';
import type { Graph } from '#domain/graph/graph.ts';

/** One undoable step: what was done, how to take it back, and its name for the tooltip. */
export interface HistoryEntry {
  readonly name: string;
  readonly commands: readonly GraphCommand[];
  /** Undoes `commands`; applied in this order to the graph they produced. */
  readonly inverse: readonly GraphCommand[];
  /** Entries with the same key within the burst time become one step (typing in one field). */
  readonly mergeKey: string | null;
  /** Milliseconds since the epoch of the latest change in it. */
  readonly at: number;
}

export interface History {
  readonly past: readonly HistoryEntry[];
  readonly future: readonly HistoryEntry[];
}

export const EMPTY_HISTORY: History = { past: [], future: [] };
const LONGEST = 200;
const BURST_MS = 600;

/**
 * The graph after a batch of commands and the batch that takes it back.
 * @throws CommandError when a command does not fit; nothing is changed then.
 */
export function applyWithInverse(
  graph: Graph,
  commands: readonly GraphCommand[],
): { graph: Graph; inverse: GraphCommand[] } {
  if (touchesEachNodeOnce(commands)) {
    const inverse = commands.flatMap((command) => inverseOf(graph, command));
    return { graph: applyCommands(graph, commands), inverse };
  }
  const groups: GraphCommand[][] = [];
  let current = graph;
  for (const command of commands) {
    groups.unshift(inverseOf(current, command));
    current = applyCommands(current, [command]);
  }
  return { graph: current, inverse: groups.flat() };
}

/** Moves and settings of different nodes do not see each other, so one pass is enough (a layout of 1,000 nodes). */
function touchesEachNodeOnce(commands: readonly GraphCommand[]): boolean {
  const seen = new Set<string>();
  return commands.every((command) => {
    if (command.kind !== 'move_node' && command.kind !== 'update_node') return false;
    if (seen.has(command.id)) return false;
    seen.add(command.id);
    return true;
  });
}

/** The history with one more step; a burst under the same merge key grows the last step instead. */
export function recorded(history: History, entry: HistoryEntry): History {
  const last = history.past.at(-1);
  const continues =
    last && entry.mergeKey !== null && last.mergeKey === entry.mergeKey && entry.at - last.at <= BURST_MS;
  if (continues && history.future.length === 0) {
    const merged = {
      ...entry,
      commands: [...last.commands, ...entry.commands],
      inverse: [...entry.inverse, ...last.inverse],
    };
    return { past: [...history.past.slice(0, -1), merged], future: [] };
  }
  return { past: [...history.past, entry].slice(-LONGEST), future: [] };
}

/** The step to undo and the history once it is undone; null when there is none. */
export function takeUndo(history: History): { entry: HistoryEntry; history: History } | null {
  const entry = history.past.at(-1);
  if (!entry) return null;
  return {
    entry,
    history: { past: history.past.slice(0, -1), future: [{ ...entry, mergeKey: null }, ...history.future] },
  };
}

/** The step to redo and the history once it is redone; null when there is none. */
export function takeRedo(history: History): { entry: HistoryEntry; history: History } | null {
  const [entry, ...future] = history.future;
  if (!entry) return null;
  return { entry, history: { past: [...history.past, { ...entry, mergeKey: null }], future } };
}
