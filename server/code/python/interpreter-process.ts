import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import type { ThreadFailure } from '../../thread/pool.ts';
import { KILL_GRACE_MS, MAX_DATA_BYTES } from '../limit.ts';
import { createLog } from '../log.ts';
import type { CodeMessage, CodeReply } from '../protocol.ts';
import { type InterpreterRequest, LOG_FD, REPLY_FD, REQUEST_FD } from './channel.ts';
import { spawnInterpreter } from './spawn.ts';

/** On a machine with much to do it takes many times its usual second. */
const START_MS = 180_000;
/** A reply is a result of at most 4 MiB, written as a text in JSON, which may double it. */
const MAX_REPLY_BYTES = 3 * MAX_DATA_BYTES;
const PAGE_BYTES = 4_096;
const WATCH_MS = 200;
/** What compiled code and copies of data may add to what Python itself holds. */
const OVERHEAD_MB = 160;
const MIB = 1024 * 1024;

/** A run that ended without a reply, and what it had logged. */
export class InterpreterLost extends Error {
  readonly reason: ThreadFailure;
  readonly logs: string[];
  /** Nothing of the code has run: another interpreter may take it. */
  readonly isUnbegun: boolean;
  constructor(reason: ThreadFailure, detail: string, { logs, isUnbegun }: LostRun) {
    super(detail);
    this.name = 'InterpreterLost';
    this.reason = reason;
    this.logs = logs;
    this.isUnbegun = isUnbegun;
  }
}

interface LostRun {
  readonly logs: string[];
  readonly isUnbegun: boolean;
}

/** An interpreter in a process of its own, good for one run. */
export class InterpreterProcess {
  readonly #child: ChildProcess;
  readonly #chunks: Buffer[] = [];
  readonly #printed: Buffer[] = [];
  #received = 0;
  #complaint = '';
  #end: { reason: ThreadFailure; detail: string } | null = null;
  /** Resolves when both channels are at their end: the run is over or the process is. */
  readonly #drained: Promise<unknown>;
  readonly #ready: Promise<void>;
  /** Resolves when the process has ended. */
  readonly gone: Promise<void>;

  constructor(image: number) {
    this.#child = spawnInterpreter('serve', image);
    this.#child.on('error', (error) => this.#stop('crashed', error.message));
    // One that is killed before it has read its request resets the channel; its end says all there is to say.
    for (const stream of this.#child.stdio) stream?.on('error', () => undefined);
    this.gone = new Promise((resolve) => this.#child.once('close', () => resolve()));
    this.#child.stderr?.on(
      'data',
      (text) => (this.#complaint = (this.#complaint + String(text)).slice(-2_000)),
    );
    this.#ready = this.#awaitReady();
    this.#ready.catch(() => undefined);
    this.#drained = Promise.all([ended(this.#stream(REPLY_FD)), ended(this.#stream(LOG_FD))]);
    this.#keepAlive(false);
  }

  /** Resolves when it can take its run; from then on the server is kept alive for it. @throws Error when it does not come up */
  ready(): Promise<void> {
    this.#keepAlive(true);
    return this.#ready;
  }

  /** Runs the one message. The process is gone afterwards. @throws InterpreterLost */
  async run(message: CodeMessage, signal: AbortSignal): Promise<CodeReply> {
    const onAbort = (): void => this.#stop('aborted', 'Aborted.');
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    const wallMs = message.timeoutMs + KILL_GRACE_MS;
    const timer = setTimeout(() => this.#stop('timeout', `Stopped after ${wallMs} ms.`), wallMs);
    const watch = this.#watchMemory(message.memoryMb);
    try {
      this.#send(message);
      await this.#drained;
      return this.#reply();
    } finally {
      clearTimeout(timer);
      clearInterval(watch);
      signal.removeEventListener('abort', onAbort);
      this.kill();
    }
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #awaitReady(): Promise<void> {
    const reply = this.#stream(REPLY_FD);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#stop('crashed', 'Not ready in time.'), START_MS);
      timer.unref();
      reply.once('data', (first: Buffer) => {
        clearTimeout(timer);
        reply.on('data', (chunk: Buffer) => this.#receive(chunk));
        if (first.length > 1) this.#receive(first.subarray(1));
        resolve();
      });
      this.#stream(LOG_FD).on('data', (chunk: Buffer) => this.#printed.push(chunk));
      reply.once('close', () => {
        clearTimeout(timer);
        reject(new Error(`Python could not be started: ${this.#end?.detail ?? this.#complaint.trim()}`));
      });
    });
  }

  #receive(chunk: Buffer): void {
    this.#received += chunk.length;
    if (this.#received > MAX_REPLY_BYTES) this.#stop('crashed', 'The reply has no end.');
    else this.#chunks.push(chunk);
  }

  #send({ source, globals, memoryMb }: CodeMessage): void {
    const names = Object.entries(globals).map(([name, text]) => `${JSON.stringify(name)}:${text}`);
    const request: InterpreterRequest = { source, globals: `{${names.join()}}`, memoryMb };
    this.#stream(REQUEST_FD).end(JSON.stringify(request));
  }

  #reply(): CodeReply {
    const logs = this.#logs();
    const text = Buffer.concat(this.#chunks).toString();
    const lost = { logs, isUnbegun: text === '' };
    if (this.#end) throw new InterpreterLost(this.#end.reason, this.#end.detail, lost);
    if (text.trim() === '') {
      const full = /heap out of memory|allocation failed/i.test(this.#complaint);
      throw new InterpreterLost(full ? 'memory' : 'crashed', this.#complaint.trim().slice(0, 300), lost);
    }
    // Only our own script writes to this channel, and in this shape.
    return { ...(JSON.parse(text) as CodeReply), logs };
  }

  #logs(): string[] {
    const log = createLog();
    const text = Buffer.concat(this.#printed).toString();
    for (const line of text.replace(/\n$/, '').split('\n')) if (text !== '') log.add(line);
    return log.lines();
  }

  #stop(reason: ThreadFailure, detail: string): void {
    this.#end ??= { reason, detail };
    this.kill();
  }

  /** Files and pipes inside the sandbox take memory that the interpreter's own limit does not see. Linux only. */
  #watchMemory(memoryMb: number): NodeJS.Timeout {
    let allowed = Number.POSITIVE_INFINITY;
    const check = (bytes: number): void => {
      if (allowed === Number.POSITIVE_INFINITY) allowed = bytes + memoryMb * MIB + OVERHEAD_MB * MIB;
      else if (bytes > allowed) this.#stop('memory', `It took ${Math.round(bytes / MIB)} MiB.`);
    };
    return setInterval(() => {
      void readFile(`/proc/${this.#child.pid}/statm`, 'utf8').then(
        (text) => check(Number(text.split(' ')[1]) * PAGE_BYTES),
        () => undefined,
      );
    }, WATCH_MS);
  }

  #stream(file: number): Readable & Writable {
    return this.#child.stdio[file] as Readable & Writable;
  }

  /** An idle interpreter does not keep the server alive. */
  #keepAlive(wanted: boolean): void {
    const handles = [
      this.#child,
      ...this.#child.stdio.filter((stream) => stream !== null && stream !== undefined),
    ];
    for (const handle of handles) {
      const held = handle as { ref?: () => void; unref?: () => void };
      if (wanted) held.ref?.();
      else held.unref?.();
    }
  }
}

function ended(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    stream.once('close', resolve);
    stream.once('end', resolve);
    stream.once('error', () => resolve());
  });
}
