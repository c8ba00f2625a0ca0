import { parentPort } from 'node:worker_threads';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSWASMModule,
  RELEASE_SYNC,
} from 'quickjs-emscripten';
import { plainFault } from './fault.ts';
import type { CodeMessage, CodeReply } from './protocol.ts';
import { runInSandbox } from './sandbox.ts';

/** A module's memory never shrinks: past this many bytes it is thrown away after the run. */
const MODULE_BYTES = 48 * 1024 * 1024;

let module: QuickJSWASMModule | null = null;

function loadModule(): Promise<QuickJSWASMModule> {
  // A module that breaks is thrown away and the caller told; its own complaints would only fill the server's log.
  const silent = { print: () => {}, printErr: () => {} };
  return newQuickJSWASMModuleFromVariant(newVariant(RELEASE_SYNC, { emscriptenModule: silent }));
}

async function answer(message: CodeMessage): Promise<CodeReply> {
  const used = module ?? (await loadModule());
  // Set back only after a clean run: whatever broke this module must not meet the next user's code.
  module = null;
  try {
    const { reply, clean } = runInSandbox(used, message);
    if (clean && used.getWasmMemory().buffer.byteLength <= MODULE_BYTES) module = used;
    return reply;
  } catch (error) {
    const deep = error instanceof RangeError || /out of bounds|unreachable|indirect call/.test(String(error));
    const words = deep
      ? 'The code nested calls or data too deeply.'
      : 'The code broke the sandbox and was stopped.';
    return { ok: false, ...plainFault('code_error', words), logs: [] };
  }
}

module = await loadModule();
parentPort?.on('message', (message: CodeMessage) => {
  void answer(message).then((reply) => {
    parentPort?.postMessage(reply);
  });
});
parentPort?.postMessage('ready');
