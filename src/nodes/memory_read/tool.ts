import type { ToolExecutor } from '#domain/node/tool.ts';
import type { definition } from './definition.ts';
import { look, type Question } from './look.ts';

export const tool: ToolExecutor<typeof definition> = {
  call: async ({ args, config }, capabilities) => {
    const memories = await look(capabilities, config, args as Question);
    return { kind: 'done', result: memories.length > 0 ? memories : 'Nothing is remembered about this.' };
  },
};
