import type { ThreadFailure } from '../thread/pool.ts';
import { CodeError } from './code-error.ts';
import { memoryText, timeoutText } from './fault.ts';
import { MAX_DATA_BYTES, MAX_MEMORY_MB, MAX_TIMEOUT_MS } from './limit.ts';
import type { CodeMessage, CodeReply } from './protocol.ts';

/** One run of user code. */
export interface CodeRequest {
  /** `javascript` if absent. */
  language?: 'javascript' | 'python';
  /** A function body: may `return`, may `await`, may set a variable named `result` instead. */
  source: string;
  /** JSON values by the name under which the code sees them: trigger, nodes, inputs, input, idempotencyKey. */
  globals: Record<string, unknown>;
  /** At most 60,000. */
  timeoutMs: number;
  /** At most 256; for Python on top of what the interpreter itself takes. */
  memoryMb: number;
}

export interface CodeResult {
  /** What the code returned, as plain JSON with its type kept; null for nothing. */
  value: unknown;
  logs: string[];
}

/** The request within the limits. @throws CodeError when its data is too large to hand over */
export function toMessage({ source, globals, timeoutMs, memoryMb }: CodeRequest): CodeMessage {
  const texts: Record<string, string> = {};
  let bytes = 0;
  for (const [name, value] of Object.entries(globals)) {
    if (value === undefined) continue;
    const text = JSON.stringify(value);
    bytes += Buffer.byteLength(text);
    texts[name] = text;
  }
  if (bytes > MAX_DATA_BYTES) {
    const size = (bytes / 1024 / 1024).toFixed(1);
    throw new CodeError(
      'code_error',
      `The data for this code is ${size} MiB, at most 4 MiB fit. Pass it less.`,
    );
  }
  return {
    source,
    globals: texts,
    timeoutMs: Math.min(Math.max(1, timeoutMs), MAX_TIMEOUT_MS),
    memoryMb: Math.min(Math.max(1, memoryMb), MAX_MEMORY_MB),
  };
}

/** What a reply means. @throws CodeError when it tells of a fault */
export function toResult(answer: CodeReply): CodeResult {
  if (answer.ok) return { value: JSON.parse(answer.value), logs: answer.logs };
  throw new CodeError(answer.code, answer.message, { line: answer.line, logs: answer.logs });
}

/** The error of a run that was killed or broke down, with what it had logged by then. */
export function lostRun(
  reason: ThreadFailure,
  { timeoutMs, memoryMb }: CodeMessage,
  logs: string[] = [],
): CodeError {
  switch (reason) {
    case 'timeout':
      return new CodeError('code_timeout', timeoutText(timeoutMs), { logs });
    case 'memory':
      return new CodeError('code_memory', memoryText(memoryMb), { logs });
    case 'crashed':
      return new CodeError('code_error', 'The code broke the sandbox and was stopped.', { logs });
    case 'aborted':
      return new CodeError('aborted', 'The run was stopped.', { logs });
    case 'closed':
      return new CodeError('aborted', 'The server is shutting down.', { logs });
  }
}
