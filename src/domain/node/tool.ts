import type { z } from 'zod';
import type { NodeDefinition } from './definition.ts';
import type { Capabilities } from './executor.ts';
import type { Parts } from './part.ts';
import type { Resumed } from './suspend.ts';
import type { ToolFunction } from './tool-function.ts';
import type { ToolOutcome } from './tool-request.ts';

export { type ToolFunction, toolFunction } from './tool-function.ts';
export type { ToolOutcome, ToolRequest } from './tool-request.ts';

/** One call of a tool, as the node type that offers it sees it. */
export interface ToolCallInput<C extends NodeDefinition = NodeDefinition> {
  readonly function: string;
  /** Checked by the function's `read`. */
  readonly args: unknown;
  /** Checked by the type's schema. */
  readonly config: z.output<C['config']>;
  readonly parts: Parts;
  /** The node the call is for. */
  readonly caller: { readonly id: string; readonly title: string };
  /** Null until the call was suspended and goes on. */
  readonly resumed: Resumed | null;
  /** The same on every attempt of this call. */
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
}

/**
 * How a node type works as a tool. Types without one of their own run their executor with the arguments put over
 * their config.
 */
export interface ToolExecutor<C extends NodeDefinition = NodeDefinition> {
  /** The functions it offers now, where they are known only at run time; else those of the definition count. */
  readonly functions?: (
    input: { readonly config: z.output<C['config']>; readonly parts: Parts; readonly signal: AbortSignal },
    capabilities: Capabilities,
  ) => Promise<readonly ToolFunction[]>;
  /** @throws StepError, which the model is told */
  readonly call: (input: ToolCallInput<C>, capabilities: Capabilities) => Promise<ToolOutcome>;
}

/** A tool executor of some node type; whoever calls it has matched it with its definition. */
export interface AnyToolExecutor {
  readonly functions?: (input: never, capabilities: Capabilities) => Promise<readonly ToolFunction[]>;
  readonly call: (input: never, capabilities: Capabilities) => Promise<ToolOutcome>;
}
