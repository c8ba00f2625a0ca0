import { performance } from 'node:perf_hooks';
import type { QuickJSContext, QuickJSHandle, QuickJSRuntime, QuickJSWASMModule } from 'quickjs-emscripten';
import { type Fault, faultOf, plainFault, timeoutText } from './fault.ts';
import { MAX_DATA_BYTES, MAX_DEPTH, STACK_BYTES } from './limit.ts';
import { createLog } from './log.ts';
import { PRELUDE } from './prelude.ts';
import type { CodeMessage, CodeReply } from './protocol.ts';

/** The user's source is a function body on its own line 1; a variable named `result` counts where nothing is returned. */
function wrap(source: string): string {
  return `(async function () {${source}\n;return typeof result === 'undefined' ? undefined : result;\n})()`;
}

interface Prelude {
  define: QuickJSHandle;
  finish: QuickJSHandle;
  describe: QuickJSHandle;
}

/** The reply, and whether the module came through unharmed and may serve another run. */
export interface SandboxRun {
  reply: CodeReply;
  clean: boolean;
}

/** An empty runtime with the prelude loaded, good for one run. Making one takes longer than most code runs. */
export interface Sandbox {
  /** Throws when the WASM module itself broke; as after an unclean run, it must then not be used again. */
  run(message: CodeMessage): SandboxRun;
}

/** Opens a sandbox, to be used once. Throws when the WASM module is broken. */
export function openSandbox(module: QuickJSWASMModule): Sandbox {
  const log = createLog();
  let deadline = Number.POSITIVE_INFINITY;
  let late = false;
  const runtime = module.newRuntime();
  runtime.setMaxStackSize(STACK_BYTES);
  runtime.setInterruptHandler(() => {
    late ||= performance.now() > deadline;
    return late;
  });
  const context = runtime.newContext();
  const prelude = loadPrelude(context, log.add);
  const run = (message: CodeMessage): SandboxRun => {
    deadline = performance.now() + message.timeoutMs;
    runtime.setMemoryLimit(message.memoryMb * 1024 * 1024);
    const outcome = evaluate({ context, runtime, prelude, message, isLate: () => late });
    const logs = log.lines();
    if (typeof outcome === 'string') {
      return { reply: { ok: true, value: outcome, logs }, clean: dispose(context, runtime) };
    }
    const fault = late ? plainFault('code_timeout', timeoutText(message.timeoutMs)) : outcome;
    // Code stopped in the middle leaves its frames behind, so there is nothing to dispose of in good order.
    const clean = !late && fault.code !== 'code_memory' && dispose(context, runtime);
    return { reply: { ok: false, ...fault, logs }, clean };
  };
  return { run };
}

function dispose(context: QuickJSContext, runtime: QuickJSRuntime): boolean {
  try {
    context.dispose();
    runtime.dispose();
    return true;
  } catch {
    // The caller throws the module away, and with it everything that could not be freed.
    return false;
  }
}

interface Evaluation {
  context: QuickJSContext;
  runtime: QuickJSRuntime;
  prelude: Prelude;
  message: CodeMessage;
  isLate: () => boolean;
}

/** The result as JSON text, or what went wrong. */
function evaluate({ context, runtime, prelude, message, isLate }: Evaluation): string | Fault {
  const fail = (error: QuickJSHandle): Fault => {
    if (isLate()) return plainFault('code_timeout', '');
    return error.consume((handle) =>
      faultOf({ context, describe: prelude.describe, error: handle, message }),
    );
  };
  try {
    for (const [name, text] of Object.entries(message.globals)) {
      const defined = call(context, prelude.define, [context.newString(name), context.newString(text)]);
      if (defined.error) return fail(defined.error);
      defined.value.dispose();
    }
    const started = context.evalCode(wrap(message.source), 'code.js');
    if (started.error) return fail(started.error);
    return started.value.consume((promise) => {
      const settled = settle(context, runtime, promise);
      if (settled === null) return plainFault('code_error', PENDING);
      if (settled.error) return fail(settled.error);
      const finished = call(context, prelude.finish, [settled.value]);
      if (finished.error) return fail(finished.error);
      return finished.value.consume((text) => readResult(context, text));
    });
  } finally {
    for (const handle of [prelude.define, prelude.finish, prelude.describe]) handle.dispose();
  }
}

const PENDING =
  'The code waits for something that never happens: there are no timers and no network in here, so await only ' +
  'values that are already there.';

type Outcome = { error: QuickJSHandle; value?: never } | { error?: never; value: QuickJSHandle };

/** Runs everything that was put off; null when the promise is still open with nothing left to run. */
function settle(context: QuickJSContext, runtime: QuickJSRuntime, promise: QuickJSHandle): Outcome | null {
  const jobs = runtime.executePendingJobs();
  if (jobs.error) return { error: jobs.error };
  const state = context.getPromiseState(promise);
  if (state.type === 'pending') return null;
  return state.type === 'rejected' ? { error: state.error } : { value: state.value };
}

function loadPrelude(context: QuickJSContext, emit: (line: string) => void): Prelude {
  const prelude = context.unwrapResult(context.evalCode(PRELUDE, 'prelude.js'));
  const emitter = context.newFunction('emit', (line) => {
    if (line) emit(context.getString(line));
  });
  const made = context.unwrapResult(call(context, prelude, [emitter]));
  prelude.dispose();
  return made.consume((tools) => ({
    define: context.getProp(tools, 'define'),
    finish: context.getProp(tools, 'finish'),
    describe: context.getProp(tools, 'describe'),
  }));
}

/** Calls a function and lets go of the arguments. */
function call(context: QuickJSContext, target: QuickJSHandle, values: QuickJSHandle[]) {
  const result = context.callFunction(target, context.undefined, ...values);
  for (const value of values) value.dispose();
  return result;
}

function readResult(context: QuickJSContext, text: QuickJSHandle): string | Fault {
  const length = context.getProp(text, 'length').consume((handle) => context.getNumber(handle));
  // The length is known before the text is copied out, so an enormous one is never copied.
  const value = length > MAX_DATA_BYTES ? null : context.getString(text);
  if (value === null || Buffer.byteLength(value) > MAX_DATA_BYTES) {
    return plainFault(
      'output_too_large',
      'The result is larger than 4 MiB. Return less, for example only the fields needed.',
    );
  }
  if (depthOf(value) > MAX_DEPTH) {
    return plainFault('code_error', `The result is nested more than ${MAX_DEPTH} levels deep.`);
  }
  return value;
}

/** Deepest nesting of a JSON text, without parsing it. */
function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i);
    if (quoted) {
      if (code === 0x5c) i++;
      else if (code === 0x22) quoted = false;
    } else if (code === 0x22) {
      quoted = true;
    } else if (code === 0x7b || code === 0x5b) {
      deepest = Math.max(deepest, ++depth);
    } else if (code === 0x7d || code === 0x5d) {
      depth--;
    }
  }
  return deepest;
}
