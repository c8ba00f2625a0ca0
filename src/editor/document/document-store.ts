import { createStore, type StoreApi } from 'zustand/vanilla';
import { CommandError, type GraphCommand } from '#domain/graph/command.ts';
import type { Graph, GraphEdge, GraphNode } from '#domain/graph/graph.ts';
import { applyWithInverse, EMPTY_HISTORY, type History, recorded, takeRedo, takeUndo } from './history.ts';

/** The graph being edited, indexed, with its history. Unchanged nodes and edges keep their identity. */
export interface DocumentState {
  readonly graph: Graph;
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly edges: ReadonlyMap<number, GraphEdge>;
  readonly nextEdgeId: number;
  readonly history: History;
  /** Path of each webhook trigger's address, by node id; known once the node is saved. */
  readonly webhooks: Readonly<Record<string, string>>;
  readonly readOnly: boolean;
}

export interface Change {
  /** For the undo tooltip: “Move 3 nodes”. */
  readonly name: string;
  readonly commands: readonly GraphCommand[];
  readonly mergeKey?: string;
}

type Listener = (commands: readonly GraphCommand[]) => void;

export interface EditedDocument {
  readonly store: StoreApi<DocumentState>;
  /** Applies a change as one undo step; false when it did not fit the graph (nothing happens then). */
  readonly apply: (change: Change) => boolean;
  /** The name of the step that was undone or redone; null when there was none. */
  readonly undo: () => string | null;
  readonly redo: () => string | null;
  /** Puts another graph in place, keeping the identity of equal nodes. History stays only where it is told to. */
  readonly replace: (graph: Graph, options: { keepHistory: boolean }) => void;
  /** Every command that changes the graph from here, undo and redo included: the autosave's feed. */
  readonly onCommands: (listener: Listener) => () => void;
}

const indexed = (graph: Graph) => ({
  graph,
  nodes: new Map(graph.nodes.map((node) => [node.id, node])),
  edges: new Map(graph.edges.map((edge) => [edge.id, edge])),
});

const highestEdgeId = (graph: Graph): number =>
  graph.edges.reduce((most, edge) => Math.max(most, edge.id), 0);

export interface DocumentSeed {
  readonly graph: Graph;
  readonly nextEdgeId?: number;
  readonly webhooks?: Readonly<Record<string, string>>;
  readonly readOnly?: boolean;
}

export function createDocument(seed: DocumentSeed): EditedDocument {
  const store = createStore<DocumentState>(() => ({
    ...indexed(seed.graph),
    nextEdgeId: Math.max(seed.nextEdgeId ?? 1, highestEdgeId(seed.graph) + 1),
    history: EMPTY_HISTORY,
    webhooks: seed.webhooks ?? {},
    readOnly: seed.readOnly ?? false,
  }));
  const listeners = new Set<Listener>();

  const commit = (graph: Graph, commands: readonly GraphCommand[], history: History): void => {
    store.setState((state) => ({
      ...indexed(graph),
      history,
      nextEdgeId: Math.max(state.nextEdgeId, highestEdgeId(graph) + 1),
    }));
    for (const listener of listeners) listener(commands);
  };

  const apply = ({ name, commands, mergeKey }: Change): boolean => {
    const { graph, history, readOnly } = store.getState();
    if (readOnly || commands.length === 0) return false;
    const done = attempt(graph, commands);
    if (!done) return false;
    const entry = { name, commands, inverse: done.inverse, mergeKey: mergeKey ?? null, at: Date.now() };
    commit(done.graph, commands, recorded(history, entry));
    return true;
  };

  /** A step that no longer fits (another person removed its node) is dropped with the history that leads to it. */
  const step = (
    taken: ReturnType<typeof takeUndo>,
    commands: readonly GraphCommand[] | undefined,
  ): string | null => {
    if (!taken || !commands) return null;
    const done = attempt(store.getState().graph, commands);
    if (!done) {
      store.setState({ history: EMPTY_HISTORY });
      return null;
    }
    commit(done.graph, commands, taken.history);
    return taken.entry.name;
  };

  return {
    store,
    apply,
    undo: () => {
      const taken = takeUndo(store.getState().history);
      return step(taken, taken?.entry.inverse);
    },
    redo: () => {
      const taken = takeRedo(store.getState().history);
      return step(taken, taken?.entry.commands);
    },
    replace: (graph, { keepHistory }) =>
      store.setState((state) => ({
        ...indexed(shared(state, graph)),
        nextEdgeId: Math.max(state.nextEdgeId, highestEdgeId(graph) + 1),
        history: keepHistory ? state.history : EMPTY_HISTORY,
      })),
    onCommands: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function attempt(
  graph: Graph,
  commands: readonly GraphCommand[],
): ReturnType<typeof applyWithInverse> | null {
  try {
    return applyWithInverse(graph, commands);
  } catch (error) {
    if (error instanceof CommandError) return null;
    throw error;
  }
}

/** The graph with every part that equals one already held replaced by that very object. */
function shared(state: DocumentState, graph: Graph): Graph {
  return {
    nodes: graph.nodes.map((node) => same(state.nodes.get(node.id), node)),
    edges: graph.edges.map((edge) => same(state.edges.get(edge.id), edge)),
  };
}

function same<T extends object>(old: T | undefined, next: T): T {
  return old && JSON.stringify(old) === JSON.stringify(next) ? old : next;
}
