import { type Executor, StepError } from '#domain/node/executor.ts';
import { textOfValue } from '#domain/node/json-field.ts';
import type { definition } from './definition.ts';

const MEMORY_MB = 64;
const LONGEST_OUTPUT = 50_000;
/** What the code itself is to blame for; whoever wrote it should hear of it. */
const ITS_FAULT = new Set(['code_error', 'code_timeout', 'code_memory', 'output_too_large']);

export const execute: Executor<typeof definition> = async ({ config, inputs }, capabilities) => {
  const source = config.code || textOfValue(inputs.code);
  if (source.trim() === '') {
    const message = 'There is no code: “Code” is empty and nothing arrived.';
    throw new StepError('missing_value', message, { permanent: true });
  }
  const { language, timeout_seconds } = config;
  try {
    const { value, logs } = await capabilities.code({
      language,
      source,
      globals: {},
      timeoutMs: timeout_seconds * 1000,
      memoryMb: MEMORY_MB,
    });
    for (const line of logs) capabilities.log(line);
    const result = { output: value ?? null, stdout: cut(logs.join('\n')), error: null };
    return { kind: 'done', outputs: { output: result.output, result } };
  } catch (error) {
    if (!(error instanceof StepError && ITS_FAULT.has(error.code))) throw error;
    const result = { output: null, stdout: '', error: { code: error.code, message: error.message } };
    return { kind: 'done', outputs: { output: null, result } };
  }
};

/** The beginning and the end of what is too long. */
function cut(text: string): string {
  if (text.length <= LONGEST_OUTPUT) return text;
  const half = LONGEST_OUTPUT / 2;
  return `${text.slice(0, half)}\n… ${text.length - LONGEST_OUTPUT} characters left out …\n${text.slice(-half)}`;
}
