'use client';

import { type CSSProperties, memo } from 'react';
import { localRefusal } from '#domain/graph/connect.ts';
import { type GraphNode, nodeTitle } from '#domain/graph/graph.ts';
import { type DefinitionOf, portsOf } from '#domain/node/definition.ts';
import { useDocument, useEditor, useMarks, useRun } from '../editor-context.ts';
import {
  type ConnectionLineComponentProps,
  type EdgeProps,
  getBezierPath,
  useFlowApi,
} from '../flow/flow.tsx';
import type { FlowEdge, FlowNode } from '../flow/flow-elements.ts';
import { bodyStateOf, edgeStateOf } from '../run/run-state.ts';
import { plugPath } from './plug-path.ts';
import { colourOf } from './port-look.ts';
import { returnPath } from './return-path.ts';

/** An edge on the canvas: its path, how the last run went along it, and the tool that inserts a node. */
export const Wire = memo(function Wire(props: EdgeProps<FlowEdge>) {
  const { readOnly, layout } = useEditor();
  const flow = useFlowApi();
  const { path, middleX, middleY, back } = pathOf(props);
  const id = Number(props.id);
  const isPlug = props.data?.isPlug === true;
  const { state, count, active } = useTraffic(props.data?.edge, isPlug);
  const broken = useBroken(id);
  const mark = useMarks((marks) => marks.edges[id]);
  const label = useEdgeLabel(id, isPlug);
  const insert = (event: React.MouseEvent | React.KeyboardEvent): void => {
    event.stopPropagation();
    const at = flow.toScreen({ x: middleX, y: middleY });
    layout.setState({ picker: { kind: 'insert', screen: { x: at.x + 16, y: at.y }, edge: id } });
  };
  return (
    <g data-edge-id={props.id} data-edge-state={state} role="group" aria-label={label}>
      <path
        className="wire"
        d={path}
        data-edge-state={state}
        data-way={isPlug ? 'plug' : back ? 'return' : 'on'}
        data-active={active}
        data-broken={broken}
        data-selected={props.selected}
        {...(mark && { 'data-mark': mark.rejected ? 'rejected' : mark.kind })}
      />
      <path
        className="react-flow__edge-interaction"
        d={path}
        fill="none"
        strokeOpacity={0}
        strokeWidth={22}
      />
      {back ? <ArrowLeft x={middleX} y={middleY} /> : null}
      {count !== null ? <CountChip x={middleX} y={middleY} count={count} /> : null}
      {readOnly || isPlug ? null : (
        <InsertTool
          x={middleX}
          y={count === null ? middleY : middleY + 22}
          shown={props.selected === true}
          onInsert={insert}
        />
      )}
    </g>
  );
});

/** Where an edge runs: straight on, up into a slot, or below the body back into its loop. */
function pathOf(props: EdgeProps<FlowEdge>) {
  const floor = props.data?.floor ?? null;
  const part = { x: props.sourceX, y: props.sourceY };
  const plug = props.data?.isPlug ? plugPath(part, { x: props.targetX, y: props.targetY }) : null;
  if (plug) return { path: plug.path, middleX: plug.middle.x, middleY: plug.middle.y, back: false };
  if (floor === null) {
    const [path, middleX, middleY] = getBezierPath(props);
    return { path, middleX, middleY, back: false };
  }
  const source = { x: props.sourceX, y: props.sourceY };
  const { path, middle } = returnPath(source, { x: props.targetX, y: props.targetY }, floor);
  return { path, middleX: middle.x, middleY: middle.y, back: true };
}

/** Says which way an edge runs where it is not seen at a glance. */
function ArrowLeft({ x, y }: { x: number; y: number }) {
  return <path className="wire-arrow" d={`M${x + 34} ${y - 5}l-6 5l6 5`} aria-hidden />;
}

/** How the shown run went along an edge; plain values, so that only changed wires draw again. */
function useTraffic(
  edge: { source: string; sourcePort: string; target: string } | undefined,
  isPlug: boolean,
) {
  const { document, definitionOf } = useEditor();
  const text = useRun(({ steps, uses }) => {
    if (!edge) return 'idle||false';
    if (isPlug) {
      const use = uses[edge.source];
      const calls = use?.byHost[edge.target];
      const goesOn = Object.values(use?.open ?? {}).includes(edge.target);
      return calls ? `taken|${calls}|${goesOn}` : 'idle||false';
    }
    const source = document.store.getState().nodes.get(edge.source);
    const isTrigger = definitionOf(source?.type ?? '')?.trigger !== undefined;
    const step = steps[edge.source];
    const intoBody = source !== undefined && isBodyPort(source, edge.sourcePort, definitionOf);
    const state = intoBody ? bodyStateOf(step) : edgeStateOf(step, edge.sourcePort, isTrigger);
    const target = steps[edge.target]?.state;
    const active = state === 'taken' && target === 'running';
    const times = intoBody ? step?.progress?.done : step?.taken?.[edge.sourcePort];
    const count = state === 'taken' ? (times ?? 1) : '';
    return `${state}|${count}|${active}`;
  });
  const [state = 'idle', count = '', active] = text.split('|');
  return { state, count: count === '' ? null : Number(count), active: active === 'true' };
}

