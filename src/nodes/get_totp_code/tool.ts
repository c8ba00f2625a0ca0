import { callOperation } from '#domain/node/platform-call.ts';
import type { ToolExecutor } from '#domain/node/tool.ts';
import type { definition } from './definition.ts';

const LONGEST_NAME = 150;

export const tool: ToolExecutor<typeof definition> = {
  call: async ({ args, caller }, capabilities) => {
    const { username } = args as { readonly username?: string | null };
    const wanted = username || (await ownName());
    return {
      kind: 'done',
      result: await callOperation(capabilities, 'agents.totpCode', { username: wanted }),
    };

    async function ownName(): Promise<string> {
      const { workflow_slug } = await callOperation<{ workflow_slug: string }>(
        capabilities,
        'executions.get',
        {
          execution_id: capabilities.place().executionId,
        },
      );
      return `agent_${workflow_slug}_${caller.id}`.slice(0, LONGEST_NAME);
    }
  },
};
