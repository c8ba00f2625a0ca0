import { StepError } from '#domain/node/executor.ts';
import { executorTool } from '#domain/node/executor-tool.ts';
import type { CommandConfig, definition } from './definition.ts';
import { execute } from './executor.ts';

const SHELL = '/bin/sh';
const LONGEST = 50_000;

interface Args {
  readonly command?: string;
  readonly args?: string[];
  readonly stdin?: string;
}

export const tool = executorTool<typeof definition>({
  execute,
  config: ({ config, args }) => asked(config, args as Args),
  result: ({ result }) => {
    const { exit_code, signal, stdout, stderr, truncated } = result as Record<string, unknown>;
    return { exit_code, signal, stdout: cut(String(stdout)), stderr: cut(String(stderr)), truncated };
  },
});

/** An exit code is an answer for the model. */
function asked(config: CommandConfig, { command, args, stdin }: Args): CommandConfig {
  const common = { ...config, fail_on_exit_code: false };
  if (command === undefined) return { ...common, args: args ?? config.args, stdin: stdin ?? config.stdin };
  if (config.workspace === '') {
    const message = 'There is no workspace for commands. The node needs one in its field “Workspace”.';
    throw new StepError('no_workspace', message, { permanent: true });
  }
  return { ...common, program: SHELL, args: ['-c', command] };
}

/** The beginning and the end of what is too long. */
function cut(text: string): string {
  if (text.length <= LONGEST) return text;
  const half = LONGEST / 2;
  return `${text.slice(0, half)}\n… ${text.length - LONGEST} characters left out …\n${text.slice(-half)}`;
}
