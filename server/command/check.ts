import { type CommandRequest, StepError } from '#domain/node/executor.ts';

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const MAX_ARGS = 1_000;

/** @throws StepError `command_invalid` when the program cannot be started as asked */
export function checkCommand({ program, args, env, stdin }: CommandRequest): void {
  if (program.trim() === '') refuse('Name the program to run.');
  if (args.length > MAX_ARGS) refuse(`At most ${MAX_ARGS} arguments can be passed; use standard input.`);
  const texts = [program, ...args, ...Object.values(env)];
  if (texts.some((text) => text.includes('\0')))
    refuse('The program, its arguments and its variables must not hold a NUL character.');
  for (const name of Object.keys(env)) {
    if (!VARIABLE.test(name)) refuse(`"${name.slice(0, 80)}" cannot be the name of a variable.`);
    if (name === 'PATH') refuse('PATH is fixed; give the full path of the program instead.');
  }
  if (stdin !== null && typeof stdin !== 'string') refuse('Standard input has to be text.');
}

function refuse(message: string): never {
  throw new StepError('command_invalid', message, { permanent: true });
}
