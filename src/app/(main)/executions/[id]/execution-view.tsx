'use client';

import dynamic from 'next/dynamic';
import { ExecutionScreen } from '#features/executions/execution-screen.tsx';
import { CanvasLoading } from '#features/shell/canvas-loading.tsx';

// The canvas measures the window, so there is nothing to render on the server.
const RunCanvas = dynamic(() => import('#editor/run-canvas.tsx').then((module) => module.RunCanvas), {
  ssr: false,
  loading: () => <CanvasLoading label="Opening the canvas" />,
});

/** The run's screen with the editor's canvas in it. */
export function ExecutionView({ executionId }: { executionId: string }) {
  return (
    <ExecutionScreen
      key={executionId}
      executionId={executionId}
      renderCanvas={(request) => <RunCanvas {...request} />}
    />
  );
}
