import type { ToolExecutor } from '#domain/node/tool.ts';
import { checkGherkin } from './check.ts';
import type { definition } from './definition.ts';

export const tool: ToolExecutor<typeof definition> = {
  call: async ({ args }) => {
    const { gherkin_spec } = args as { readonly gherkin_spec: string };
    return { kind: 'done', result: checkGherkin(gherkin_spec) };
  },
};
