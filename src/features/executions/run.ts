import type { ReactNode } from 'react';
import type { OutputOf } from '#contract/contract.ts';

/** One run with its steps. */
export type Run = OutputOf<'executions', 'get'>;

/** What the canvas is asked to draw. */
export interface CanvasRequest {
  readonly executionId: string;
  /** The node whose step is shown; null for none. */
  readonly selected: string | null;
  readonly onSelect: (nodeId: string | null) => void;
}

/** Draws the run on its graph; given by the page, because a screen knows nothing of the editor. */
export type RenderCanvas = (request: CanvasRequest) => ReactNode;
