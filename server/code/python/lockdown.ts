import { registerHooks } from 'node:module';

/** What is left of the host in an interpreter's process after `lockDown`: the language's own objects. */
const KEPT: ReadonlySet<string> = new Set(
  (
    'Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise ' +
    'RegExp Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError JSON Math ' +
    'Intl Atomics Map BigInt Set Iterator WeakMap WeakSet WeakRef Proxy Reflect FinalizationRegistry ' +
    'SuppressedError DisposableStack AsyncDisposableStack ArrayBuffer SharedArrayBuffer Uint8Array Int8Array ' +
    'Uint16Array Int16Array Uint32Array Int32Array BigUint64Array BigInt64Array Uint8ClampedArray Float16Array ' +
    'Float32Array Float64Array DataView decodeURI decodeURIComponent encodeURI encodeURIComponent escape ' +
    'unescape isFinite isNaN globalThis WebAssembly TextDecoder TextEncoder crypto performance ' +
    'setTimeout clearTimeout setInterval clearInterval setImmediate clearImmediate queueMicrotask ' +
    'AbortController AbortSignal Event EventTarget DOMException structuredClone console URL URLSearchParams'
  ).split(' '),
);

/**
 * The second wall. Python offers its code no way to JavaScript; were one found, nothing of the host could be named
 * (no `process`, `fetch`, `WebSocket`), nothing loaded, and no text turned into code. The third wall is the process
 * itself, which may neither read files nor start programs and whose environment is empty.
 */
export function lockDown(): void {
  const refuse = (): never => {
    throw new Error('This is not available here.');
  };
  // An answer through a promise: loading fails for whoever asks, and nobody else.
  registerHooks({ resolve: refuse, load: refuse });
  for (const make of [function () {}, async () => {}, function* () {}, async function* () {}]) {
    Object.defineProperty(Object.getPrototypeOf(make), 'constructor', {
      value: refuse,
      writable: false,
      configurable: false,
    });
  }
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    // Deleted, not overwritten: that would first load what the name stands for.
    if (!KEPT.has(name)) Reflect.deleteProperty(globalThis, name);
  }
  Object.defineProperty(globalThis, 'eval', { value: refuse, writable: false, configurable: false });
  Object.defineProperty(globalThis, 'Function', { value: refuse, writable: false, configurable: false });
}
