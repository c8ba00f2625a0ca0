'use client';

import { Plus } from 'lucide-react';
import { type CSSProperties, memo, useMemo } from 'react';
import { refusal } from '#domain/graph/connect.ts';
import { connectionBetween } from '../document/edit.ts';
import type { PlacedPort } from '../document/geometry.ts';
import { useDocument, useDrawing, useEditor } from '../editor-context.ts';
import { PortAnchor, useFlowApi } from '../flow/flow.tsx';
import { isConnected } from './graph-facts.ts';
import { colourOf, formOf } from './port-look.ts';

interface MarkProps {
  node: string;
  place: PlacedPort;
  /** Only seen while it matters: a step that might as well be plugged in as a tool. */
  quiet?: boolean;
}

/**
 * One port: where edges end and start. Filled when connected or required, hollow when optional and free. A free slot
 * has a “+”.
 */
export const PortMark = memo(function PortMark({ node, place, quiet = false }: MarkProps) {
  const { port, side, border } = place;
  const isSlot = border === 'bottom';
  const { readOnly, layout, drawing } = useEditor();
  const flow = useFlowApi();
  const connected = useDocument((state) => isConnected(state.graph, node, side, port.name));
  const fits = useFits(node, place);
  const style = useMemo(() => ({ '--port-colour': colourOf(port.type) }) as CSSProperties, [port.type]);
  const attributes = {
    'data-port-node': node,
    'data-port-name': port.name,
    'data-port-side': side,
    'data-port-type': port.type,
    ...(fits && { 'data-fits': fits }),
    ...(quiet && !connected && { 'data-quiet': 'true' }),
    ...(isSlot && !connected && port.required && { 'data-missing': 'true' }),
  };
  const pick = (event: React.MouseEvent): void => {
    if (readOnly || drawing.getState().end) return;
    event.stopPropagation();
    const screen = { x: event.clientX, y: event.clientY };
    const shift = side === 'output' ? 96 : -96;
    const at = flow.toFlow(screen);
    layout.setState({
      picker: {
        kind: 'add',
        screen: isSlot ? { x: screen.x, y: screen.y + 44 } : { x: screen.x + 24, y: screen.y },
        flow: { x: at.x + shift, y: at.y },
        end: { node, port: port.name, side },
      },
    });
  };
  return (
    <PortAnchor
      place={place}
      connectable={!readOnly}
      className="nodrag nopan"
      attributes={attributes}
      onClick={pick}
    >
      <span
        className="port-mark"
        data-form={formOf(port.type)}
        data-solid={connected || (port.required === true && !isSlot)}
        style={style}
      />
      {isSlot && !connected && !readOnly ? (
        <span className="slot-plus" title={`Add: ${port.label ?? port.name}`}>
          <Plus aria-hidden />
        </span>
      ) : null}
    </PortAnchor>
  );
});

/** While an edge is drawn: whether it may end here. Null when nothing is drawn or this is the wrong side. */
function useFits(node: string, { port, side }: PlacedPort): 'yes' | 'no' | null {
  const { document, definitionOf } = useEditor();
  return useDrawing(({ end, moving }) => {
    if (!end) return null;
    if (end.node === node && end.port === port.name && end.side === side) return null;
    if (end.side === side) return 'no';
    const connection = connectionBetween(end, node, port.name);
    return refusal(document.store.getState().graph, connection, definitionOf, moving ?? undefined)
      ? 'no'
      : 'yes';
  });
}
