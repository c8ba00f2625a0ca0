import { z } from 'zod';
import { type ToolFunction, toolFunction } from '#domain/node/tool.ts';

/** What the form says. */
interface Form {
  readonly program: string;
  readonly args: readonly string[];
  readonly stdin: string;
}

const LONGEST = 100_000;

/** With a program in the form, its arguments; without one, whole commands for a shell. */
export function commandFunction({ program, args, stdin }: Form): ToolFunction {
  if (!program) {
    return toolFunction({
      name: 'run_command',
      description: 'Runs a shell command in your workspace and gives its output and exit code.',
      parameters: z.object({ command: z.string().min(1).max(LONGEST).describe('For /bin/sh.') }),
      destructive: true,
    });
  }
  return toolFunction({
    name: 'run_command',
    description: `Runs ${[program, ...(args ?? [])].join(' ').slice(0, 300)} and gives its output and exit code.`,
    parameters: z.object({
      ...(!args?.length && {
        args: z
          .array(z.string().max(LONGEST))
          .max(1000)
          .optional()
          .describe('One entry per argument; no shell reads them.'),
      }),
      ...(!stdin && { stdin: z.string().max(1_000_000).optional().describe('What the program reads.') }),
    }),
    destructive: true,
  });
}
