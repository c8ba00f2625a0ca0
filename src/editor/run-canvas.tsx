'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import type { Graph } from '#domain/graph/graph.ts';
import { nodeDefinitions } from '#nodes/definitions.ts';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Spinner } from '#ui/spinner.tsx';
import { useTheme } from '#ui/theme.ts';
import { Canvas } from './canvas/canvas.tsx';
import { createDocument } from './document/document-store.ts';
import { createEditorParts, EditorContext, type EditorParts } from './editor-context.ts';
import { FlowProvider } from './flow/flow.tsx';
import { createRunSession, type RunSession } from './run/run-session.ts';
import { useTouch } from './use-media.ts';

export interface RunCanvasProps {
  executionId: string;
  /** The node that is marked; null for none. */
  selected: string | null;
  onSelect: (nodeId: string | null) => void;
}

/** A run on the graph it ran with: nothing can be changed, states are live while it goes on. */
export function RunCanvas(props: RunCanvasProps) {
  const graph = useQuery(
    trpc.executions.graph.queryOptions(
      { execution_id: props.executionId },
      { staleTime: Number.POSITIVE_INFINITY },
    ),
  );
  if (graph.data) {
    const { nodes, edges } = graph.data;
    return (
      <FlowProvider>
        <Shown key={props.executionId} graph={{ nodes, edges }} {...props} />
      </FlowProvider>
    );
  }
  return (
    <div className="grid h-full place-items-center p-6">
      {graph.error ? (
        <ErrorNotice
          title="The graph could not be loaded"
          description={readProblem(graph.error).message}
          onRetry={() => void graph.refetch()}
        />
      ) : (
        <Spinner label="Loading the graph" />
      )}
    </div>
  );
}

function openInstance(graph: Graph): { parts: EditorParts; session: RunSession } {
  const session = createRunSession();
  const document = createDocument({ graph, readOnly: true });
  const parts = createEditorParts({
    slug: '',
    document,
    // What ran once is shown although the operator has switched it off since.
    definitions: nodeDefinitions,
    run: session.store,
    session,
    readOnly: true,
  });
  // The canvas is small here, and a map would cover nodes.
  parts.layout.setState({ minimap: false });
  return { parts, session };
}

function Shown({ graph, executionId, selected, onSelect }: RunCanvasProps & { graph: Graph }) {
  const [{ parts, session }] = useState(() => openInstance(graph));
  const { resolved } = useTheme();
  const touch = useTouch();
  useEffect(() => {
    void session.open(executionId).catch(() => undefined);
    return () => session.stop();
  }, [session, executionId]);
  useEffect(() => {
    parts.selection.setState({ nodes: new Set(selected === null ? [] : [selected]), edges: new Set() });
  }, [parts, selected]);
  useEffect(
    () =>
      parts.selection.subscribe(({ nodes }) => {
        const [id = null] = nodes;
        if (id !== selected) onSelect(id);
      }),
    [parts, selected, onSelect],
  );
  return (
    <EditorContext.Provider value={parts}>
      <section aria-label="Canvas" data-canvas className="editor-canvas relative h-full min-h-0 w-full bg-bg">
        <Canvas colourMode={resolved} touch={touch} />
      </section>
    </EditorContext.Provider>
  );
}
