'use client';

import { useEffect } from 'react';
import { ResizablePanel } from '#ui/resizable-panel.tsx';
import { useEditor, useLayout, useProposal } from './editor-context.ts';
import { useOnlySelected } from './inspector/use-only-selected.ts';
import { Palette } from './palette/palette.tsx';
import { Dock, Inspector, ProposePanel } from './panel-loader.tsx';
import type { RunSession } from './run/run-session.ts';
import type { Autosave } from './save/autosave.ts';
import { useNarrow } from './use-media.ts';
import { useReveal } from './use-reveal.ts';

/** The node types that can be added. */
export function PaletteSide() {
  const parts = useEditor();
  const shown = useLayout((state) => state.palette);
  const narrow = useNarrow();
  if (!shown) return null;
  if (narrow) {
    return (
      <div className="absolute inset-x-0 bottom-0 z-30 h-3/5 rounded-t-xl border-t border-border bg-surface shadow-raised">
        <Palette onAdded={() => parts.layout.setState({ palette: false })} />
      </div>
    );
  }
  return (
    <ResizablePanel
      side="left"
      defaultSize={256}
      minSize={208}
      maxSize={400}
      storageKey="pipewright:palette"
      label="Resize palette"
      className="border-r border-border"
    >
      <Palette />
    </ResizablePanel>
  );
}

/** The selected node, or a change that is described. */
export function RightSide() {
  const proposing = useProposal((state) => state !== null);
  const narrow = useNarrow();
  if (!proposing) return <InspectorSide />;
  if (narrow) {
    return (
      <div className="absolute inset-x-0 bottom-0 z-30 h-[62%] rounded-t-xl border-t border-border bg-surface shadow-raised">
        <ProposePanel />
      </div>
    );
  }
  return (
    <ResizablePanel
      side="right"
      defaultSize={384}
      minSize={320}
      maxSize={720}
      storageKey="pipewright:inspector"
      label="Resize panel"
      className="border-l border-border"
    >
      <ProposePanel />
    </ResizablePanel>
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
  if (id === null) return null;
  const close = (): void => parts.layout.setState({ inspector: false });
  if (narrow) {
    return wanted ? (
      <div className="absolute inset-x-0 bottom-0 z-30 h-[62%] rounded-t-xl border-t border-border bg-surface shadow-raised">
        <Inspector onClose={close} />
      </div>
    ) : null;
  }
  if (!wanted) return null;
  return (
    <ResizablePanel
      side="right"
      defaultSize={384}
      minSize={320}
      maxSize={720}
      storageKey="pipewright:inspector"
      label="Resize inspector"
      className="border-l border-border"
    >
      <Inspector onClose={close} />
    </ResizablePanel>
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
