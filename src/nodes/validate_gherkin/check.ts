import { type Finding, lint } from './lint.ts';
import { type ParseError, parseGherkin } from './parse.ts';

const MOST_FOUND = 200;

export interface GherkinCheck {
  readonly valid: boolean;
  readonly parse_errors: readonly ParseError[];
  readonly lint_errors: readonly Finding[];
  readonly lint_warnings: readonly Finding[];
}

/** Checks the text of a feature; how it is written is only looked at when it can be read. */
export function checkGherkin(text: string): GherkinCheck {
  const { errors, blocks } = parseGherkin(text);
  const found = errors.length > 0 ? [] : lint(blocks);
  const lint_errors = found.filter(({ code }) => code.startsWith('E')).slice(0, MOST_FOUND);
  return {
    valid: errors.length === 0 && lint_errors.length === 0,
    parse_errors: errors.slice(0, MOST_FOUND),
    lint_errors,
    lint_warnings: found.filter(({ code }) => !code.startsWith('E')).slice(0, MOST_FOUND),
  };
}
