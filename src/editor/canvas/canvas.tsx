'use client';

import './canvas.css';
import './wire.css';
import './mark.css';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import type { GraphCommand } from '#domain/graph/command.ts';
import { useActionsIfAny } from '../command/actions-context.ts';
import { countOf } from '../document/edit.ts';
import { type Point, snap } from '../document/geometry.ts';
import { type EditorParts, useEditor, useLayout } from '../editor-context.ts';
import {
  type EdgeChange,
  Flow,
  FlowMinimap,
  MINIMAP_BELOW,
  type NodeChange,
  useFlowApi,
} from '../flow/flow.tsx';
import { bridgeToFlow, type FlowBridge, type FlowEdge, type FlowNode } from '../flow/flow-elements.ts';
import { Card } from './card.tsx';
import { LoopAreas } from './loop-area.tsx';
import { useDrawingHandlers } from './use-drawing.ts';
import { DrawnWire, Wire } from './wire.tsx';

// At module scope: new objects would make React Flow build every card and edge again.
const NODE_TYPES = { card: Card };
const EDGE_TYPES = { wire: Wire };

interface CanvasProps {
  colourMode: 'light' | 'dark';
  touch: boolean;
  children?: ReactNode;
  /** Told of a double click on a card. */
  onOpen?: (node: string) => void;
}

/** The drawing itself: cards, edges and what the pointer does with them. */
export function Canvas({ colourMode, touch, children, onOpen }: CanvasProps) {
  const parts = useEditor();
  const actions = useActionsIfAny();
  const flow = useFlowApi();
  const bridge = useBridge(parts);
  const nodes = useStore(bridge.store, (state) => state.nodes);
  const edges = useStore(bridge.store, (state) => state.edges);
  const frames = useStore(bridge.store, (state) => state.frames);
  const handlers = useDrawingHandlers(parts, actions, flow);
  const changes = useMemo(() => changeHandlers(parts, bridge), [parts, bridge]);
  const drag = useMemo(() => dragHandlers(parts, bridge), [parts, bridge]);
  const clicks = useMemo(() => clickHandlers(parts, flow, onOpen), [parts, flow, onOpen]);
  const wanted = useLayout((state) => state.minimap);
  const minimap = wanted ?? (nodes.length > 4 && nodes.length < MINIMAP_BELOW && !touch);
  useCancelDrag(bridge);
  return (
    <Flow
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      colorMode={colourMode}
      touch={touch}
      nodesDraggable={!parts.readOnly}
      nodesConnectable={!parts.readOnly}
      edgesReconnectable={!parts.readOnly}
      connectionLineComponent={DrawnWire}
      {...changes}
      {...drag}
      {...clicks}
      {...(parts.readOnly ? {} : handlers)}
    >
      <LoopAreas frames={frames} />
      {minimap ? <FlowMinimap /> : null}
      {children}
    </Flow>
  );
}

function useBridge(parts: EditorParts): FlowBridge {
  const bridge = useMemo(() => bridgeToFlow(parts), [parts]);
  useEffect(() => bridge.start(), [bridge]);
  return bridge;
}

function changeHandlers({ selection, readOnly }: EditorParts, bridge: FlowBridge) {
  return {
    onNodesChange: (changes: NodeChange<FlowNode>[]): void => {
      const moved = new Map<string, Point>(bridge.dragged());
      let nodes: Set<string> | null = null;
      for (const change of changes) {
        if (change.type === 'position' && change.position && change.dragging && !readOnly) {
          moved.set(change.id, change.position);
        }
        if (change.type === 'select') {
          nodes ??= new Set(selection.getState().nodes);
          if (change.selected) nodes.add(change.id);
          else nodes.delete(change.id);
        }
      }
      if (moved.size > 0) bridge.dragTo(moved);
      if (nodes) selection.setState({ nodes });
    },
    onEdgesChange: (changes: EdgeChange<FlowEdge>[]): void => {
      let edges: Set<number> | null = null;
      for (const change of changes) {
        if (change.type !== 'select') continue;
        edges ??= new Set(selection.getState().edges);
        if (change.selected) edges.add(Number(change.id));
        else edges.delete(Number(change.id));
      }
      if (edges) selection.setState({ edges });
    },
  };
}

function dragHandlers({ document }: EditorParts, bridge: FlowBridge) {
  const settle = (): void => {
    const { nodes } = document.store.getState();
    const commands = [...bridge.dragged()].flatMap(([id, point]): GraphCommand[] => {
      const node = nodes.get(id);
      const [x, y] = [snap(point.x), snap(point.y)];
      return !node || (node.x === x && node.y === y) ? [] : [{ kind: 'move_node', id, x, y }];
    });
    if (commands.length > 0) document.apply({ name: `Move ${countOf(commands.length, 0)}`, commands });
    bridge.endDrag();
  };
  return { onNodeDragStop: settle, onSelectionDragStop: settle };
}

function clickHandlers(
  { selection, layout, readOnly }: EditorParts,
  flow: ReturnType<typeof useFlowApi>,
  onOpen: CanvasProps['onOpen'],
) {
  return {
    onNodeDoubleClick: (_event: React.MouseEvent, node: FlowNode): void => onOpen?.(node.id),
    onEdgeDoubleClick: (event: React.MouseEvent, edge: FlowEdge): void => {
      if (readOnly || edge.data?.isPlug) return;
      const screen = { x: event.clientX, y: event.clientY };
      layout.setState({ picker: { kind: 'insert', screen, edge: Number(edge.id) } });
    },
    onPaneClick: (event: React.MouseEvent): void => {
      selection.setState({ nodes: new Set(), edges: new Set() });
      layout.setState({ picker: null });
      if (event.detail !== 2 || readOnly) return;
      const screen = { x: event.clientX, y: event.clientY };
      layout.setState({ picker: { kind: 'add', screen, flow: flow.toFlow(screen), end: null } });
    },
  };
}

/** Esc during a drag puts everything back where it was. */
function useCancelDrag(bridge: FlowBridge): void {
  const busy = useRef(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || bridge.dragged().size === 0 || busy.current) return;
      event.stopPropagation();
      busy.current = true;
      bridge.endDrag();
      window.dispatchEvent(new MouseEvent('mouseup', { view: window, bubbles: true }));
      busy.current = false;
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, [bridge]);
}
