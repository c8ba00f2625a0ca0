import { callOperation } from '#domain/node/platform-call.ts';
import type { ToolExecutor } from '#domain/node/tool.ts';
import type { definition } from './definition.ts';

const LONGEST_NAME = 150;

export const tool: ToolExecutor<typeof definition> = {
  call: async ({ args, caller }, capabilities) => {
    const { purpose } = args as { readonly purpose?: string | null };
    const { workflow_slug } = await callOperation<{ workflow_slug: string }>(capabilities, 'executions.get', {
      execution_id: capabilities.place().executionId,
    });
    const username = `agent_${workflow_slug}_${caller.id}`.slice(0, LONGEST_NAME);
    const input = { username, purpose: purpose ?? `The agent ${caller.id} of ${workflow_slug}.` };
    return { kind: 'done', result: await callOperation(capabilities, 'agents.provide', input) };
  },
};
