import { useCallback, useEffect, useRef, useState } from 'react';
import type { AnyDefinition } from '#domain/node/definition.ts';
import { useActions } from '../command/actions-context.ts';
import type { Point } from '../document/geometry.ts';
import { useFlowApi } from '../flow/flow.tsx';

export interface DragGhost {
  readonly definition: AnyDefinition;
  readonly at: Point;
}

const THRESHOLD = 6;
/** Where the pointer holds the ghost card, from the card's corner. */
const GRIP: Point = { x: 40, y: 32 };

/** The edge and the card under a place of the screen, and whether the place is on the canvas at all. */
function under({ x, y }: Point): { canvas: boolean; edge: SVGGElement | null; node: string | null } {
  const element = window.document.elementFromPoint(x, y);
  return {
    canvas: element?.closest('.react-flow') !== null && element !== null,
    edge: element?.closest<SVGGElement>('[data-edge-id]') ?? null,
    node: element?.closest('.react-flow__node')?.getAttribute('data-id') ?? null,
  };
}

/** Dragging a node type from the palette with the pointer. Dropped on an edge it is put into the edge, on a card into its slot. */
export function useTypeDrag() {
  const [ghost, setGhost] = useState<DragGhost | null>(null);
  const [held, setHeld] = useState<DragGhost | null>(null);
  const dragged = useRef(false);
  const actions = useActions();
  const flow = useFlowApi();

  const start = useCallback((definition: AnyDefinition, event: React.PointerEvent) => {
    dragged.current = false;
    if (event.button !== 0 || event.pointerType === 'touch') return;
    setHeld({ definition, at: { x: event.clientX, y: event.clientY } });
  }, []);

  useEffect(() => {
    if (!held) return;
    const { definition } = held;
    let lit: SVGGElement | null = null;
    const light = (edge: SVGGElement | null): void => {
      lit?.removeAttribute('data-drop');
      edge?.setAttribute('data-drop', 'true');
      lit = edge;
    };
    const onMove = (event: PointerEvent): void => {
      const at = { x: event.clientX, y: event.clientY };
      if (!dragged.current && Math.hypot(at.x - held.at.x, at.y - held.at.y) < THRESHOLD) return;
      dragged.current = true;
      event.preventDefault();
      light(event.altKey ? null : under(at).edge);
      setGhost({ definition, at });
    };
    const end = (): void => {
      light(null);
      setGhost(null);
      setHeld(null);
    };
    const onUp = (event: PointerEvent): void => {
      const at = { x: event.clientX, y: event.clientY };
      const place = under(at);
      end();
      if (!dragged.current || !place.canvas) return;
      if (place.node !== null && !event.altKey && actions.plugInto(definition, place.node)) return;
      if (place.edge && !event.altKey) actions.insert(definition, Number(place.edge.dataset['edgeId']));
      else {
        const { x, y } = flow.toFlow(at);
        actions.add(definition, { x: x - GRIP.x, y: y - GRIP.y });
      }
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      end();
    };
    window.addEventListener('pointermove', onMove);
    window.addEventListener('pointerup', onUp);
    window.addEventListener('pointercancel', end);
    window.addEventListener('keydown', onKey, true);
    return () => {
      light(null);
      window.removeEventListener('pointermove', onMove);
      window.removeEventListener('pointerup', onUp);
      window.removeEventListener('pointercancel', end);
      window.removeEventListener('keydown', onKey, true);
    };
  }, [held, actions, flow]);

  /** Whether the click that comes now ends a drag. */
  const wasDragged = useCallback((): boolean => dragged.current, []);
  return { ghost, start, wasDragged };
}
