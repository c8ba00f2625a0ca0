/** Bytes of JSON that may cross into or out of the sandbox. */
export const MAX_DATA_BYTES = 4 * 1024 * 1024;
/** Bytes of log lines kept per run; what comes after is dropped and marked. */
export const MAX_LOG_BYTES = 64 * 1024;
export const MAX_LOG_LINES = 1_000;
/** Deepest nesting of a result; deeper data breaks recursive readers further on. */
export const MAX_DEPTH = 128;
export const MAX_TIMEOUT_MS = 60_000;
export const MAX_MEMORY_MB = 256;
/** More would let recursion in the sandbox overflow the stack of the thread around it. */
export const STACK_BYTES = 128 * 1024;
/** The sandbox stops itself at the deadline; one stuck inside a built-in is killed this much later. */
export const KILL_GRACE_MS = 250;
