import { executorTool } from '#domain/node/executor-tool.ts';
import type { definition } from './definition.ts';
import { execute } from './executor.ts';

export const tool = executorTool<typeof definition>({
  execute,
  config: ({ config, args }) => ({ ...config, ...(args as { readonly code?: string }) }),
  result: ({ result }) => result,
});
