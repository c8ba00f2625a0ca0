import { callOperation } from '#domain/node/platform-call.ts';
import type { ToolExecutor } from '#domain/node/tool.ts';
import type { definition } from './definition.ts';

export const tool: ToolExecutor<typeof definition> = {
  call: async (_input, capabilities) => ({
    kind: 'done',
    result: await callOperation(capabilities, 'system.health'),
  }),
};
