import { withoutReturns } from '#domain/graph/frame.ts';
import type { Graph } from '#domain/graph/graph.ts';
import { downstreamOf, upstreamOf } from '#domain/graph/order.ts';
import { planesOf, withParts } from '#domain/graph/plug.ts';
import { openChat } from '../dock/open-chat.ts';
import type { EditorParts } from '../editor-context.ts';
import type { FlowApi } from '../flow/flow.tsx';
import { autoLayout } from '../layout/auto-layout.ts';
import type { RunControl } from '../run/use-run-control.ts';
import type { Actions } from './action.ts';
import type { Command } from './command-shape.ts';
import { debugCommands } from './run-command.ts';
import { inOrder, type Step, walked } from './walk.ts';

export interface CommandDeps {
  readonly parts: EditorParts;
  readonly actions: Actions;
  readonly flow: FlowApi;
  readonly save: () => void;
  readonly control: RunControl;
}

/** The registry behind keyboard, palette and sheet. Copy, cut and paste come as browser events, see `useClipboard`. */
export function commandsOf(deps: CommandDeps): Command[] {
  return [
    ...editCommands(deps),
    ...runCommands(deps),
    ...debugCommands(deps),
    ...viewCommands(deps),
    ...moveCommands(deps),
    ...generalCommands(deps),
  ];
}

