import { createThreadPool, ThreadError } from '../thread/pool.ts';
import { CodeError } from './code-error.ts';
import { memoryText, timeoutText } from './fault.ts';
import { KILL_GRACE_MS, MAX_DATA_BYTES, MAX_MEMORY_MB, MAX_TIMEOUT_MS } from './limit.ts';
import type { CodeMessage, CodeReply } from './protocol.ts';

/** One run of user code. */
export interface CodeRequest {
  /** A function body: may `return`, may `await`, may set a variable named `result` instead. */
  source: string;
  /** JSON values by the name under which the code sees them: trigger, nodes, inputs, input, idempotencyKey. */
  globals: Record<string, unknown>;
  /** At most 60,000. */
  timeoutMs: number;
  /** At most 256. */
  memoryMb: number;
}

export interface CodeResult {
  /** What the code returned, as plain JSON with its type kept; null for nothing. */
  value: unknown;
  logs: string[];
}

export interface CodeRunner {
  /** @throws CodeError */
  run(request: CodeRequest, signal: AbortSignal): Promise<CodeResult>;
  close(): Promise<void>;
}

export interface CodeRunnerOptions {
  /** Most runs at the same time; more wait in order. */
  workers: number;
  /** Told about killed and crashed threads. */
  log: (message: string) => void;
}

const THREAD_LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };

/**
 * Runs JavaScript in QuickJS, inside WebAssembly, inside threads that can be killed. Each run gets a runtime of its
 * own and can reach nothing but its globals and the log; nothing outlives it. One thread is kept warm.
 */
export function createCodeRunner({ workers, log }: CodeRunnerOptions): CodeRunner {
  const pool = createThreadPool({
    script: new URL('./thread.ts', import.meta.url),
    size: Math.max(1, workers),
    warm: 1,
    resourceLimits: THREAD_LIMITS,
  });
  const run = async (request: CodeRequest, signal: AbortSignal): Promise<CodeResult> => {
    const message = toMessage(request);
    const wallMs = message.timeoutMs + KILL_GRACE_MS;
    try {
      return toResult(await pool.run({ message, wallMs, signal }));
    } catch (error) {
      if (!(error instanceof ThreadError)) throw error;
      if (error.reason !== 'aborted') log(`code thread lost: ${error.reason} (${error.message})`);
      throw lostRun(error, message);
    }
  };
  return { run, close: () => pool.close() };
}

function toMessage({ source, globals, timeoutMs, memoryMb }: CodeRequest): CodeMessage {
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

function toResult(reply: unknown): CodeResult {
  // The only script that answers here is ours, and it answers in this shape.
  const answer = reply as CodeReply;
  if (answer.ok) return { value: JSON.parse(answer.value), logs: answer.logs };
  throw new CodeError(answer.code, answer.message, { line: answer.line, logs: answer.logs });
}

function lostRun(error: ThreadError, { timeoutMs, memoryMb }: CodeMessage): CodeError {
  switch (error.reason) {
    case 'timeout':
      return new CodeError('code_timeout', timeoutText(timeoutMs));
    case 'memory':
      return new CodeError('code_memory', memoryText(memoryMb));
    case 'crashed':
      return new CodeError('code_error', 'The code broke the sandbox and was stopped.');
    case 'aborted':
      return new CodeError('aborted', 'The run was stopped.');
    case 'closed':
      return new CodeError('aborted', 'The server is shutting down.');
  }
}
