'use client';

import { type ReactNode, useEffect } from 'react';
import { cn } from '#ui/class-name.ts';
import { ResizablePanel } from '#ui/resizable-panel.tsx';
import { useEditor, useLayout, useProposal } from './editor-context.ts';
import { useOnlySelected } from './inspector/use-only-selected.ts';
import { Palette } from './palette/palette.tsx';
import { Dock, Inspector, ProposePanel } from './panel-loader.tsx';
import type { RunSession } from './run/run-session.ts';
import type { Autosave } from './save/autosave.ts';
import { useNarrow } from './use-media.ts';
import { useReveal } from './use-reveal.ts';

interface SideProps {
  readonly side: 'left' | 'right';
  /** What the handle says. */
  readonly label: string;
  /** Under which its width is remembered. */
  readonly storageKey: string;
  readonly children: ReactNode;
}

const SIZES = {
  left: { defaultSize: 256, minSize: 208, maxSize: 400, edge: 'border-r', sheet: 'h-3/5' },
  right: { defaultSize: 384, minSize: 320, maxSize: 720, edge: 'border-l', sheet: 'h-[62%]' },
} as const;

/** Beside the canvas; on a phone a sheet over its lower part. */
function Side({ side, label, storageKey, children }: SideProps) {
  const narrow = useNarrow();
  const { edge, sheet, ...size } = SIZES[side];
  if (narrow) {
    return (
      <div
        className={cn(
          'absolute inset-x-0 bottom-0 z-30 rounded-t-xl border-t border-border bg-surface shadow-raised',
          sheet,
        )}
      >
        {children}
      </div>
    );
  }
  return (
    <ResizablePanel
      side={side}
      {...size}
      storageKey={storageKey}
      label={label}
      className={cn(edge, 'border-border')}
    >
      {children}
    </ResizablePanel>
  );
}

/** The node types that can be added. */
export function PaletteSide() {
  const parts = useEditor();
  const shown = useLayout((state) => state.palette);
  const narrow = useNarrow();
  if (!shown) return null;
  const hide = (): void => parts.layout.setState({ palette: false });
  return (
    <Side side="left" label="Resize palette" storageKey="pipewright:palette">
      <Palette {...(narrow && { onAdded: hide })} />
    </Side>
  );
}

/** The selected node, or a change that is described. */
export function RightSide() {
  const proposing = useProposal((state) => state !== null);
  if (!proposing) return <InspectorSide />;
  return (
    <Side side="right" label="Resize panel" storageKey="pipewright:inspector">
      <ProposePanel />
    </Side>
  );
}

function InspectorSide() {
  const parts = useEditor();
  const wanted = useLayout((state) => state.inspector);
  const id = useOnlySelected();
  const narrow = useNarrow();
  // Closing means this node; the next selection opens it again.
  useEffect(() => {
    if (id !== null && !narrow) parts.layout.setState({ inspector: true });
  }, [id, narrow, parts]);
  useReveal(wanted ? id : null, narrow);
  if (id === null || !wanted) return null;
  return (
    <Side side="right" label="Resize inspector" storageKey="pipewright:inspector">
      <Inspector onClose={() => parts.layout.setState({ inspector: false })} />
    </Side>
  );
}

/** Runs, the conversation, problems and data below the canvas. */
export function DockSide({ session, save }: { session: RunSession; save: Autosave }) {
  const tab = useLayout((state) => state.dock);
  if (tab === null) return null;
  const chat = tab === 'chat';
  return (
    <ResizablePanel
      side="bottom"
      // A conversation needs more room than a list; each remembers its own.
      defaultSize={chat ? 380 : 240}
      minSize={chat ? 200 : 120}
      maxSize={chat ? 900 : 600}
      storageKey={chat ? 'pipewright:dock-chat' : 'pipewright:dock'}
      label="Resize panel"
      className={chat ? 'max-h-[75%]' : 'max-h-[60%]'}
    >
      <Dock session={session} save={save} />
    </ResizablePanel>
  );
}
