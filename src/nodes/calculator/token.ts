import { StepError } from '#domain/node/executor.ts';

export const MAX_EXPRESSION = 2000;
/** What a value may be called. */
export const NAME = /^[A-Za-z_]\w{0,63}$/;

export interface Token {
  readonly kind: 'number' | 'name' | 'sign' | 'end';
  readonly text: string;
  /** Position of its first character, from 0. */
  readonly at: number;
}

const TOKEN =
  /\s*(?:((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*(?:\.\w+)*)|(\*\*|\/\/|[-+*/%(),]))/y;

/**
 * The words of an expression, with an `end` after the last.
 * @throws StepError `bad_expression` pointing at what is no word.
 */
export function tokensOf(expression: string): Token[] {
  const text = expression.trimEnd();
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  let at = 0;
  while (at < text.length) {
    pattern.lastIndex = at;
    const [whole, number, name, sign] = pattern.exec(text) ?? [];
    const word = number ?? name ?? sign;
    if (whole === undefined || word === undefined) throw badExpression(text, at, 'This cannot be read');
    at += whole.length;
    const kind = number !== undefined ? 'number' : name !== undefined ? 'name' : 'sign';
    tokens.push({ kind, text: word, at: at - word.length });
  }
  return [...tokens, { kind: 'end', text: '', at: text.length }];
}

/** Says what is wrong and shows the place. */
export function badExpression(expression: string, at: number, what: string): StepError {
  const rest = expression.slice(at).trim().slice(0, 20);
  const where = rest === '' ? 'at the end' : `at “${rest}” (character ${at + 1})`;
  return new StepError('bad_expression', `“Expression”: ${what} ${where}.`, { permanent: true });
}
