import { parentPort } from 'node:worker_threads';
import { newQuickJSWASMModule, type QuickJSWASMModule } from 'quickjs-emscripten';
import { plainFault } from './fault.ts';
import type { CodeMessage, CodeReply } from './protocol.ts';
import { openSandbox, type Sandbox } from './sandbox.ts';

/** A module's memory never shrinks: past this many bytes it is thrown away after the run. */
const MODULE_BYTES = 48 * 1024 * 1024;

interface Prepared {
  module: QuickJSWASMModule;
  sandbox: Sandbox;
}

/** The sandbox for the next run, made while nobody waits. */
let next: Promise<Prepared> = prepare(null);

async function prepare(reusable: QuickJSWASMModule | null): Promise<Prepared> {
  const module = reusable ?? (await newQuickJSWASMModule());
  return { module, sandbox: openSandbox(module) };
}

/** Runs one message; gives the module back only when it may serve another run. */
async function answer(
  message: CodeMessage,
): Promise<{ reply: CodeReply; reusable: QuickJSWASMModule | null }> {
  const { module, sandbox } = await next;
  try {
    const { reply, clean } = sandbox.run(message);
    // Whatever broke or bloated this module must not meet the next user's code.
    const small = module.getWasmMemory().buffer.byteLength <= MODULE_BYTES;
    return { reply, reusable: clean && small ? module : null };
  } catch (error) {
    return { reply: { ok: false, ...plainFault('code_error', breakText(error)), logs: [] }, reusable: null };
  }
}

function breakText(error: unknown): string {
  const deep = error instanceof RangeError || /out of bounds|unreachable|indirect call/.test(String(error));
  return deep ? 'The code nested calls or data too deeply.' : 'The code broke the sandbox and was stopped.';
}

await next;
parentPort?.on('message', (message: CodeMessage) => {
  void answer(message).then(({ reply, reusable }) => {
    parentPort?.postMessage(reply);
    next = prepare(reusable);
  });
});
parentPort?.postMessage('ready');
