import type { z } from 'zod';
import type { NodeDefinition } from './definition.ts';
import { type Executor, StepError, type StepInput } from './executor.ts';
import type { ToolCallInput, ToolExecutor } from './tool.ts';

interface Face<C extends NodeDefinition> {
  readonly execute: Executor<C>;
  /** The config of the step that does what the arguments ask for. */
  readonly config?: (call: ToolCallInput<C>) => z.output<C['config']>;
  /** What the model is told of the step's outputs. */
  readonly result: (outputs: Readonly<Record<string, unknown>>) => unknown;
}

/** A tool that does what a step of the same type does. It may suspend, but neither wait nor repeat. */
export function executorTool<C extends NodeDefinition>({
  execute,
  config,
  result,
}: Face<C>): ToolExecutor<C> {
  return {
    call: async (call, capabilities) => {
      const { parts, resumed, idempotencyKey, signal } = call;
      const input: StepInput<C> = {
        inputs: {},
        config: config ? config(call) : call.config,
        trigger: {},
        nodes: {},
        parts,
        loop: null,
        resumed,
        idempotencyKey,
        attempt: 1,
        signal,
      };
      const outcome = await execute(input, capabilities);
      if (outcome.kind === 'suspend') return outcome;
      if (outcome.kind === 'done') return { kind: 'done', result: result(outcome.outputs) };
      throw new StepError('not_a_tool', 'What repeats or waits cannot be called as a tool.', {
        permanent: true,
      });
    },
  };
}
