import { callOperation } from '#domain/node/platform-call.ts';
import type { ToolExecutor } from '#domain/node/tool.ts';
import type { definition } from './definition.ts';

interface Arguments {
  readonly dsl: string;
  readonly tags?: readonly string[] | null;
}

export const tool: ToolExecutor<typeof definition> = {
  call: async ({ args, caller }, capabilities) => {
    const { dsl, tags } = args as Arguments;
    const { workflowId } = capabilities.place();
    const asking = { workflow_id: workflowId, node_id: caller.id };
    const input = { yaml_str: dsl, ...(tags && { tags }), inherit_from: asking };
    return { kind: 'done', result: await callOperation(capabilities, 'workflows.fromDsl', input) };
  },
};
