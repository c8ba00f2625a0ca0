import { readdirSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { type CommandRequest, StepError } from '#domain/node/executor.ts';
import { runCommand } from './run-command.ts';

const never = new AbortController().signal;

function run(program: string, args: string[], more: Partial<CommandRequest> = {}, signal = never) {
  const rest = { stdin: null, env: {}, folder: null, timeoutMs: 10_000, maxBytes: 65_536 };
  return runCommand({ program, args, ...rest, onOutput: () => {}, ...more }, signal);
}

async function failure(promise: Promise<unknown>): Promise<StepError> {
  const error: unknown = await promise.then(
    (value) => new Error(`gave ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StepError);
  return error as StepError;
}

/** Processes of this machine whose command line holds the mark. */
function marked(mark: string): number {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(mark);
      } catch {
        return false;
      }
    }).length;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('It did not come to that within 5 s.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('a program', () => {
  it('gets arguments, standard input and variables as they are, and nothing else', async () => {
    const evil = '"; touch /tmp/x; # $(id) `id` $HOME\n{{ x }}';
    const script =
      'process.stdin.pipe(process.stdout); console.log(JSON.stringify([process.argv.slice(1), process.env]))';
    const { stdout, exitCode } = await run(process.execPath, ['-e', script, evil, '--', '-rf'], {
      stdin: 'žluť',
      env: { WHO: evil },
    });
    const [line = '', input] = stdout.split('\n');
    const [args, env] = JSON.parse(line) as [string[], Record<string, string>];
    expect(args).toEqual([evil, '--', '-rf']);
    expect(Object.keys(env).sort()).toEqual(['PATH', 'WHO']);
    expect(env['WHO']).toBe(evil);
    expect(input).toBe('žluť');
    expect(exitCode).toBe(0);
  });

  it('tells how it ended', async () => {
    expect(await run('sh', ['-c', 'echo no >&2; exit 3'])).toMatchObject({
      exitCode: 3,
      signal: null,
      stdout: '',
      stderr: 'no\n',
      truncated: false,
    });
    expect(await run('sh', ['-c', 'kill -9 $$'])).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
  });

  it('works in an empty folder that is gone afterwards', async () => {
    const { stdout } = await run('sh', ['-c', 'ls -A; echo x > left; mkdir -p a/b; pwd']);
    expect(stdout.startsWith(`${tmpdir()}/pipewright-command-`)).toBe(true);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    await expect(readdir(stdout.trim())).rejects.toThrow('ENOENT');
  });

  it('is heard while it runs, and its output is kept up to the limit', async () => {
    const heard: string[] = [];
    const onOutput = (stream: string, text: string) => heard.push(`${stream}:${text}`);
    await run('sh', ['-c', 'echo one; sleep 0.1; echo two >&2; sleep 0.1; echo three'], { onOutput });
    expect(heard).toEqual(['stdout:one\n', 'stderr:two\n', 'stdout:three\n']);
    const endless = await run('sh', ['-c', 'yes é | head -c 5000000; exit 4'], { maxBytes: 1_000 });
    expect(endless).toMatchObject({ exitCode: 4, truncated: true });
    expect(endless.stdout).toHaveLength(666);
    expect(endless.stdout).not.toContain('\uFFFD');
  });

  it('may ignore its input', async () => {
    expect((await run('true', [], { stdin: 'x'.repeat(5_000_000) })).exitCode).toBe(0);
  });
});

describe('a refused program', () => {
  it.each<[string, string[], Partial<CommandRequest>, string]>([
    ['no-such-program-here', [], {}, 'no program "no-such-program-here"'],
    ['/etc/passwd', [], {}, 'may not run'],
    ['', [], {}, 'Name the program'],
    ['echo', ['a\0b'], {}, 'NUL'],
    ['echo', [], { env: { 'A=B': '1' } }, '"A=B"'],
    ['echo', [], { env: { PATH: '/tmp' } }, 'PATH is fixed'],
    ['echo', [], { folder: '../..' }, 'Folders'],
  ])('%j %j says why', async (program, args, more, words) => {
    const error = await failure(run(program, args, more));
    expect(error.message).toContain(words);
    expect(error.permanent).toBe(true);
  });
});

describe('the end', () => {
  // A grandchild in the background, and a program that will not hear that it should end.
  const tree = (mark: string) => `trap "" TERM; sleep 1000.${mark} & sleep 1000.${mark}; sleep 1000.${mark}`;

  it('takes every descendant at the time limit', async () => {
    const mark = '1701';
    const began = performance.now();
    const error = await failure(run('sh', ['-c', tree(mark)], { timeoutMs: 500 }));
    const ms = performance.now() - began;
    expect(error.code).toBe('command_timeout');
    expect(error.message).toContain('0.5 s');
    expect(ms).toBeGreaterThan(2_000);
    expect(ms).toBeLessThan(4_000);
    await until(() => marked(`1000.${mark}`) === 0);
  });

  it('takes every descendant when the step is given up', async () => {
    const mark = '1702';
    const stop = new AbortController();
    const running = failure(run('sh', ['-c', `sleep 1000.${mark} & sleep 1000.${mark}`], {}, stop.signal));
    await until(() => marked(`1000.${mark}`) >= 2);
    const began = performance.now();
    stop.abort();
    expect((await running).code).toBe('aborted');
    expect(performance.now() - began).toBeLessThan(1_000);
    await until(() => marked(`1000.${mark}`) === 0);
    expect((await failure(run('true', [], {}, stop.signal))).code).toBe('aborted');
  });

  it('takes what a program leaves in the background, and does not wait for it', async () => {
    const mark = '1703';
    const began = performance.now();
    const { stdout } = await run('sh', ['-c', `sleep 1000.${mark} & echo started`]);
    expect(stdout).toBe('started\n');
    expect(performance.now() - began).toBeLessThan(2_000);
    await until(() => marked(`1000.${mark}`) === 0);
  });
});
