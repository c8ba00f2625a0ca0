import { Buffer } from 'node:buffer';
import { closeSync, constants, fstatSync, readFileSync, readSync, writeSync } from 'node:fs';
import { loadPyodide, type PyodideAPI } from 'pyodide';
import { MAX_LOG_BYTES } from '../limit.ts';
import type { CodeReply } from '../protocol.ts';
import {
  BEGUN,
  IMAGE_FD,
  type InterpreterRequest,
  LOG_FD,
  READY,
  REPLY_FD,
  REQUEST_FD,
  type Task,
} from './channel.ts';
import { lockDown } from './lockdown.ts';
import { PRELUDE } from './prelude.ts';
import { brokenReply, replyOf } from './reply.ts';

/**
 * One process, one interpreter, one run. It starts from a ready-made memory image, shuts itself in, says that it is
 * ready, reads one request, answers it and ends. Whoever started it kills it when it takes too long.
 */

/** Only an empty set of names of the host is offered, and what `import js` finds is even taken away later. */
const OPTIONS = { env: {}, jsglobals: Object.create(null) as object, enableRunUntilComplete: false };

async function makeImage(): Promise<void> {
  const python = await loadPyodide({ ...OPTIONS, _makeSnapshot: true });
  python.runPython(PRELUDE);
  writeAll(IMAGE_FD, python.makeMemorySnapshot());
}

async function serve(): Promise<void> {
  const limitMemory = memoryLimiter();
  const python = await loadPyodide({ ...OPTIONS, _loadSnapshot: readAll(IMAGE_FD) });
  carryLog(python);
  python.runPython('_prepare()');
  const run = python.globals.get('_run') as (source: string, globals: string) => string;
  lockDown();
  writeAll(REPLY_FD, Buffer.from(READY));
  // Waits here, at no cost, until there is something to run or the server is gone.
  const text = readFileSync(REQUEST_FD, 'utf8');
  if (text === '') return;
  const request = JSON.parse(text) as InterpreterRequest;
  writeAll(REPLY_FD, Buffer.from(BEGUN));
  limitMemory(request.memoryMb);
  const reply = answer(run, request);
  // Whoever reads knows by the end of both channels that all is there, and need not wait for the process to end.
  closeSync(LOG_FD);
  writeAll(REPLY_FD, Buffer.from(JSON.stringify(reply)));
  closeSync(REPLY_FD);
}

function answer(run: (source: string, globals: string) => string, request: InterpreterRequest): CodeReply {
  try {
    return replyOf(run(request.source, request.globals), request);
  } catch (error) {
    return brokenReply(error, request);
  }
}

/** What is printed leaves at once, so that it is there even when the run is killed. */
function carryLog(python: PyodideAPI): void {
  let left = MAX_LOG_BYTES + 1;
  const write = (bytes: Uint8Array): number => {
    if (left > 0) writeAll(LOG_FD, bytes.subarray(0, left));
    left -= bytes.length;
    return bytes.length;
  };
  python.setStdout({ write });
  python.setStderr({ write });
}

/** Lets the interpreter's memory grow by so many MiB from where it is when the limit is set. */
function memoryLimiter(): (memoryMb: number) => void {
  const { prototype } = WebAssembly.Memory;
  const grow = prototype.grow;
  let pagesLeft = Number.POSITIVE_INFINITY;
  prototype.grow = function (pages) {
    if (pages > pagesLeft) throw new RangeError('The memory limit of the run is reached.');
    const before = grow.call(this, pages);
    pagesLeft -= pages;
    return before;
  };
  return (memoryMb) => {
    pagesLeft = memoryMb * 16;
  };
}

/** The whole file, wherever another process that shares it has read to. */
function readAll(file: number): Uint8Array {
  const bytes = new Uint8Array(fstatSync(file).size);
  let at = 0;
  while (at < bytes.length) {
    const read = readSync(file, bytes, at, bytes.length - at, at);
    if (read === 0) throw new Error('The memory image is cut off.');
    at += read;
  }
  return bytes;
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

/** Pyodide asks an old interface of Node, closed in this process, for these numbers. */
Reflect.set(process, 'binding', () => ({ fs: constants }));
const task = process.argv[2] as Task;
await (task === 'make-image' ? makeImage() : serve());
