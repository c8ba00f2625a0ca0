'use client';

import dynamic from 'next/dynamic';
import { CanvasLoading } from '#features/shell/canvas-loading.tsx';

// The canvas measures the window, so there is nothing to render on the server.
const WorkflowEditor = dynamic(
  () => import('#editor/workflow-editor.tsx').then((module) => module.WorkflowEditor),
  { ssr: false, loading: () => <CanvasLoading label="Opening the workflow" /> },
);

/** Fills the page beside the rail with the editor. */
export function EditorLoader({ slug }: { slug: string }) {
  return (
    <div className="flex h-[calc(100dvh-3.5rem)] min-h-0 flex-col overflow-hidden sm:h-dvh">
      <WorkflowEditor key={slug} slug={slug} />
    </div>
  );
}
