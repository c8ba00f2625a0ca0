import { type ResourceLimits, Worker } from 'node:worker_threads';

/** Why a job was lost. `timeout` and `aborted` are the parent's doing, the rest happened to the thread. */
export type ThreadFailure = 'timeout' | 'aborted' | 'memory' | 'crashed' | 'closed';

/** A job that ended without a reply, because its thread was killed or died. */
export class ThreadError extends Error {
  readonly reason: ThreadFailure;
  constructor(reason: ThreadFailure, detail: string) {
    super(detail);
    this.name = 'ThreadError';
    this.reason = reason;
  }
}

export interface ThreadPoolOptions {
  /** The thread's script. It posts `ready` once, then exactly one message per message it receives. */
  script: URL;
  /** Most threads at a time; further jobs wait in order. */
  size: number;
  /** Threads kept alive while idle. */
  warm: number;
  resourceLimits: ResourceLimits;
}

export interface ThreadJob {
  /** Flat data only: texts, numbers, lists and records of them. */
  message: unknown;
  /** Milliseconds from hand-over to the kill. */
  wallMs: number;
  signal: AbortSignal;
}

export interface ThreadPool {
  /** Resolves with the thread's reply. @throws ThreadError */
  run(job: ThreadJob): Promise<unknown>;
  /** Kills every thread; waiting and running jobs fail with `closed`. */
  close(): Promise<void>;
}

/** Milliseconds an idle thread beyond the warm ones is kept. */
const IDLE_MS = 30_000;

interface Task extends ThreadJob {
  thread: Thread | null;
  timer: NodeJS.Timeout | null;
  onAbort: () => void;
  resolve: (reply: unknown) => void;
  reject: (error: ThreadError) => void;
}

interface Thread {
  worker: Worker;
  ready: boolean;
  task: Task | null;
  retire: NodeJS.Timeout | null;
}

/**
 * A pool of killable threads. A thread that overruns its time, is aborted or dies takes only its own job with it
 * and is replaced. Threads get an empty environment, and idle ones do not keep the process alive.
 */
export function createThreadPool(options: ThreadPoolOptions): ThreadPool {
  return new Pool(options);
}

class Pool implements ThreadPool {
  readonly #options: ThreadPoolOptions;
  readonly #threads = new Set<Thread>();
  readonly #idle: Thread[] = [];
  readonly #queue: Task[] = [];
  #closed = false;

  constructor(options: ThreadPoolOptions) {
    this.#options = options;
    this.#keepWarm();
  }

  run(job: ThreadJob): Promise<unknown> {
    if (this.#closed) return Promise.reject(new ThreadError('closed', 'The thread pool is closed.'));
    if (job.signal.aborted) return Promise.reject(new ThreadError('aborted', 'Aborted before it began.'));
    return new Promise((resolve, reject) => {
      const onAbort = () => this.#abort(task);
      const task: Task = { ...job, thread: null, timer: null, onAbort, resolve, reject };
      job.signal.addEventListener('abort', onAbort, { once: true });
      this.#queue.push(task);
      this.#pump();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const task of this.#queue.splice(0)) this.#fail(task, 'closed', 'The thread pool was closed.');
    await Promise.all(
      [...this.#threads].map((thread) => this.#kill(thread, 'closed', 'The thread pool was closed.')),
    );
  }

  #pump(): void {
    while (this.#queue.length > 0) {
      const thread = this.#idle.pop();
      if (!thread) break;
      const task = this.#queue.shift();
      if (task) this.#handOver(task, thread);
    }
    let starting = [...this.#threads].filter((thread) => !thread.ready).length;
    while (this.#queue.length > starting && this.#threads.size < this.#options.size) {
      this.#spawn();
      starting++;
    }
  }

  #keepWarm(): void {
    while (!this.#closed && this.#threads.size < this.#options.warm) this.#spawn();
  }

  #handOver(task: Task, thread: Thread): void {
    if (thread.retire) clearTimeout(thread.retire);
    thread.retire = null;
    thread.task = task;
    task.thread = thread;
    task.timer = setTimeout(() => {
      void this.#kill(thread, 'timeout', `Stopped after ${task.wallMs} ms.`);
    }, task.wallMs);
    thread.worker.ref();
    thread.worker.postMessage(task.message);
  }

  #spawn(): void {
    const { script, resourceLimits } = this.#options;
    const worker = new Worker(script, { env: {}, argv: [], execArgv: [], resourceLimits });
    const thread: Thread = { worker, ready: false, task: null, retire: null };
    this.#threads.add(thread);
    worker.on('message', (reply) => this.#onMessage(thread, reply));
    worker.on('error', (error: Error & { code?: string }) => {
      const reason = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crashed';
      this.#lost(thread, reason, error.message);
    });
    worker.on('exit', (code) => this.#lost(thread, 'crashed', `The thread ended with code ${code}.`));
  }

  #onMessage(thread: Thread, reply: unknown): void {
    if (!this.#threads.has(thread)) return;
    const { task } = thread;
    thread.ready = true;
    thread.task = null;
    this.#idle.push(thread);
    if (task) {
      this.#settle(task);
      task.resolve(reply);
    }
    this.#pump();
    if (!thread.task) this.#rest(thread);
  }

  /** An idle thread neither keeps the process alive nor stays for ever. */
  #rest(thread: Thread): void {
    thread.worker.unref();
    thread.retire = setTimeout(() => {
      if (this.#threads.size > this.#options.warm) void this.#kill(thread, 'closed', 'Idle.');
    }, IDLE_MS);
    thread.retire.unref();
  }

  #abort(task: Task): void {
    if (task.thread) {
      void this.#kill(task.thread, 'aborted', 'Aborted.');
      return;
    }
    const at = this.#queue.indexOf(task);
    if (at !== -1) this.#queue.splice(at, 1);
    this.#fail(task, 'aborted', 'Aborted.');
  }

  async #kill(thread: Thread, reason: ThreadFailure, detail: string): Promise<void> {
    this.#lost(thread, reason, detail);
    await thread.worker.terminate();
  }

  #lost(thread: Thread, reason: ThreadFailure, detail: string): void {
    if (!this.#threads.delete(thread)) return;
    const at = this.#idle.indexOf(thread);
    if (at !== -1) this.#idle.splice(at, 1);
    if (thread.retire) clearTimeout(thread.retire);
    // A thread that cannot even start must cost a job, or it would be started again for ever.
    const task = thread.task ?? (thread.ready ? undefined : this.#queue.shift());
    thread.task = null;
    if (task) this.#fail(task, reason, detail);
    if (this.#closed) return;
    this.#pump();
    if (thread.ready) this.#keepWarm();
  }

  #fail(task: Task, reason: ThreadFailure, detail: string): void {
    this.#settle(task);
    task.reject(new ThreadError(reason, detail));
  }

  #settle(task: Task): void {
    if (task.timer) clearTimeout(task.timer);
    task.signal.removeEventListener('abort', task.onAbort);
  }
}
