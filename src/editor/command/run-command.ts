import { readProblem } from '#client/problem.ts';
import { queryClient, trpc } from '#client/trpc.ts';
import type { GraphNode } from '#domain/graph/graph.ts';
import { nodeTitle } from '#domain/graph/graph.ts';
import { toast } from '#ui/toast.tsx';
import type { EditorParts } from '../editor-context.ts';
import { askingNode } from '../run/step-view.ts';
import type { RunControl } from '../run/use-run-control.ts';
import type { Actions } from './action.ts';
import type { Command } from './command-shape.ts';
import { pinChange, pinnable, unpinChange } from './pin.ts';

export interface RunCommandDeps {
  readonly parts: EditorParts;
  readonly actions: Actions;
  readonly control: RunControl;
}

/** Running parts of a workflow, keeping outputs, answering questions. */
export function debugCommands({ parts, actions, control }: RunCommandDeps): Command[] {
  const { document, selection, layout, definitionOf } = parts;
  const chosen = (): GraphNode | undefined => {
    const { nodes } = selection.getState();
    const [id] = nodes;
    return nodes.size === 1 && id !== undefined ? document.store.getState().nodes.get(id) : undefined;
  };
  const onStep = (what: string, act: (node: GraphNode) => void) => (): void => {
    const node = chosen();
    if (!node) actions.say(`Select one node to ${what}.`, true);
    else if (definitionOf(node.type)?.trigger) control.start();
    else act(node);
  };
  const command = (id: string, title: string, keys: string[], run: () => void): Command => ({
    ...{ id, title, group: 'Run', keys, run },
  });
  return [
    command(
      'run-node',
      'Run this node',
      ['Shift+Enter'],
      onStep('run', ({ id }) => control.runNode(id)),
    ),
    command(
      'run-node-input',
      'Run this node with input…',
      [],
      onStep('run', ({ id }) => layout.setState({ nodeForm: { node: id, retry: false } })),
    ),
    command(
      'run-to',
      'Run to here',
      ['Mod+Alt+Enter'],
      onStep('run to', ({ id }) => control.runTo(id)),
    ),
    command(
      'run-from',
      'Run from here',
      ['Mod+Shift+Enter'],
      onStep('run from', ({ id }) => control.runFrom(id)),
    ),
    command('retry', 'Retry the shown run from where it failed', [], () => control.retryFrom(null)),
    command(
      'retry-from',
      'Retry run from here',
      [],
      onStep('retry from', ({ id }) => control.retryFrom(id)),
    ),
    command(
      'pin',
      'Pin or unpin output',
      ['P'],
      onStep('pin', (node) => void togglePin(parts, actions, node)),
    ),
    command('answer', 'Answer a waiting node', [], () => {
      if (askingNode(parts.run.getState().steps) !== null) layout.setState({ answering: true });
      else actions.say('Nothing waits for an answer.');
    }),
  ];
}

/** Keeps what the node gave in the shown run, or gives the kept output up. */
export async function togglePin(parts: EditorParts, actions: Actions, node: GraphNode): Promise<void> {
  if (node.settings.pin) {
    actions.change(unpinChange(node));
    return;
  }
  const { executionId } = parts.run.getState();
  const why = `Run the workflow first, so that ${nodeTitle(node)} has an output; in loops nothing can be pinned.`;
  if (executionId === null) {
    toast.info('There is no output to pin yet', { description: why });
    return;
  }
  try {
    const stored = await queryClient.fetchQuery(
      trpc.executions.get.queryOptions({ execution_id: executionId }, { staleTime: 0 }),
    );
    const pin = pinnable(stored.logs, node.id);
    if (pin) actions.change(pinChange(node, pin));
    else toast.info('There is no output to pin yet', { description: why });
  } catch (error) {
    toast.error('The output could not be loaded', { description: readProblem(error).message });
  }
}
