'use client';

import '@xyflow/react/dist/base.css';
import {
  Background,
  BackgroundVariant,
  Handle,
  MiniMap,
  ReactFlow,
  type ReactFlowProps,
  ReactFlowProvider,
  SelectionMode,
  useStore as useFlowStore,
  useReactFlow,
  useStoreApi,
  ViewportPortal,
} from '@xyflow/react';
import { type ReactNode, useMemo, useState } from 'react';
import type { PlacedPort, Point, Rect } from '../document/geometry.ts';
import { type FlowEdge, type FlowNode, POSITIONS } from './flow-elements.ts';

export type { EdgeChange, NodeChange } from '@xyflow/react';
// The only door to React Flow, so that its next major version is a change in this folder.
export {
  type ConnectionLineComponentProps,
  type EdgeProps,
  getBezierPath,
  type NodeProps,
} from '@xyflow/react';
export { ReactFlowProvider as FlowProvider };

export type FlowProps = ReactFlowProps<FlowNode, FlowEdge>;

export const CULL_ABOVE = 150;
export const MINIMAP_BELOW = 500;
const MIN_ZOOM = 0.05;
const MAX_ZOOM = 2;
const SNAP: [number, number] = [8, 8];
const FIT = { padding: 0.15, maxZoom: 1, duration: 200 };
const FIRST_FIT = { padding: 0.15, maxZoom: 1 };
const MULTI_SELECT = ['Meta', 'Control'];
/** The middle button; the right one opens the menu. */
const MOUSE_PAN = [1];

/** The canvas with the product's fixed behaviour: what a drag, a wheel and a finger do. */
export function Flow({ touch, children, ...props }: FlowProps & { touch: boolean; children?: ReactNode }) {
  const count = props.nodes?.length ?? 0;
  // Only what is there at first is fitted: a canvas that starts empty must not jump with its first node.
  const [fitFirst] = useState(count > 0);
  return (
    <ReactFlow<FlowNode, FlowEdge>
      minZoom={MIN_ZOOM}
      maxZoom={MAX_ZOOM}
      snapToGrid
      snapGrid={SNAP}
      fitView={fitFirst}
      fitViewOptions={FIRST_FIT}
      nodesFocusable={false}
      edgesFocusable={false}
      deleteKeyCode={null}
      selectionKeyCode="Shift"
      multiSelectionKeyCode={MULTI_SELECT}
      selectionMode={SelectionMode.Partial}
      selectionOnDrag={!touch}
      panOnDrag={touch ? true : MOUSE_PAN}
      panOnScroll={!touch}
      zoomOnDoubleClick={false}
      elevateNodesOnSelect={false}
      elevateEdgesOnSelect={false}
      connectOnClick={false}
      connectionRadius={26}
      onlyRenderVisibleElements={count > CULL_ABOVE}
      disableKeyboardA11y
      {...props}
    >
      <Background
        variant={BackgroundVariant.Dots}
        gap={24}
        size={1.5}
        color="var(--canvas-dot)"
        bgColor="transparent"
      />
      {children}
    </ReactFlow>
  );
}

const minimapColor = (node: { selected?: boolean }): string =>
  node.selected ? 'var(--accent)' : 'var(--border-strong)';

export function FlowMinimap() {
  return (
    <MiniMap
      pannable
      zoomable
      ariaLabel="Map of the workflow"
      nodeColor={minimapColor}
      nodeBorderRadius={24}
      bgColor="var(--surface)"
      maskColor="color-mix(in srgb, var(--bg) 78%, transparent)"
      className="overflow-hidden rounded-lg border border-border"
      style={MINIMAP_SIZE}
    />
  );
}
const MINIMAP_SIZE = { width: 168, height: 112, marginBottom: 12, marginRight: 12 };

/** What is drawn on the canvas and moves with it, but is neither card nor edge. */
export function FlowLayer({ children }: { children: ReactNode }) {
  return <ViewportPortal>{children}</ViewportPortal>;
}

/** The invisible anchor React Flow ties an edge to and starts a drawing from; `children` is what is seen. */
export function PortAnchor(props: {
  place: PlacedPort;
  connectable: boolean;
  className: string;
  attributes: Readonly<Record<string, string>>;
  onClick?: (event: React.MouseEvent) => void;
  children: ReactNode;
}) {
  const { place } = props;
  const style = useMemo(() => ({ left: place.x, top: place.y }), [place.x, place.y]);
  return (
    <Handle
      id={place.port.name}
      type={place.side === 'input' ? 'target' : 'source'}
      position={POSITIONS[place.border]}
      isConnectable={props.connectable}
      className={props.className}
      style={style}
      onClick={props.onClick}
      {...props.attributes}
    >
      {props.children}
    </Handle>
  );
}

export type Detail = 'full' | 'title' | 'box';

/** How much of a card can be read at the present zoom; changes only when a threshold is crossed. */
export function useDetail(): Detail {
  return useFlowStore((state) =>
    state.transform[2] < 0.15 ? 'box' : state.transform[2] < 0.35 ? 'title' : 'full',
  );
}

/** The zoom in whole percent. */
export function useZoomPercent(): number {
  return useFlowStore((state) => Math.round(state.transform[2] * 100));
}

export interface FlowApi {
  readonly fit: (nodes?: readonly string[]) => void;
  readonly zoomTo: (zoom: number) => void;
  readonly zoomBy: (factor: number) => void;
  readonly toFlow: (screen: Point) => Point;
  readonly toScreen: (flow: Point) => Point;
  /** Moves the view just enough that the rectangle is inside it, `covered` pixels at the bottom being hidden. */
  readonly reveal: (rect: Rect, covered?: number) => void;
  readonly centre: () => Point;
  readonly cancelDrawing: () => void;
}

const reducedMotion = (): boolean => window.matchMedia('(prefers-reduced-motion: reduce)').matches;
const EDGE = 48;

/** What the editor asks of the canvas; stable for the canvas's life. */
export function useFlowApi(): FlowApi {
  const flow = useReactFlow();
  const store = useStoreApi();
  return useMemo(() => {
    const duration = (): number => (reducedMotion() ? 0 : 200);
    const middle = (): Point => {
      const box = store.getState().domNode?.getBoundingClientRect();
      return box ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : { x: 0, y: 0 };
    };
    return {
      fit: (nodes) =>
        void flow.fitView({
          ...FIT,
          duration: duration(),
          ...(nodes && { nodes: nodes.map((id) => ({ id })) }),
        }),
      zoomTo: (zoom) => void flow.zoomTo(zoom, { duration: duration() }),
      zoomBy: (factor) => void flow.zoomTo(flow.getZoom() * factor, { duration: duration() }),
      toFlow: (screen) => flow.screenToFlowPosition(screen, { snapToGrid: false }),
      toScreen: (point) => flow.flowToScreenPosition(point),
      centre: () => flow.screenToFlowPosition(middle(), { snapToGrid: false }),
      reveal: (rect, covered = 0) => {
        const { width, height, transform } = store.getState();
        const [x, y, zoom] = transform;
        const left = rect.x * zoom + x;
        const top = rect.y * zoom + y;
        const dx = shiftInto(left, rect.width * zoom, width);
        const dy = shiftInto(top, rect.height * zoom, height - covered);
        if (dx !== 0 || dy !== 0)
          void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: duration() });
      },
      cancelDrawing: () => store.getState().cancelConnection(),
    };
  }, [flow, store]);
}

function shiftInto(start: number, size: number, room: number): number {
  if (start < EDGE) return EDGE - start;
  if (start + size > room - EDGE) return Math.max(room - EDGE - size, EDGE) - start;
  return 0;
}
