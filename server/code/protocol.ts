import type { CodeErrorCode } from './code-error.ts';

/** What the runner posts to a code thread: texts and numbers only. */
export interface CodeMessage {
  source: string;
  /** JSON text by global name. */
  globals: Record<string, string>;
  timeoutMs: number;
  memoryMb: number;
}

/** What the thread posts back. `value` is JSON text. */
export type CodeReply =
  | { ok: true; value: string; logs: string[] }
  | { ok: false; code: CodeErrorCode; message: string; line: number | null; logs: string[] };
