import { type CommandResult, type Executor, StepError } from '#domain/node/executor.ts';
import { textOfValue } from '#domain/node/json-field.ts';
import type { definition } from './definition.ts';
import { lineWriter } from './line-writer.ts';

const KIB = 1024;
const SHOWN = 500;

export const execute: Executor<typeof definition> = async ({ config, inputs }, capabilities) => {
  const given = textOfValue(inputs.input);
  const lines = { stdout: lineWriter(capabilities.log), stderr: lineWriter(capabilities.log) };
  const result = await capabilities
    .command({
      program: config.program,
      args: config.args,
      stdin: given === '' ? config.stdin : given,
      env: Object.fromEntries(Object.entries(config.env).map(([name, value]) => [name, String(value)])),
      folder: config.workspace === '' ? null : config.workspace,
      timeoutMs: config.timeout_ms,
      maxBytes: config.max_output_kb * KIB,
      onOutput: (stream, text) => lines[stream].add(text),
    })
    .finally(() => {
      lines.stdout.end();
      lines.stderr.end();
    });
  const { exitCode, signal, stdout, stderr, truncated, durationMs } = result;
  if (truncated)
    capabilities.log(`… the output is longer than ${config.max_output_kb} KiB; the rest was dropped`);
  if (config.fail_on_exit_code && exitCode !== 0) throw failed(config.program, result);
  return {
    kind: 'done',
    outputs: {
      stdout,
      result: { exit_code: exitCode, signal, stdout, stderr, truncated, duration_ms: durationMs },
    },
  };
};

function failed(program: string, { exitCode, signal, stderr }: CommandResult): StepError {
  const end = stderr.trim().slice(-SHOWN);
  const how = exitCode === null ? `was ended by ${signal}` : `ended with ${exitCode}`;
  return new StepError('command_failed', `${program} ${how}.${end === '' ? '' : ` It said: ${end}`}`);
}
