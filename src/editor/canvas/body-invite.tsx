'use client';

import { Plus } from 'lucide-react';
import { memo } from 'react';
import type { PlacedPort } from '../document/geometry.ts';
import { useDocument, useEditor } from '../editor-context.ts';
import { useFlowApi } from '../flow/flow.tsx';
import { isConnected } from './graph-facts.ts';

/** Beside a loop's empty body port: the next thing to do is to say what happens with each item. */
export const BodyInvite = memo(function BodyInvite({ node, place }: { node: string; place: PlacedPort }) {
  const { layout } = useEditor();
  const flow = useFlowApi();
  const connected = useDocument((doc) => isConnected(doc.graph, node, 'output', place.port.name));
  if (connected) return null;
  const invite = (event: React.MouseEvent): void => {
    event.stopPropagation();
    const screen = { x: event.clientX, y: event.clientY };
    const at = flow.toFlow(screen);
    layout.setState({
      picker: {
        kind: 'add',
        screen: { x: screen.x + 24, y: screen.y },
        flow: { x: at.x + 24, y: at.y },
        end: { node, port: place.port.name, side: 'output' },
      },
    });
  };
  return (
    <button
      type="button"
      // The canvas is one tab stop; with the keyboard the command “Connect from the selected node” does this.
      tabIndex={-1}
      aria-label={`${place.port.label ?? place.port.name}: add a node`}
      onClick={invite}
      className="nodrag nopan absolute flex h-6 items-center gap-1 rounded-full border border-dashed border-strong bg-surface pr-2.5 pl-1.5 text-2xs whitespace-nowrap text-muted hover:border-accent hover:text-accent-text"
      style={{ left: place.x + 16, top: place.y - 12 }}
    >
      <Plus className="size-3" aria-hidden />
      Add a node
    </button>
  );
});
