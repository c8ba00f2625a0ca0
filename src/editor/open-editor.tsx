'use client';

import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { liveStore, subscribe } from '#client/live.ts';
import { queryClient, trpc } from '#client/trpc.ts';
import type { AnyDefinition } from '#domain/node/definition.ts';
import { useTheme } from '#ui/theme.ts';
import { Announcer } from './announcer.tsx';
import { Canvas } from './canvas/canvas.tsx';
import { CanvasControls, CanvasRegion, SelectionTools } from './canvas/canvas-region.tsx';
import { RefusalTip } from './canvas/refusal-tip.tsx';
import { createActions } from './command/action.ts';
import { ActionsContext } from './command/actions-context.ts';
import { commandsOf } from './command/command.ts';
import { EditorPalette, ShortcutSheet } from './command/command-dialogs.tsx';
import { useClipboard, useKeyboard } from './command/use-keyboard.ts';
import { countersIfWanted } from './counters.ts';
import { openChat } from './dock/open-chat.ts';
import { createDocument } from './document/document-store.ts';
import type { Point } from './document/geometry.ts';
import {
  createEditorParts,
  EditorContext,
  type EditorParts,
  useEditor,
  useProposal,
} from './editor-context.ts';
import { EditorHeader } from './editor-header.tsx';
import { EmptyCanvas } from './empty-canvas.tsx';
import { useFlowApi } from './flow/flow.tsx';
import { useStoredRun } from './inspector/node-data.tsx';
import { CanvasPicker } from './palette/canvas-picker.tsx';
import { ReviewCanvas, usePreloadedPanels } from './panel-loader.tsx';
import { AnswerDialog } from './run/answer-dialog.tsx';
import { RunControlContext } from './run/control-context.ts';
import { NodeForm } from './run/node-form.tsx';
import { RunForm } from './run/run-form.tsx';
import { createRunSession, type RunSession } from './run/run-session.ts';
import { afterMessages } from './run/run-state.ts';
import { SampleContext, sampleOf } from './run/sample.ts';
import { useRunControl } from './run/use-run-control.ts';
import { type Autosave, createAutosave, type ServerGraph } from './save/autosave.ts';
import { loadDraft } from './save/draft-storage.ts';
import { ConflictBar } from './save/save-pill.tsx';
import { savePortOf } from './save/save-port.ts';
import { DockSide, PaletteSide, RightSide } from './side-panel.tsx';
import { useTouch } from './use-media.ts';
import { useProblemCheck } from './use-problems.ts';

interface OpenEditorProps {
  slug: string;
  name: string;
  start: ServerGraph;
  /** The node types this installation has. */
  definitions: readonly AnyDefinition[];
}

interface Instance {
  readonly parts: EditorParts;
  readonly session: RunSession;
  readonly save: Autosave;
}

function openInstance({ slug, start, definitions }: Omit<OpenEditorProps, 'name'>): Instance {
  const document = createDocument(start);
  const session = createRunSession((executionId) => {
    void queryClient.invalidateQueries({
      queryKey: trpc.executions.get.queryKey({ execution_id: executionId }),
    });
    void queryClient.invalidateQueries({ queryKey: trpc.executions.list.queryKey() });
  });
  const narrow = window.matchMedia('(max-width: 767px)').matches;
  const parts = createEditorParts({ slug, document, definitions, run: session.store, session, narrow });
  const drafts = window.localStorage;
  const save = createAutosave({
    slug,
    document,
    port: savePortOf(slug),
    start,
    drafts,
    draft: loadDraft(drafts, slug),
  });
  return { parts, session, save };
}

/** One workflow, open for editing. Its stores live as long as the component. */
export function OpenEditor({ name, ...opening }: OpenEditorProps) {
  const [instance] = useState(() => openInstance(opening));
  const { parts, session, save } = instance;
  useLifetime(instance);
  usePreloadedPanels();
  useProblemCheck(parts);
  return (
    <EditorContext.Provider value={parts}>
      <Workbench name={name} session={session} save={save} />
      <Announcer />
    </EditorContext.Provider>
  );
}

