import { CodeError } from '../code-error.ts';
import { type CodeRequest, type CodeResult, lostRun, toMessage, toResult } from '../message.ts';
import type { CodeMessage, CodeReply } from '../protocol.ts';
import { type Image, makeImage } from './image.ts';
import { InterpreterLost, InterpreterProcess } from './interpreter-process.ts';
import { createLine, type Line } from './line.ts';

/** An interpreter that nobody asked for this long is given up; the next use starts it again. */
const IDLE_MS = 600_000;

/** Interpreters that die before they begin with a run, until it is given up. */
const MOST_TRIES = 3;

export interface PythonRunner {
  /** @throws CodeError */
  run(request: CodeRequest, signal: AbortSignal): Promise<CodeResult>;
  close(): Promise<void>;
}

export interface PythonRunnerOptions {
  /** Most runs at the same time; more wait in order. */
  workers: number;
  /** Told about killed and crashed interpreters. */
  log: (message: string) => void;
}

/**
 * Runs Python in Pyodide, inside WebAssembly, inside a process that may do nothing and is killed after its one run. The
 * first use makes a memory image of a started interpreter; from then on one started interpreter stands ready.
 */
export function createPythonRunner(options: PythonRunnerOptions): PythonRunner {
  return new Runner(options);
}

class Runner implements PythonRunner {
  readonly #log: (message: string) => void;
  readonly #line: Line;
  readonly #alive = new Set<InterpreterProcess>();
  #image: Promise<Image> | null = null;
  #spare: InterpreterProcess | null = null;
  #idle: NodeJS.Timeout | null = null;
  #closed = false;

  constructor({ workers, log }: PythonRunnerOptions) {
    this.#log = log;
    this.#line = createLine(workers);
  }

  async run(request: CodeRequest, signal: AbortSignal): Promise<CodeResult> {
    const message = toMessage(request);
    const leave = await this.#line.enter(signal);
    try {
      return toResult(await this.#serve(message, signal));
    } catch (error) {
      if (!(error instanceof InterpreterLost)) throw error;
      const reason = this.#closed ? 'closed' : error.reason;
      if (reason !== 'aborted') this.#log(`python process lost: ${reason} (${error.message})`);
      throw lostRun(reason, message, error.logs);
    } finally {
      leave();
    }
  }

  /** One that has waited may have been killed since, as by a machine short of memory. @throws InterpreterLost */
  async #serve(message: CodeMessage, signal: AbortSignal): Promise<CodeReply> {
    for (let tries = 1; ; tries++) {
      try {
        const interpreter = await this.#take(message, signal);
        return await interpreter.run(message, signal);
      } catch (error) {
        const mayRetry = error instanceof InterpreterLost && error.isUnbegun && error.reason === 'crashed';
        if (!mayRetry || this.#closed) throw error;
        if (tries === MOST_TRIES) this.#refuseBroken(error);
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#idle) clearTimeout(this.#idle);
    for (const interpreter of this.#alive) interpreter.kill();
    await Promise.all([...this.#alive].map((interpreter) => interpreter.gone));
    const image = await this.#image?.catch(() => null);
    image?.close();
  }

  /** A started interpreter; the next one is started meanwhile. */
  async #take(message: CodeMessage, signal: AbortSignal): Promise<InterpreterProcess> {
    const image = await this.#openImage();
    this.#refuseLate(message, signal);
    const taken = this.#spare ?? this.#start(image);
    this.#spare = null;
    await taken.ready().catch((error: unknown) => {
      throw new InterpreterLost('crashed', String(error), { logs: [], isUnbegun: true });
    });
    try {
      this.#refuseLate(message, signal);
    } catch (error) {
      taken.kill();
      throw error;
    }
    this.#keepSpare(image);
    return taken;
  }

  #openImage(): Promise<Image> {
    this.#image ??= makeImage().catch((error: unknown) => {
      // The next run tries afresh.
      this.#image = null;
      return this.#refuseBroken(error);
    });
    return this.#image;
  }

  #refuseLate(message: CodeMessage, signal: AbortSignal): void {
    if (this.#closed) throw lostRun('closed', message);
    if (signal.aborted) throw lostRun('aborted', message);
  }

  #refuseBroken(error: unknown): never {
    this.#log(error instanceof Error ? error.message : String(error));
    throw new CodeError('code_error', 'Python could not be started. Try again; the server log tells why.');
  }

  #start(image: Image): InterpreterProcess {
    const made = new InterpreterProcess(image.file);
    this.#alive.add(made);
    void made.gone.then(() => {
      this.#alive.delete(made);
      if (this.#spare === made) this.#spare = null;
    });
    return made;
  }

  #keepSpare(image: Image): void {
    this.#spare ??= this.#start(image);
    if (this.#idle) clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      // Nobody may take it while it dies.
      this.#spare?.kill();
      this.#spare = null;
    }, IDLE_MS);
    this.#idle.unref();
  }
}
