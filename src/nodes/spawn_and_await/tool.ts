import { type Capabilities, StepError } from '#domain/node/executor.ts';
import { executorTool } from '#domain/node/executor-tool.ts';
import type { ToolCallInput, ToolExecutor, ToolOutcome } from '#domain/node/tool.ts';
import type { definition } from './definition.ts';
import { execute } from './executor.ts';

/** Agents that start agents: each may cost as much as the first, so they end soon. */
const DEEPEST = 3;

const run = executorTool<typeof definition>({
  execute,
  config: ({ config, args }) => ({
    ...config,
    tasks: (args as { readonly tasks: (typeof config)['tasks'] }).tasks,
  }),
  result: ({ results }) => results,
});

export const tool: ToolExecutor<typeof definition> = {
  call: async (call: ToolCallInput<typeof definition>, capabilities: Capabilities): Promise<ToolOutcome> => {
    if (capabilities.place().depth < DEEPEST) return run.call(call, capabilities);
    const message = `Workflows may start each other ${DEEPEST} deep this way, and no deeper. Do the work yourself.`;
    throw new StepError('too_deep', message, { permanent: true });
  },
};
