import { badExpression, MAX_EXPRESSION, type Token, tokensOf } from './token.ts';

export type Operator = '+' | '-' | '*' | '/' | '//' | '%' | '**';

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'negative'; readonly of: Expression }
  | {
      readonly kind: 'operation';
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] };

const MAX_DEPTH = 100;

/**
 * Reads an expression: sums of products of powers, as in Python.
 * @throws StepError `bad_expression` pointing at the place.
 */
export function parseExpression(text: string): Expression {
  if (text.length > MAX_EXPRESSION) {
    throw badExpression('', 0, `It is longer than ${MAX_EXPRESSION} characters`);
  }
  return new Parser(text).whole();
}

class Parser {
  private readonly text: string;
  private readonly tokens: readonly Token[];
  private next = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
    this.tokens = tokensOf(text);
  }

  whole(): Expression {
    const found = this.sum();
    if (this.token.kind !== 'end') throw this.unexpected('An operator is missing');
    return found;
  }

  private sum(): Expression {
    return this.chain(['+', '-'], () => this.product());
  }

  private product(): Expression {
    return this.chain(['*', '/', '//', '%'], () => this.signed());
  }

  private chain(operators: readonly Operator[], operand: () => Expression): Expression {
    let left = operand();
    for (;;) {
      const operator = operators.find((one) => this.skip(one));
      if (operator === undefined) return left;
      left = { kind: 'operation', operator, left, right: operand() };
    }
  }

  /** A sign binds less than a power on its right: -2 ** 2 is -(2 ** 2). */
  private signed(): Expression {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw this.unexpected(`It is nested more than ${MAX_DEPTH} times`);
    const found = this.skip('-')
      ? ({ kind: 'negative', of: this.signed() } as const)
      : this.skip('+')
        ? this.signed()
        : this.power();
    this.depth -= 1;
    return found;
  }

  private power(): Expression {
    const left = this.atom();
    return this.skip('**') ? { kind: 'operation', operator: '**', left, right: this.signed() } : left;
  }

  private atom(): Expression {
    const { kind, text } = this.token;
    if (kind === 'number') {
      this.next += 1;
      return { kind, value: Number(text) };
    }
    if (kind === 'name') {
      this.next += 1;
      return this.skip('(') ? { kind: 'call', name: text, args: this.args() } : { kind, name: text };
    }
    if (!this.skip('(')) throw this.unexpected('A number, a name or a parenthesis is missing');
    const inner = this.sum();
    this.close();
    return inner;
  }

  private args(): Expression[] {
    if (this.skip(')')) return [];
    const args = [this.sum()];
    while (this.skip(',')) args.push(this.sum());
    this.close();
    return args;
  }

  private close(): void {
    if (!this.skip(')')) throw this.unexpected('A closing parenthesis is missing');
  }

  private skip(sign: string): boolean {
    if (this.token.kind !== 'sign' || this.token.text !== sign) return false;
    this.next += 1;
    return true;
  }

  private get token(): Token {
    return this.tokens[this.next] ?? { kind: 'end', text: '', at: this.text.length };
  }

  private unexpected(what: string) {
    return badExpression(this.text, this.token.at, what);
  }
}
