import { expect, it } from 'vitest';
import { type CommandRequest, type CommandResult, StepError } from '#domain/node/executor.ts';
import { runStep } from '#domain/run/flow-fixture.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';
import { lineWriter } from './line-writer.ts';

const ended: CommandResult = {
  exitCode: 0,
  signal: null,
  stdout: 'one\ntwo',
  stderr: '',
  truncated: false,
  durationMs: 5,
};

function step(config: Record<string, unknown>, result: Partial<CommandResult> = {}, input?: unknown) {
  const asked: CommandRequest[] = [];
  const lines: string[] = [];
  const outcome = runStep(definition, execute, {
    config,
    inputs: input === undefined ? {} : { input },
    capabilities: {
      command: (request) => {
        asked.push(request);
        for (const part of ['on', 'e\ntw', 'o']) request.onOutput('stdout', part);
        request.onOutput('stderr', 'oops\r\n');
        return Promise.resolve({ ...ended, ...result });
      },
      log: (line) => lines.push(line),
    },
  });
  return { asked, lines, outcome };
}

it('asks for the program as configured and hands on how it ended', async () => {
  const { asked, lines, outcome } = step({
    program: 'sort',
    args: ['-r', 'a b'],
    stdin: 'text',
    env: { N: 3 },
    timeout_ms: 500,
    max_output_kb: 1,
  });
  expect(await outcome).toEqual({
    kind: 'done',
    outputs: {
      stdout: 'one\ntwo',
      result: {
        exit_code: 0,
        signal: null,
        stdout: 'one\ntwo',
        stderr: '',
        truncated: false,
        duration_ms: 5,
      },
    },
  });
  expect(asked).toMatchObject([
    {
      program: 'sort',
      args: ['-r', 'a b'],
      stdin: 'text',
      env: { N: '3' },
      folder: null,
      timeoutMs: 500,
      maxBytes: 1024,
    },
  ]);
  expect(lines).toEqual(['one', 'oops', 'two']);
});

it('prefers what arrives at the port, as JSON unless it is text', async () => {
  const texts = [];
  for (const input of ['hi', { a: 1 }]) {
    const { asked, outcome } = step({ program: 'cat', stdin: 'other' }, {}, input);
    await outcome;
    texts.push(asked[0]?.stdin);
  }
  expect(texts).toEqual(['hi', '{"a":1}']);
});

it('fails when the program does, unless told otherwise', async () => {
  const bad = { exitCode: 2, stderr: 'no such host\n' };
  const error: unknown = await step({ program: 'dig' }, bad).outcome.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(StepError);
  expect(error).toMatchObject({ code: 'command_failed', message: 'dig ended with 2. It said: no such host' });
  const outcome = await step({ program: 'dig', fail_on_exit_code: false }, bad).outcome;
  expect(outcome).toMatchObject({ outputs: { result: { exit_code: 2 } } });
});

it('says in the log that output was dropped', async () => {
  const { lines, outcome } = step({ program: 'yes' }, { truncated: true });
  await outcome;
  expect(lines.at(-1)).toContain('256 KiB');
});

it.each([
  {},
  { program: '' },
  { program: 'a', args: 'b' },
  { program: 'a', args: [1] },
  { program: 'a', timeout_ms: 5 },
])('refuses the config %j', (config) => {
  expect(definition.config.safeParse(config).success).toBe(false);
});

it('never takes the name of the program from data, and is there only for an operator', () => {
  expect(definition.verbatim).toContain('program');
  expect(definition.needsOperator).toBe(true);
});

it('shows at most a thousand lines of an output in the log', () => {
  const lines: string[] = [];
  const writer = lineWriter((line) => lines.push(line));
  writer.add('x\n'.repeat(5_000));
  writer.end();
  expect(lines).toHaveLength(1_001);
  expect(lines.at(-1)).toContain('further lines');
});
