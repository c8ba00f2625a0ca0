import { parseBounded } from '#domain/bounded-json.ts';
import { StepError } from '#domain/node/executor.ts';
import { callOperation } from '#domain/node/platform-call.ts';
import type { ToolExecutor } from '#domain/node/tool.ts';
import type { definition } from './definition.ts';

interface Arguments {
  readonly requirements: unknown;
  readonly limit: number;
}

export const tool: ToolExecutor<typeof definition> = {
  call: async ({ args }, capabilities) => {
    const { requirements, limit } = args as Arguments;
    const wanted = typeof requirements === 'string' ? parsed(requirements) : requirements;
    const input = { requirements: wanted, limit };
    return { kind: 'done', result: await callOperation(capabilities, 'workflows.discover', input) };
  },
};

/** Some models write objects as text. */
function parsed(text: string): unknown {
  try {
    return parseBounded(text);
  } catch {
    const message =
      'requirements is no JSON. Write an object with node_types, triggers, tools, tags, description.';
    throw new StepError('bad_arguments', message, { permanent: true });
  }
}
