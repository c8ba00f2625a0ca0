/** A template that cannot be read. `position` is the offset of the fault in the template, from 0. */
export class TemplateSyntaxError extends Error {
  readonly position: number;
  constructor(message: string, position: number) {
    super(message);
    this.name = 'TemplateSyntaxError';
    this.position = position;
  }
}

/** A template asks for a value that is not there. `expression` is the reference as the author wrote it. */
export class MissingValueError extends Error {
  readonly expression: string;
  constructor(expression: string, reason: string) {
    super(`{{ ${expression} }} has no value: ${reason}`);
    this.name = 'MissingValueError';
    this.expression = expression;
  }
}

/** The values a template puts together are too much. */
export class TemplateLimitError extends Error {
  constructor(limit: number) {
    super(
      `The rendered values come to more than ${Math.round(limit / 1024 / 1024)} MiB. Refer to less data.`,
    );
    this.name = 'TemplateLimitError';
  }
}