function useLifetime({ parts, session, save }: Instance): void {
  useEffect(() => {
    const stopSaving = save.start();
    const leave = subscribe(`workflow:${parts.slug}`, {
      onMessage: ({ type, data }) => {
        if (type === 'graph_updated' && typeof data['revision'] === 'number') save.heardOf(data['revision']);
      },
    });
    const online = (): void => void save.flush();
    window.addEventListener('online', online);
    const counters = countersIfWanted();
    if (counters) {
      counters.status = (node_id, status) =>
        session.store.setState(
          (view) =>
            afterMessages(view, [
              { type: 'node_status', timestamp: Date.now() / 1000, data: { node_id, status } },
            ]),
          true,
        );
    }
    return () => {
      leave();
      stopSaving();
      session.stop();
      const proposal = parts.proposal.getState();
      if (proposal?.stage === 'writing') proposal.stop();
      window.removeEventListener('online', online);
    };
  }, [parts, session, save]);
}

function Workbench({ name, session, save }: { name: string; session: RunSession; save: Autosave }) {
  const parts = useEditor();
  const flow = useFlowApi();
  const pointer = useRef<Point | null>(null);
  const [actions] = useState(() => createActions(parts, flow, pointer));
  const control = useRunControl(parts, session, save);
  const commands = useMemo(
    () =>
      commandsOf({
        parts,
        actions,
        flow,
        save: () => void save.flush(),
        control,
      }),
    [parts, actions, flow, save, control],
  );
  useKeyboard(commands, parts, actions);
  useClipboard(actions);
  const sample = useStoredRun();
  const known = useMemo(() => sampleOf(sample.data), [sample.data]);
  const { resolved } = useTheme();
  const touch = useTouch();
  const open = (id: string): void => {
    const node = parts.document.store.getState().nodes.get(id);
    if (node && parts.definitionOf(node.type)?.trigger === 'chat') openChat(parts.layout);
    else parts.layout.setState({ inspector: true, dock: 'output' });
  };
  return (
    <ActionsContext.Provider value={actions}>
      <RunControlContext.Provider value={control}>
        <SampleContext.Provider value={known}>
          <div className="flex h-full min-h-0 w-full flex-col">
            <EditorHeader name={name} save={save} control={control} />
            <ConflictBar save={save} />
            <LostConnection />
            <div className="relative flex min-h-0 flex-1">
              <PaletteSide />
              <div className="flex min-h-0 min-w-0 flex-1 flex-col">
                <UnderReview over={<ReviewCanvas colourMode={resolved} touch={touch} />}>
                  <CanvasRegion commands={commands} pointer={pointer}>
                    <Canvas colourMode={resolved} touch={touch} onOpen={open} />
                    <EmptyCanvas />
                    <CanvasControls commands={commands} />
                    <SelectionTools commands={commands} />
                  </CanvasRegion>
                </UnderReview>
                <DockSide session={session} save={save} />
              </div>
              <RightSide />
            </div>
          </div>
          <CanvasPicker />
          <RefusalTip />
          <AnswerDialog />
          <NodeForm control={control} />
          <RunForm triggers={control.triggers} onRun={control.startWith} />
          <EditorPalette commands={commands} />
          <ShortcutSheet commands={commands} />
        </SampleContext.Provider>
      </RunControlContext.Provider>
    </ActionsContext.Provider>
  );
}

/** Holds the canvas, out of reach while a proposed change is drawn over it. */
function UnderReview({ over, children }: { over: ReactNode; children: ReactNode }) {
  const reviewing = useProposal((state) => state?.stage === 'review');
  return (
    <div className="relative flex min-h-0 min-w-0 flex-1 flex-col">
      <div inert={reviewing} className="flex min-h-0 min-w-0 flex-1 flex-col">
        {children}
      </div>
      {over}
    </div>
  );
}

/** Runs go on without this browser; say so instead of leaving the canvas looking stuck. */
function LostConnection() {
  const lost = useStore(liveStore, (state) => state.status === 'reconnecting');
  if (!lost) return null;
  return (
    <div className="border-b border-border bg-warning-soft px-4 py-1.5 text-xs text-warning-text">
      Reconnecting… A run that is going on continues on the server.
    </div>
  );
}
