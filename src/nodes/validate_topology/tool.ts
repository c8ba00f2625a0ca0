import { executorTool } from '#domain/node/executor-tool.ts';
import type { definition } from './definition.ts';
import { execute } from './executor.ts';

export const tool = executorTool<typeof definition>({
  execute,
  config: ({ config, args }) => ({
    ...config,
    document:
      config.document === '' ? (args as { readonly topology_yaml: string }).topology_yaml : config.document,
  }),
  result: ({ output }) => output,
});
