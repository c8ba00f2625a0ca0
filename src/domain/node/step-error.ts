/** A failure with a code, thrown by executors and capabilities; its message is for the person drawing. */
export class StepError extends Error {
  readonly code: string;
  /** Trying again cannot help (a wrong config, a refused destination). */
  readonly permanent: boolean;
  constructor(code: string, message: string, options: { permanent?: boolean } = {}) {
    super(message);
    this.code = code;
    this.permanent = options.permanent ?? false;
  }
}
