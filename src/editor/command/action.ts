import type { GraphCommand } from '#domain/graph/command.ts';
import type { GraphNode } from '#domain/graph/graph.ts';
import { nodeTitle } from '#domain/graph/graph.ts';
import type { AnyDefinition } from '#domain/node/definition.ts';
import { toast } from '#ui/toast.tsx';
import { copyText, pasteCommands, readClipboard } from '../document/clipboard.ts';
import type { Change } from '../document/document-store.ts';
import {
  type Added,
  addNodeAt,
  addNodeAtEnd,
  addNodeBeside,
  countOf,
  type Editable,
  edgeOf,
  fittingConnection,
  insertOnEdge,
  type LooseEnd,
  refusalOf,
  removal,
  slotIn,
} from '../document/edit.ts';
import { type Point, rectOf } from '../document/geometry.ts';
import { goingWith, withOwnParts } from '../document/owned-part.ts';
import type { EditorParts } from '../editor-context.ts';
import type { FlowApi } from '../flow/flow.tsx';

/** Everything a person can do to the graph; buttons, keys, menus and the palette all call these. */
export interface Actions {
  readonly add: (definition: AnyDefinition, at: Point) => void;
  /** Right of the selected node, connected when exactly one output fits; without a selection in the middle. */
  readonly addBeside: (definition: AnyDefinition) => void;
  readonly addAtEnd: (definition: AnyDefinition, end: LooseEnd, at: Point) => void;
  /** Into the one slot of the node that takes the type; false when none or several do. */
  readonly plugInto: (definition: AnyDefinition, node: string) => boolean;
  readonly insert: (definition: AnyDefinition, edge: number) => void;
  /** Connects the loose end with a node or one of its ports; says why when it may not. */
  readonly connect: (
    end: LooseEnd,
    target: { node: string; port?: string | undefined },
    moving?: number,
  ) => boolean;
  readonly remove: () => void;
  /** What copying the selection puts into the clipboard; null when no node is selected. */
  readonly copiedText: () => string | null;
  /** Removes the selected nodes with the parts that only they use. */
  readonly removeCut: () => void;
  readonly copy: () => void;
  readonly cut: () => void;
  readonly paste: (text: string) => void;
  readonly pasteFromSystem: () => Promise<void>;
  readonly duplicate: () => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly selectAll: () => void;
  readonly select: (nodes: readonly string[], reveal?: boolean) => void;
  readonly nudge: (dx: number, dy: number) => void;
  readonly change: (change: Change) => boolean;
  readonly say: (text: string, assertive?: boolean) => void;
}

interface Pointer {
  /** The last place of the pointer over the canvas, on the screen. */
  readonly current: Point | null;
}

