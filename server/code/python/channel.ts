/** The open files of an interpreter's process. The first three are left to Node, which would make them non-blocking. */
export const REQUEST_FD = 3;
export const REPLY_FD = 4;
export const LOG_FD = 5;
export const IMAGE_FD = 6;

/** How an interpreter's process is asked to work: make the memory image, or start from one and serve one run. */
export type Task = 'make-image' | 'serve';

/** The first byte on the reply channel: the interpreter can take its request. */
export const READY = '\n';

/** The second byte: it has its request and begins. Space before the reply, which is JSON. */
export const BEGUN = '\n';

/** What an interpreter is asked to run, as JSON, until the end of its input. */
export interface InterpreterRequest {
  source: string;
  /** JSON text of the names the code sees. */
  globals: string;
  memoryMb: number;
}
