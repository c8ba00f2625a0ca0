/** `code_error`: the code or its result is wrong; the others are limits and cancellation. */
export type CodeErrorCode = 'code_error' | 'code_timeout' | 'code_memory' | 'output_too_large' | 'aborted';

/** A run of user code that gave no value. The message is written for the author of the code. */
export class CodeError extends Error {
  readonly code: CodeErrorCode;
  /** Line of the user's source, from 1, where known. */
  readonly line: number | null;
  /** What the code had logged until then, where it could be saved. */
  readonly logs: string[];
  constructor(code: CodeErrorCode, message: string, details: { line?: number | null; logs?: string[] } = {}) {
    super(message);
    this.name = 'CodeError';
    this.code = code;
    this.line = details.line ?? null;
    this.logs = details.logs ?? [];
  }
}
