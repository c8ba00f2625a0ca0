import type { GraphCommand } from '#domain/graph/command.ts';
import type { GraphNode } from '#domain/graph/graph.ts';
import { toast } from '#ui/toast.tsx';
import type { Actions } from '../command/action.ts';
import { countOf } from '../document/edit.ts';
import { shapeOf } from '../document/geometry.ts';
import type { EditorParts } from '../editor-context.ts';
import { elkInput, type LaidOut, placesFrom } from './elk-graph.ts';
import { partBlocks } from './part-tree.ts';

interface Answer {
  readonly children?: readonly LaidOut[];
  readonly error?: string;
}

let running: Worker | null = null;

/**
 * Arranges the selected nodes (two or more) or all of them from left to right, as one undo step. The work is done
 * in a Web Worker; asking again gives the first up.
 */
export function autoLayout(parts: EditorParts, actions: Actions, onDone: () => void): void {
  const { graph } = parts.document.store.getState();
  const chosen = parts.selection.getState().nodes;
  const ids = chosen.size > 1 ? chosen : new Set(graph.nodes.map((node) => node.id));
  if (ids.size === 0) return;
  const { definitionOf } = parts;
  const shape = (node: GraphNode) => shapeOf(node, definitionOf);
  const { blockOf } = partBlocks(graph, ids, shape, definitionOf);
  running?.terminate();
  const worker = new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' });
  running = worker;
  let told: string | number | null = null;
  const slow = setTimeout(() => {
    told = toast.info('Arranging the workflow…', {
      action: { label: 'Cancel', onClick: () => worker.terminate() },
      duration: 60_000,
    });
  }, 1500);
  const end = (): void => {
    clearTimeout(slow);
    if (told !== null) toast.dismiss(told);
    worker.terminate();
    if (running === worker) running = null;
  };
  worker.onerror = () => {
    end();
    toast.error('The layout could not be worked out', {
      description: 'Nothing was moved. Try it on a smaller selection.',
    });
  };
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    end();
    if (!data.children) {
      toast.error('The layout could not be worked out', { description: data.error ?? '' });
      return;
    }
    const { nodes } = parts.document.store.getState();
    const places = placesFrom(data.children, graph.nodes, blockOf);
    const commands = [...places].flatMap(([id, point]): GraphCommand[] => {
      const node = nodes.get(id);
      return !node || (node.x === point.x && node.y === point.y) ? [] : [{ kind: 'move_node', id, ...point }];
    });
    actions.change({ name: `Arrange ${countOf(ids.size, 0)}`, commands });
    onDone();
  };
  worker.postMessage(elkInput(graph, ids, shape, definitionOf));
}
