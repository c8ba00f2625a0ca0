import { useEffect, useMemo, useRef } from 'react';
import { refusal } from '#domain/graph/connect.ts';
import type { Actions } from '../command/action.ts';
import { connectionBetween, type LooseEnd, refusalOf } from '../document/edit.ts';
import type { Point } from '../document/geometry.ts';
import { type EditorParts, NOT_DRAWING } from '../editor-context.ts';
import type { FlowApi, FlowProps } from '../flow/flow.tsx';

type Handlers = Required<
  Pick<
    FlowProps,
    | 'onConnectStart'
    | 'onConnect'
    | 'onConnectEnd'
    | 'isValidConnection'
    | 'onReconnectStart'
    | 'onReconnect'
    | 'onReconnectEnd'
  >
>;

const PATIENCE_MS = 150;

function placeOf(event: MouseEvent | TouchEvent): Point {
  const at = 'changedTouches' in event ? event.changedTouches[0] : event;
  return { x: at?.clientX ?? 0, y: at?.clientY ?? 0 };
}

/** The card, and the port of it, at a place of the screen. */
function targetAt({ x, y }: Point): { node: string; port: string | null; side: string | null } | null {
  const element = window.document.elementFromPoint(x, y);
  const port = element?.closest<HTMLElement>('[data-port-node]');
  if (port) {
    return {
      node: port.dataset['portNode'] ?? '',
      port: port.dataset['portName'] ?? '',
      side: port.dataset['portSide'] ?? '',
    };
  }
  const card = element?.closest<HTMLElement>('.react-flow__node')?.querySelector<HTMLElement>('[data-card]');
  return card ? { node: card.dataset['card'] ?? '', port: null, side: null } : null;
}

const onPane = ({ x, y }: Point): boolean =>
  window.document.elementFromPoint(x, y)?.closest('.react-flow') !== null && targetAt({ x, y }) === null;

/** Drawing and re-drawing edges with the pointer: what fits, why something does not, and where a release leads. */
export function useDrawingHandlers(parts: EditorParts, actions: Actions | null, flow: FlowApi): Handlers {
  const cancelled = useRef(false);
  const joined = useRef(false);
  useHover(parts);
  useEscape(parts, cancelled);
  return useMemo(() => {
    const { drawing, document, definitionOf, layout } = parts;
    const finish = (event: MouseEvent | TouchEvent): void => {
      const { end, moving } = drawing.getState();
      drawing.setState(NOT_DRAWING, true);
      if (!end || !actions || joined.current || cancelled.current) return;
      const at = placeOf(event);
      const target = targetAt(at);
      if (target) {
        const port =
          target.side !== null && target.side !== end.side ? (target.port ?? undefined) : undefined;
        if (target.node !== end.node || port !== undefined)
          actions.connect(end, { node: target.node, port }, moving ?? undefined);
      } else if (moving === null && onPane(at)) {
        layout.setState({ picker: { kind: 'add', screen: at, flow: flow.toFlow(at), end } });
      }
    };
    const begin = (end: LooseEnd, moving: number | null): void => {
      cancelled.current = false;
      joined.current = false;
      drawing.setState({ ...NOT_DRAWING, end, moving }, true);
    };
    const join = (c: {
      source: string;
      sourceHandle?: string | null;
      target: string;
      targetHandle?: string | null;
    }): void => {
      const { end, moving } = drawing.getState();
      if (!end || !actions || cancelled.current) return;
      const far =
        end.side === 'output'
          ? { node: c.target, port: c.targetHandle }
          : { node: c.source, port: c.sourceHandle };
      joined.current = actions.connect(
        end,
        { node: far.node, port: far.port ?? undefined },
        moving ?? undefined,
      );
    };
    return {
      onConnectStart: (_event, { nodeId, handleId, handleType }) => {
        if (!nodeId || !handleId) return;
        begin({ node: nodeId, port: handleId, side: handleType === 'target' ? 'input' : 'output' }, null);
      },
      onConnect: join,
      onConnectEnd: finish,
      onReconnectStart: (_event, edge, fixed) => {
        const { source, sourcePort, target, targetPort } = edge.data?.edge ?? {};
        // The named handle is the end that stays.
        const end =
          fixed === 'source'
            ? { node: source ?? '', port: sourcePort ?? '', side: 'output' as const }
            : { node: target ?? '', port: targetPort ?? '', side: 'input' as const };
        begin(end, Number(edge.id));
      },
      onReconnect: (_edge, connection) => join(connection),
      onReconnectEnd: finish,
      isValidConnection: ({ sourceHandle, targetHandle, source, target }) => {
        const { moving } = drawing.getState();
        const connection = { source, sourcePort: sourceHandle ?? '', target, targetPort: targetHandle ?? '' };
        return (
          refusal(document.store.getState().graph, connection, definitionOf, moving ?? undefined) === null
        );
      },
    };
  }, [parts, actions, flow]);
}

/** Follows the pointer while an edge is drawn: which card it is over, and after a moment why that card refuses. */
function useHover({ drawing, document, definitionOf }: EditorParts): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let shown = '';
    const why = (
      end: LooseEnd,
      target: NonNullable<ReturnType<typeof targetAt>>,
      moving: number | null,
    ): string | null => {
      const { graph } = document.store.getState();
      const rest =
        moving === null ? graph : { ...graph, edges: graph.edges.filter((edge) => edge.id !== moving) };
      const port = target.port !== null && target.side !== end.side ? target.port : undefined;
      const self = target.node === end.node;
      return self && port !== undefined
        ? (refusal(rest, connectionBetween(end, target.node, port), definitionOf)?.message ?? null)
        : refusalOf(rest, end, { node: target.node, port }, definitionOf);
    };
    const onMove = (event: PointerEvent): void => {
      const { end, moving, over } = drawing.getState();
      if (!end) return;
      const at = { x: event.clientX, y: event.clientY };
      const found = targetAt(at);
      const own = found?.node === end.node && (found.port === null || found.port === end.port);
      const target = own ? null : found;
      const key = target ? `${target.node}\n${target.port ?? ''}` : '';
      if (key === shown && over) return;
      shown = key;
      clearTimeout(timer);
      if (!target && !over) return;
      const text = target ? why(end, target, moving) : null;
      const hovered = target && { node: target.node, port: target.port, fits: text === null };
      drawing.setState({ over: hovered, reason: null });
      if (text !== null) timer = setTimeout(() => drawing.setState({ reason: { text, at } }), PATIENCE_MS);
    };
    const leave = drawing.subscribe((state) => {
      if (state.end) return;
      clearTimeout(timer);
      shown = '';
    });
    window.addEventListener('pointermove', onMove, { passive: true });
    return () => {
      window.removeEventListener('pointermove', onMove);
      clearTimeout(timer);
      leave();
    };
  }, [drawing, document, definitionOf]);
}

/** Esc gives a drawing up. React Flow knows no cancel, so it is told that the pointer was released, and ignored. */
function useEscape({ drawing }: EditorParts, cancelled: { current: boolean }): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || !drawing.getState().end) return;
      event.stopPropagation();
      event.preventDefault();
      cancelled.current = true;
      window.document.dispatchEvent(new MouseEvent('mouseup', { bubbles: true, clientX: -1, clientY: -1 }));
      drawing.setState(NOT_DRAWING, true);
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, [drawing, cancelled]);
}
