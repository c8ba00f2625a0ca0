import { execFile } from 'node:child_process';
import { type CommandRequest, StepError } from '#domain/node/executor.ts';
import { COMMAND_PATH, isProgram, whereIs } from './program.ts';

/** Puts a program into a network of its own in which there is nothing. */
const UNSHARE = ['--user', '--map-current-user', '--net', '--'] as const;
const PROBE_MS = 5000;

let possible: Promise<boolean> | null = null;

/** Whether this machine can keep a program from the network; found out once. */
export function canIsolate(): Promise<boolean> {
  possible ??= new Promise((resolve) => {
    const env = Object.assign({} as NodeJS.ProcessEnv, { PATH: COMMAND_PATH });
    const child = execFile('unshare', [...UNSHARE, 'true'], { timeout: PROBE_MS, env }, (error) =>
      resolve(error === null),
    );
    child.on('error', () => resolve(false));
  });
  return possible;
}

/**
 * The same command without a network.
 * @throws StepError `network_not_isolated` where the machine cannot do that, `command_not_found`
 */
export async function withoutNetwork(request: CommandRequest): Promise<CommandRequest> {
  const { program, args } = request;
  // Else the failure to start it would look like one of its own.
  const found = program.includes('/') ? program : await whereIs(program);
  if (found === null || (found.startsWith('/') && !(await isProgram(found)))) {
    const text = `There is no program "${program}" on the server. Install it there, or give its full path.`;
    throw new StepError('command_not_found', text, { permanent: true });
  }
  if (!(await canIsolate())) {
    throw new StepError(
      'network_not_isolated',
      'The workspace does not allow the network, and this machine cannot keep programs from it. ' +
        'Allow the network in the workspace, or let the server make user namespaces.',
      { permanent: true },
    );
  }
  return { ...request, program: 'unshare', args: [...UNSHARE, found, ...args] };
}