/** The actions of one open editor. `pointer` tells where a paste belongs. */
export function createActions(parts: EditorParts, flow: FlowApi, pointer: Pointer): Actions {
  const { document, selection, definitionOf, announcement } = parts;
  const editable = (): Editable => {
    const { graph, nextEdgeId } = document.store.getState();
    return { graph, nextEdgeId, definitionOf };
  };
  const say = (text: string, assertive = false): void => announcement.setState({ text, assertive }, true);
  const change = (one: Change): boolean => {
    const done = document.apply(one);
    if (done) say(one.name);
    return done;
  };
  const select = (nodes: readonly string[], reveal = false): void => {
    selection.setState({ nodes: new Set(nodes), edges: new Set() });
    const [only] = nodes;
    const node = nodes.length === 1 && only ? document.store.getState().nodes.get(only) : undefined;
    if (reveal && node) flow.reveal(rectOf(node, definitionOf));
  };
  const take = (definition: AnyDefinition, added: Added | null, verb = 'Add'): void => {
    if (added && change({ name: `${verb} ${definition.title}`, commands: added.commands }))
      select([added.id], true);
  };
  const selectedNode = (): GraphNode | undefined => {
    const [id] = selection.getState().nodes;
    return id === undefined ? undefined : document.store.getState().nodes.get(id);
  };

  const remove = (nodes: ReadonlySet<string>, verb = 'Delete'): void => {
    const { edges } = selection.getState();
    const commands = removal(document.store.getState().graph, nodes, edges);
    if (change({ name: `${verb} ${countOf(nodes.size, edges.size)}`, commands })) select([]);
  };

  const put = (text: string, at: Point | null, verb: string): boolean => {
    const read = readClipboard(text);
    if (!read) return false;
    const { ids, commands } = pasteCommands(editable(), read, at);
    if (change({ name: `${verb} ${countOf(ids.length, 0)}`, commands })) select(ids);
    return true;
  };

  const copiedText = (): string | null => {
    const { nodes } = selection.getState();
    const { graph } = document.store.getState();
    return nodes.size === 0 ? null : copyText(graph, withOwnParts(graph, nodes, definitionOf));
  };
  const removeCut = (): void =>
    remove(goingWith(document.store.getState().graph, selection.getState().nodes, definitionOf), 'Cut');

  const copy = (): boolean => {
    const { nodes } = selection.getState();
    const text = copiedText();
    if (text === null) return false;
    void writeClipboard(text).then((written) => {
      if (!written)
        toast.error('The browser did not allow copying', { description: 'Use the Edit menu or Ctrl+C.' });
    });
    say(`Copied ${countOf(nodes.size, 0)}`);
    return true;
  };

  const where = (): Point | null => (pointer.current ? flow.toFlow(pointer.current) : null);

  return {
    add: (definition, at) => take(definition, addNodeAt(editable(), definition, at)),
    addBeside: (definition) => {
      const beside = selectedNode() ?? editable().graph.nodes.at(-1);
      if (beside) take(definition, addNodeBeside(editable(), definition, beside));
      else {
        const { x, y } = flow.centre();
        take(definition, addNodeAt(editable(), definition, { x: x - 112, y: y - 32 }));
      }
    },
    addAtEnd: (definition, end, at) => take(definition, addNodeAtEnd(editable(), definition, end, at)),
    plugInto: (definition, id) => {
      const slot = slotIn(editable(), definition, id);
      if (slot) take(definition, addNodeAtEnd(editable(), definition, slot, { x: 0, y: 0 }), 'Plug in');
      return slot !== null;
    },
    insert: (definition, id) => {
      const edge = document.store.getState().edges.get(id);
      const added = edge && insertOnEdge(editable(), definition, edge);
      if (added) take(definition, added, 'Insert');
      else toast.error(`${definition.title} does not fit into this edge`);
    },
    connect: (end, target, moving) => connect({ parts, say, change }, end, target, moving),
    remove: () => remove(selection.getState().nodes),
    copiedText,
    removeCut,
    copy: () => void copy(),
    cut: () => {
      if (copy()) removeCut();
    },
    paste: (text) => {
      if (!put(text, where(), 'Paste')) toast.info('The clipboard holds no nodes');
    },
    pasteFromSystem: async () => {
      try {
        const text = await navigator.clipboard.readText();
        if (!put(text, where(), 'Paste')) toast.info('The clipboard holds no nodes');
      } catch {
        toast.error('The browser did not allow reading the clipboard', {
          description: 'Press Ctrl+V on the canvas.',
        });
      }
    },
    duplicate: () => {
      const text = copiedText();
      if (text !== null) put(text, null, 'Duplicate');
    },
    undo: () => step(parts, 'undo', say),
    redo: () => step(parts, 'redo', say),
    selectAll: () => {
      const { nodes, edges } = document.store.getState();
      selection.setState({ nodes: new Set(nodes.keys()), edges: new Set(edges.keys()) });
      say(`Selected ${countOf(nodes.size, edges.size)}`);
    },
    select,
    nudge: (dx, dy) => {
      const { nodes } = document.store.getState();
      const moved = [...selection.getState().nodes].flatMap((id) => nodes.get(id) ?? []);
      const commands = moved.map(
        (node): GraphCommand => ({ kind: 'move_node', id: node.id, x: node.x + dx, y: node.y + dy }),
      );
      change({
        name: `Move ${countOf(commands.length, 0)}`,
        commands,
        mergeKey: `nudge:${moved.map((one) => one.id).join()}`,
      });
    },
    change,
    say,
  };
}

type Tools = Pick<Actions, 'say' | 'change'> & { parts: EditorParts };

function connect(
  { parts, say, change }: Tools,
  end: LooseEnd,
  target: { node: string; port?: string | undefined },
  moving?: number,
): boolean {
  const { document, definitionOf } = parts;
  const { graph, nextEdgeId, nodes } = document.store.getState();
  const without =
    moving === undefined ? graph : { ...graph, edges: graph.edges.filter((edge) => edge.id !== moving) };
  const connection =
    target.port === undefined
      ? fittingConnection(without, end, target.node, definitionOf)
      : {
          ...(end.side === 'output'
            ? { source: end.node, sourcePort: end.port, target: target.node, targetPort: target.port }
            : { source: target.node, sourcePort: target.port, target: end.node, targetPort: end.port }),
        };
  const reason = refusalOf(without, end, target, definitionOf);
  if (!connection || reason !== null) {
    say(reason ?? 'These two do not fit together.', true);
    return false;
  }
  const title = (id: string): string => nodeTitle(nodes.get(id) ?? { label: null, id });
  const commands: GraphCommand[] = [
    ...(moving === undefined ? [] : [{ kind: 'remove_edge' as const, id: moving }]),
    { kind: 'add_edge', edge: edgeOf(connection, nextEdgeId) },
  ];
  return change({ name: `Connect ${title(connection.source)} to ${title(connection.target)}`, commands });
}

function step({ document, selection }: EditorParts, which: 'undo' | 'redo', say: Actions['say']): void {
  const name = document[which]();
  if (name === null) {
    say(which === 'undo' ? 'Nothing to undo' : 'Nothing to redo');
    return;
  }
  const { nodes, edges } = document.store.getState();
  selection.setState((state) => ({
    nodes: new Set([...state.nodes].filter((id) => nodes.has(id))),
    edges: new Set([...state.edges].filter((id) => edges.has(id))),
  }));
  say(`${which === 'undo' ? 'Undone' : 'Redone'}: ${name}`);
}

async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
