import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type CommandRequest, type CommandResult, StepError } from '#domain/node/executor.ts';
import { CappedText } from './capped-text.ts';
import { checkCommand } from './check.ts';
import { withoutNetwork } from './isolation.ts';
import { COMMAND_PATH } from './program.ts';

/** How long a program may tidy up after it was told to end. */
const TERM_GRACE_MS = 2_000;
/** What the last output may still take to arrive when the program has ended. */
const DRAIN_MS = 250;

/** Where a program works: a folder that stays, with variables of its own. */
export interface CommandPlace {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** False: the program reaches nothing outside of this machine's files. */
  readonly network: boolean;
}

/**
 * Runs one program of the host: no shell, in the place given or else an empty folder of its own, and a process group of its own that is ended as
 * a whole, grandchildren included, when the program ends, its time is up or the step is given up.
 * @throws StepError `command_invalid`, `command_not_found`, `command_timeout`, `network_not_isolated` or `aborted`
 */
export async function runCommand(
  request: CommandRequest,
  signal: AbortSignal,
  place: CommandPlace | null = null,
): Promise<CommandResult> {
  checkCommand(request);
  if (request.folder !== null && place === null) {
    throw new StepError('command_invalid', 'Folders of workspaces are not available here.', {
      permanent: true,
    });
  }
  if (signal.aborted) throw aborted();
  if (place) {
    const own = { ...request, env: { TMPDIR: join(place.folder, '.tmp'), ...place.env, ...request.env } };
    return runIn(place.folder, place.network ? own : await withoutNetwork(own), signal);
  }
  const folder = await mkdtemp(join(tmpdir(), 'pipewright-command-'));
  try {
    return await runIn(folder, request, signal);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function runIn(folder: string, request: CommandRequest, signal: AbortSignal): Promise<CommandResult> {
  const began = performance.now();
  const environment = Object.assign({} as NodeJS.ProcessEnv, request.env, { PATH: COMMAND_PATH });
  const child = spawn(request.program, [...request.args], {
    cwd: folder,
    env: environment,
    detached: true,
    shell: false,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const stdout = collect(child.stdout, request, 'stdout');
  const stderr = collect(child.stderr, request, 'stderr');
  // A program that does not read its input, or ends before it has, does nothing wrong.
  child.stdin.on('error', () => undefined);
  child.stdin.end(request.stdin ?? '');
  const stopper = stopWhen(child, request.timeoutMs, signal);
  try {
    const { code, signal: endedBy } = await ended(child, request.program);
    // Whatever the program has left running.
    killGroup(child, 'SIGKILL');
    await Promise.race([Promise.all([stdout.done, stderr.done]), delay(DRAIN_MS)]);
    const why = stopper.reason();
    if (why === 'aborted') throw aborted();
    if (why === 'timeout') throw timedOut(request.timeoutMs);
    return {
      exitCode: code,
      signal: endedBy,
      stdout: stdout.text.end(),
      stderr: stderr.text.end(),
      truncated: stdout.text.truncated || stderr.text.truncated,
      durationMs: Math.round(performance.now() - began),
    };
  } finally {
    stopper.release();
    child.stdout.destroy();
    child.stderr.destroy();
    child.stdin.destroy();
  }
}

interface Collected {
  readonly text: CappedText;
  readonly done: Promise<void>;
}

function collect(stream: Readable, request: CommandRequest, name: 'stdout' | 'stderr'): Collected {
  const text = new CappedText(request.maxBytes, (part) => request.onOutput(name, part));
  stream.on('data', (chunk: Buffer) => text.add(chunk));
  stream.on('error', () => undefined);
  return { text, done: new Promise((resolve) => stream.once('close', resolve)) };
}

function ended(
  child: ChildProcess,
  program: string,
): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', (error: NodeJS.ErrnoException) => reject(notStarted(program, error)));
  });
}

/** Asks the group to end when the time is up or the step is given up, and makes it end two seconds later. */
function stopWhen(child: ChildProcess, timeoutMs: number, signal: AbortSignal) {
  let reason: 'timeout' | 'aborted' | null = null;
  let grace: NodeJS.Timeout | undefined;
  const stop = (why: 'timeout' | 'aborted'): void => {
    reason ??= why;
    killGroup(child, 'SIGTERM');
    grace ??= setTimeout(() => killGroup(child, 'SIGKILL'), TERM_GRACE_MS);
  };
  const onAbort = (): void => stop('aborted');
  const timer = setTimeout(() => stop('timeout'), timeoutMs);
  signal.addEventListener('abort', onAbort, { once: true });
  return {
    reason: () => reason,
    release: () => {
      clearTimeout(timer);
      clearTimeout(grace);
      signal.removeEventListener('abort', onAbort);
    },
  };
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nobody is left in the group.
  }
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const aborted = (): StepError => new StepError('aborted', 'The program was stopped.');

const timedOut = (timeoutMs: number): StepError =>
  new StepError(
    'command_timeout',
    `The program ran longer than ${timeoutMs / 1000} s and was stopped with everything it had started. ` +
      'Give it less to do or raise the time limit of the node.',
    { permanent: true },
  );

function notStarted(program: string, error: NodeJS.ErrnoException): StepError {
  const words: Readonly<Record<string, string>> = {
    ENOENT: `There is no program "${program}" on the server. Install it there, or give its full path.`,
    EACCES: `The server may not run "${program}". Make the file executable for its user.`,
    E2BIG: 'The arguments and variables are too long together. Pass large data on standard input.',
  };
  const text = words[error.code ?? ''] ?? `"${program}" could not be started (${error.code ?? 'unknown'}).`;
  return new StepError('command_not_found', text, { permanent: error.code !== 'EAGAIN' });
}
