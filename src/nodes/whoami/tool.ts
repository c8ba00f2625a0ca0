import { callOperation } from '#domain/node/platform-call.ts';
import type { ToolExecutor } from '#domain/node/tool.ts';
import type { definition } from './definition.ts';

const SHOWN = 1000;

interface Node {
  readonly node_id: string;
  readonly label: string | null;
  readonly component_type: string;
  readonly config: { readonly system_prompt: string };
}

export const tool: ToolExecutor<typeof definition> = {
  call: async ({ caller }, capabilities) => {
    const { executionId, workflowId } = capabilities.place();
    const run = await callOperation<{ workflow_slug: string; workflow_name: string }>(
      capabilities,
      'executions.get',
      { execution_id: executionId },
    );
    const { workflow_slug, workflow_name } = run;
    const nodes = await callOperation<readonly Node[]>(capabilities, 'nodes.list', { workflow_slug });
    const node = nodes.find((one) => one.node_id === caller.id);
    const path = `/workflows/${workflow_slug}/nodes/${caller.id}/`;
    return {
      kind: 'done',
      result: {
        workflow_slug,
        workflow_name,
        workflow_id: workflowId,
        execution_id: executionId,
        node_id: caller.id,
        label: node?.label ?? null,
        component_type: node?.component_type ?? null,
        system_prompt: node?.config.system_prompt.slice(0, SHOWN) ?? null,
        how_to_update: `PATCH ${path} with {"config": {"system_prompt": "…"}}. It counts from the next run on.`,
      },
    };
  },
};