const isBodyPort = (node: GraphNode, name: string, definitionOf: DefinitionOf): boolean =>
  portsOf(node, definitionOf).outputs.some((port) => port.name === name && port.loop === 'body');

function useBroken(id: number): boolean {
  const { definitionOf } = useEditor();
  return useDocument((doc) => {
    const edge = doc.edges.get(id);
    const source = edge && doc.nodes.get(edge.source);
    const target = edge && doc.nodes.get(edge.target);
    if (!edge || !source || !target) return false;
    const pair = { nodes: [source, target], edges: [] };
    // Circles, doubled edges and torn loops need the whole graph; the problems list tells of those.
    return localRefusal(pair, edge, definitionOf, edge.id) !== null;
  });
}

function useEdgeLabel(id: number, isPlug: boolean): string {
  return useDocument((doc) => {
    const edge = doc.edges.get(id);
    const source = edge && doc.nodes.get(edge.source);
    const target = edge && doc.nodes.get(edge.target);
    if (!edge || !source || !target) return 'Edge';
    if (isPlug) return `${nodeTitle(source)} plugged into ${nodeTitle(target)}, slot ${edge.targetPort}`;
    return `From ${nodeTitle(source)}, output ${edge.sourcePort}, to ${nodeTitle(target)}, input ${edge.targetPort}`;
  });
}

function CountChip({ x, y, count }: { x: number; y: number; count: number }) {
  const text = `×${count}`;
  const width = 12 + text.length * 6.5;
  return (
    <g transform={`translate(${x} ${y})`} aria-hidden className="pointer-events-none">
      <rect
        x={-width / 2}
        y={-9}
        width={width}
        height={18}
        rx={9}
        style={{ fill: 'var(--success-soft)', stroke: 'var(--status-success)', strokeOpacity: 0.5 }}
      />
      <text
        textAnchor="middle"
        dominantBaseline="central"
        fontSize={11}
        style={{ fill: 'var(--success-text)', fontVariantNumeric: 'tabular-nums', fontWeight: 500 }}
      >
        {text}
      </text>
    </g>
  );
}

interface ToolProps {
  x: number;
  y: number;
  shown: boolean;
  onInsert: (event: React.MouseEvent | React.KeyboardEvent) => void;
}

function InsertTool({ x, y, shown, onInsert }: ToolProps) {
  return (
    <g
      transform={`translate(${x} ${y})`}
      role="button"
      aria-label="Insert a node here"
      className="wire-tool nodrag nopan cursor-pointer"
      data-shown={shown}
      onClick={onInsert}
    >
      <circle r={11} style={{ fill: 'var(--surface)', stroke: 'var(--accent)', strokeWidth: 1.5 }} />
      <path
        d="M-5 0H5M0-5V5"
        style={{ stroke: 'var(--accent)', strokeWidth: 1.75, strokeLinecap: 'round' }}
      />
    </g>
  );
}

/** The edge under the pointer while it is being drawn, in the colour of what will flow. */
export function DrawnWire(props: ConnectionLineComponentProps<FlowNode>) {
  const { document, definitionOf, drawing } = useEditor();
  const { end } = drawing.getState();
  const node = end && document.store.getState().nodes.get(end.node);
  const ports = node && portsOf(node, definitionOf);
  const port = (end?.side === 'input' ? ports?.inputs : ports?.outputs)?.find(
    (one) => one.name === end?.port,
  );
  const [path] = getBezierPath({
    sourceX: props.fromX,
    sourceY: props.fromY,
    sourcePosition: props.fromPosition,
    targetX: props.toX,
    targetY: props.toY,
    targetPosition: props.toPosition,
  });
  const refused = props.connectionStatus === 'invalid';
  const style: CSSProperties = {
    stroke: refused ? 'var(--danger)' : colourOf(port?.type ?? 'any'),
    strokeWidth: 2.25,
    fill: 'none',
    ...(refused && { strokeDasharray: '5 4' }),
  };
  return <path d={path} style={style} />;
}
