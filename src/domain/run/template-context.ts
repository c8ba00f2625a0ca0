import type { LoopView } from '../node/executor.ts';
import type { Outputs } from './fact.ts';

/** What templates see. */
export interface TemplateContext {
  readonly trigger: unknown;
  /** Every finished node's outputs by node id. */
  readonly nodes: Readonly<Record<string, unknown>>;
  readonly inputs: Outputs;
  /** Absent outside loops, so that naming it there is an error, and a node may be called so. */
  readonly loop?: LoopView;
  readonly run: { readonly id: string };
}

/**
 * Renders every template in a config except in the `verbatim` fields; answers at once when it can.
 * Throws or rejects with a StepError that names the expression.
 */
export type RenderConfig = (
  config: Readonly<Record<string, unknown>>,
  context: TemplateContext,
  verbatim: readonly string[],
) => Record<string, unknown> | Promise<Record<string, unknown>>;
