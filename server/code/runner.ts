import { createThreadPool, ThreadError } from '../thread/pool.ts';
import { KILL_GRACE_MS } from './limit.ts';
import { type CodeRequest, type CodeResult, lostRun, toMessage, toResult } from './message.ts';
import type { CodeReply } from './protocol.ts';
import { createPythonRunner } from './python/runner.ts';

export interface CodeRunner {
  /** @throws CodeError */
  run(request: CodeRequest, signal: AbortSignal): Promise<CodeResult>;
  close(): Promise<void>;
}

export interface CodeRunnerOptions {
  /** Most runs of each language at the same time; more wait in order. */
  workers: number;
  /** Told about killed and crashed threads and processes. */
  log: (message: string) => void;
}

const THREAD_LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };

/**
 * Runs JavaScript in QuickJS, inside WebAssembly, inside threads that can be killed; Python likewise, inside processes.
 * Each run gets a runtime of its own and can reach nothing but its globals and the log; nothing outlives it. One
 * thread is kept warm; Python starts with its first use.
 */
export function createCodeRunner({ workers, log }: CodeRunnerOptions): CodeRunner {
  const pool = createThreadPool({
    script: new URL('./thread.ts', import.meta.url),
    size: Math.max(1, workers),
    warm: 1,
    resourceLimits: THREAD_LIMITS,
  });
  const python = createPythonRunner({ workers: Math.max(1, workers), log });
  const runScript = async (request: CodeRequest, signal: AbortSignal): Promise<CodeResult> => {
    const message = toMessage(request);
    const wallMs = message.timeoutMs + KILL_GRACE_MS;
    try {
      // The only script that answers here is ours, and it answers in this shape.
      return toResult((await pool.run({ message, wallMs, signal })) as CodeReply);
    } catch (error) {
      if (!(error instanceof ThreadError)) throw error;
      if (error.reason !== 'aborted') log(`code thread lost: ${error.reason} (${error.message})`);
      throw lostRun(error.reason, message);
    }
  };
  return {
    run: (request, signal) =>
      request.language === 'python' ? python.run(request, signal) : runScript(request, signal),
    close: async () => {
      await Promise.all([pool.close(), python.close()]);
    },
  };
}