const DIRECTIONS: Readonly<Record<string, string>> = {
  ArrowRight: 'right',
  ArrowLeft: 'left',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

const only = ({ parts }: CommandDeps): string | null => {
  const { nodes } = parts.selection.getState();
  const [id] = nodes;
  return nodes.size === 1 && id !== undefined ? id : null;
};

const graphOf = ({ parts }: CommandDeps): Graph => parts.document.store.getState().graph;

function editCommands(deps: CommandDeps): Command[] {
  const { parts, actions, flow } = deps;
  const pick = (): void => {
    const at = flow.centre();
    const id = only(deps);
    const node = id === null ? undefined : parts.document.store.getState().nodes.get(id);
    const place = node ? { x: node.x + 304, y: node.y } : at;
    parts.layout.setState({ picker: { kind: 'add', screen: flow.toScreen(place), flow: place, end: null } });
  };
  const connect = (): void => {
    const node = only(deps);
    const at = node === null ? undefined : parts.document.store.getState().nodes.get(node);
    if (node === null || !at) actions.say('Select one node to connect from.', true);
    else
      parts.layout.setState({
        picker: { kind: 'connect', screen: flow.toScreen({ x: at.x + 240, y: at.y }), node, end: null },
      });
  };
  const rename = (): void => {
    parts.layout.setState({ inspector: true });
    requestAnimationFrame(() => window.document.querySelector<HTMLInputElement>('[data-rename]')?.select());
  };
  const nudge = (keys: string, dx: number, dy: number): Command => ({
    id: `nudge-${keys}`,
    title: `Move selection ${DIRECTIONS[keys.slice(keys.lastIndexOf('+') + 1)] ?? ''} by ${Math.abs(dx + dy)} px`,
    group: 'Move',
    keys: [keys],
    keyOnly: true,
    run: () => actions.nudge(dx, dy),
  });
  return [
    { id: 'add', title: 'Add node', group: 'Edit', keys: ['N', '/'], run: pick },
    {
      id: 'propose',
      title: 'Describe a change…',
      group: 'Edit',
      keys: ['Mod+I'],
      run: () => parts.proposal.setState((now) => now ?? { stage: 'asking', prompt: '', problems: [] }, true),
    },
    { id: 'connect', title: 'Connect from the selected node', group: 'Edit', keys: ['C'], run: connect },
    { id: 'undo', title: 'Undo', group: 'Edit', keys: ['Mod+Z'], anywhere: true, run: actions.undo },
    {
      id: 'redo',
      title: 'Redo',
      group: 'Edit',
      keys: ['Mod+Shift+Z', 'Mod+Y'],
      anywhere: true,
      run: actions.redo,
    },
    { id: 'copy', title: 'Copy', group: 'Edit', keys: [], run: actions.copy },
    { id: 'cut', title: 'Cut', group: 'Edit', keys: [], run: actions.cut },
    { id: 'paste', title: 'Paste', group: 'Edit', keys: [], run: () => void actions.pasteFromSystem() },
    { id: 'duplicate', title: 'Duplicate', group: 'Edit', keys: ['Mod+D'], run: actions.duplicate },
    { id: 'delete', title: 'Delete', group: 'Edit', keys: ['Delete', 'Backspace'], run: actions.remove },
    { id: 'select-all', title: 'Select all', group: 'Edit', keys: ['Mod+A'], run: actions.selectAll },
    { id: 'rename', title: 'Rename', group: 'Edit', keys: ['F2'], run: rename },
    {
      id: 'open',
      title: 'Open node',
      group: 'Edit',
      keys: ['Enter'],
      run: () => only(deps) !== null && openNode(deps),
    },
    nudge('Alt+ArrowRight', 8, 0),
    nudge('Alt+ArrowLeft', -8, 0),
    nudge('Alt+ArrowUp', 0, -8),
    nudge('Alt+ArrowDown', 0, 8),
    nudge('Alt+Shift+ArrowRight', 40, 0),
    nudge('Alt+Shift+ArrowLeft', -40, 0),
    nudge('Alt+Shift+ArrowUp', 0, -40),
    nudge('Alt+Shift+ArrowDown', 0, 40),
  ];
}

function openNode({ parts }: CommandDeps): void {
  parts.layout.setState({ inspector: true });
  requestAnimationFrame(() =>
    window.document
      .querySelector<HTMLElement>(
        '[aria-label="Inspector"] [role="tabpanel"] :is(input, button, [contenteditable="true"], [role="combobox"])',
      )
      ?.focus(),
  );
}

function runCommands(deps: CommandDeps): Command[] {
  return [
    { id: 'run', title: 'Run', group: 'Run', keys: ['Mod+Enter'], anywhere: true, run: deps.control.start },
    { id: 'run-input', title: 'Run with input…', group: 'Run', keys: [], run: deps.control.askInput },
    { id: 'stop', title: 'Stop run', group: 'Run', keys: ['Mod+.'], anywhere: true, run: deps.control.stop },
    {
      id: 'next-problem',
      title: 'Next problem or failed node',
      group: 'Run',
      keys: ['F8'],
      anywhere: true,
      run: () => toProblem(deps, 1),
    },
    {
      id: 'previous-problem',
      title: 'Previous problem or failed node',
      group: 'Run',
      keys: ['Shift+F8'],
      anywhere: true,
      run: () => toProblem(deps, -1),
    },
  ];
}

function toProblem(deps: CommandDeps, direction: 1 | -1): void {
  const { steps } = deps.parts.run.getState();
  const { byNode } = deps.parts.problems.getState();
  const ids = inOrder(graphOf(deps), deps.parts.definitionOf).filter(
    (id) => steps[id]?.state === 'failed' || byNode[id],
  );
  const at = ids.indexOf(only(deps) ?? '');
  const next = ids[(at + direction + ids.length) % ids.length] ?? ids[0];
  if (next === undefined) deps.actions.say('No problems.');
  else deps.actions.select([next], true);
}

function viewCommands(deps: CommandDeps): Command[] {
  const { parts, actions, flow } = deps;
  const { layout } = parts;
  const fitSelection = (): void => flow.fit([...parts.selection.getState().nodes]);
  const dock = (): void => layout.setState(({ dock: tab }) => ({ dock: tab === null ? 'run' : null }));
  return [
    {
      id: 'layout',
      title: 'Auto-layout',
      group: 'View',
      keys: ['Shift+L'],
      run: () => autoLayout(parts, actions, () => requestAnimationFrame(() => flow.fit())),
    },
    { id: 'fit', title: 'Fit view', group: 'View', keys: ['1'], run: () => flow.fit() },
    { id: 'fit-selection', title: 'Fit selection', group: 'View', keys: ['2'], run: fitSelection },
    { id: 'zoom-100', title: 'Zoom to 100 %', group: 'View', keys: ['0'], run: () => flow.zoomTo(1) },
    { id: 'zoom-in', title: 'Zoom in', group: 'View', keys: ['+', '='], run: () => flow.zoomBy(1.25) },
    { id: 'zoom-out', title: 'Zoom out', group: 'View', keys: ['-'], run: () => flow.zoomBy(0.8) },
    {
      id: 'minimap',
      title: 'Show or hide the map',
      group: 'View',
      keys: ['M'],
      run: () => layout.setState(({ minimap }) => ({ minimap: !(minimap ?? true) })),
    },
    { id: 'dock', title: 'Show or hide the bottom panel', group: 'View', keys: ['J'], run: dock },
    {
      id: 'dock-run',
      title: 'Show the run',
      group: 'View',
      keys: ['J 1'],
      run: () => layout.setState({ dock: 'run' }),
    },
    {
      id: 'chat',
      title: 'Chat with the workflow',
      group: 'View',
      keys: ['J 2'],
      run: () => openChat(layout),
    },
    {
      id: 'output',
      title: 'Show the node’s output',
      group: 'View',
      keys: ['O'],
      run: () => layout.setState({ dock: 'output' }),
    },
    {
      id: 'problems',
      title: 'Show problems',
      group: 'View',
      keys: ['J 3'],
      run: () => layout.setState({ dock: 'problems' }),
    },
    {
      id: 'panels',
      title: 'Hide or show the side panels',
      group: 'View',
      keys: ['Mod+\\'],
      run: () =>
        layout.setState(({ palette, inspector }) => ({
          palette: !(palette || inspector),
          inspector: !(palette || inspector),
        })),
    },
  ];
}

function moveCommands(deps: CommandDeps): Command[] {
  const { parts, actions } = deps;
  const walk = (keys: string[], title: string, step: Step): Command => ({
    id: `walk-${step}`,
    title,
    group: 'Move',
    keys,
    keyOnly: true,
    run: () => {
      const next = walked(graphOf(deps), only(deps), step, parts.definitionOf);
      if (next === null) actions.say('No node in that direction.');
      else actions.select([next], true);
    },
  });
  const spread = (direction: 'down' | 'up'): void => {
    const graph = withoutReturns(graphOf(deps), parts.definitionOf);
    const chosen = parts.selection.getState().nodes;
    const more = [...chosen].flatMap((id) => [
      ...(direction === 'down' ? downstreamOf(graph, id) : upstreamOf(graph, id)),
    ]);
    const { plugs } = planesOf(graphOf(deps), parts.definitionOf);
    actions.select([...withParts([...chosen, ...more], plugs)]);
  };
  return [
    walk(['ArrowRight'], 'Go to the next node', 'next'),
    walk(['ArrowLeft'], 'Go to the previous node', 'previous'),
    walk(['ArrowUp'], 'Go to the node above', 'above'),
    walk(['ArrowDown'], 'Go to the node below', 'below'),
    walk(['Home'], 'Go to the first node', 'first'),
    walk(['End'], 'Go to the last node', 'last'),
    {
      id: 'downstream',
      title: 'Select everything downstream',
      group: 'Move',
      keys: ['Shift+ArrowRight'],
      run: () => spread('down'),
    },
    {
      id: 'upstream',
      title: 'Select everything upstream',
      group: 'Move',
      keys: ['Shift+ArrowLeft'],
      run: () => spread('up'),
    },
  ];
}

function generalCommands(deps: CommandDeps): Command[] {
  const { layout } = deps.parts;
  return [
    {
      id: 'palette',
      title: 'All commands',
      group: 'General',
      keys: ['Mod+K'],
      anywhere: true,
      keyOnly: true,
      run: () => layout.setState({ commands: true }),
    },
    {
      id: 'sheet',
      title: 'Keyboard shortcuts',
      group: 'General',
      keys: ['?'],
      anywhere: true,
      run: () => layout.setState({ sheet: true }),
    },
    { id: 'save', title: 'Save now', group: 'General', keys: ['Mod+S'], anywhere: true, run: deps.save },
    {
      id: 'regions',
      title: 'Next region',
      group: 'General',
      keys: ['F6'],
      anywhere: true,
      keyOnly: true,
      run: () => nextRegion(1),
    },
    {
      id: 'regions-back',
      title: 'Previous region',
      group: 'General',
      keys: ['Shift+F6'],
      anywhere: true,
      keyOnly: true,
      run: () => nextRegion(-1),
    },
  ];
}

const REGIONS =
  '[data-region="header"], [aria-label="Node palette"], [data-canvas], [aria-label="Inspector"], [data-region="dock"]';
const FOCUSABLE = 'input, button:not([disabled]), [tabindex="0"], [contenteditable="true"]';

function nextRegion(direction: 1 | -1): void {
  const regions = [...window.document.querySelectorAll<HTMLElement>(REGIONS)].filter(
    (one) => one.offsetParent !== null,
  );
  const at = regions.findIndex((region) => region.contains(window.document.activeElement));
  const next = regions[(at + direction + regions.length) % regions.length];
  if (next?.tabIndex === 0) next.focus();
  else next?.querySelector<HTMLElement>(FOCUSABLE)?.focus();
}
