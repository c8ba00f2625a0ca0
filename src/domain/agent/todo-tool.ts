import { z } from 'zod';
import type { Capabilities } from '../node/executor.ts';
import { toolFunction } from '../node/tool.ts';
import type { InnerTool } from './toolset.ts';

const todos = z.object({
  todos: z
    .array(
      z.object({
        content: z.string().min(1).max(500),
        status: z.enum(['pending', 'in_progress', 'completed']),
      }),
    )
    .max(100)
    .describe('The whole list; it replaces the one before.'),
});

/** The plan of an agent, which its run shows. */
export function todoTool({ once }: Pick<Capabilities, 'once'>): InnerTool {
  return {
    face: toolFunction({
      name: 'write_todos',
      description:
        'Writes your to-do list down. Use it at the beginning of a task with several steps and whenever one is done; ' +
        'at most one step is in progress.',
      parameters: todos,
    }),
    call: async (args, key) => {
      const list = args as z.output<typeof todos>;
      const call = { key: `plan:${key}`, kind: 'plan' as const, title: 'To-do list', request: list };
      const { todos: kept } = await once(call, async () => list);
      const done = kept.filter(({ status }) => status === 'completed').length;
      return { kind: 'told', result: `Written down. ${done} of ${kept.length} done.` };
    },
  };
}

export const TODO_RULE =
  'Plan first: write your to-do list with write_todos, work through it one by one, and keep it up to date.';
