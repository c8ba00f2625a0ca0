import type { ToolExecutor } from '#domain/node/tool.ts';
import type { definition } from './definition.ts';

interface Arguments {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** Longer answers would only push everything else out of the model's sight. */
const LONGEST = 50_000;

export const tool: ToolExecutor<typeof definition> = {
  call: async ({ args }, capabilities) => {
    const { method, path, body } = args as Arguments;
    const answer = await capabilities.platform({ method, path, ...(body != null && { body }) });
    return { kind: 'done', result: shortened(answer), ...(answer.status >= 400 && { isError: true }) };
  },
};

function shortened({ status, body }: { readonly status: number; readonly body: unknown }): unknown {
  const text = JSON.stringify(body) ?? '';
  if (text.length <= LONGEST) return { status, body };
  const hint = 'The answer is longer than this. Ask for less: a page with limit and offset, or one thing.';
  return { status, truncated: true, hint, body: text.slice(0, LONGEST) };
}
