import type { Part } from './part.ts';
import type { Resumed, Suspend } from './suspend.ts';

/** What the model is told: text as it is, everything else as JSON. */
export interface ToolResult {
  readonly kind: 'done';
  readonly result: unknown;
  /** The call failed; `result` says why. */
  readonly isError?: boolean;
}

export type ToolOutcome = ToolResult | Suspend;

/** What an agent asks for. */
export interface ToolRequest {
  readonly part: Part;
  readonly function: string;
  /** As the model wrote them. */
  readonly args: unknown;
  /** Tells the calls of one step apart and stays the same when the step begins anew. */
  readonly key: string;
  readonly resumed: Resumed | null;
}

/** A call that has been made elsewhere. */
export interface NotedCall extends Omit<ToolRequest, 'resumed'> {
  /** JSON; of a failed one `{ error }`. */
  readonly result: unknown;
  readonly isError: boolean;
}
