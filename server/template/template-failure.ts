/** `template_error`: the template is wrong; the others are limits and cancellation. */
export type TemplateFailureCode = 'template_error' | 'template_limit' | 'aborted';

/** A template that could not be rendered, beyond what the domain's own errors say. Written for its author. */
export class TemplateFailure extends Error {
  readonly code: TemplateFailureCode;
  constructor(code: TemplateFailureCode, message: string) {
    super(message);
    this.name = 'TemplateFailure';
    this.code = code;
  }
}
