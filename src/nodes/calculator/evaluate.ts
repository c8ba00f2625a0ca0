import { StepError } from '#domain/node/executor.ts';
import type { Expression, Operator } from './parse.ts';

const MAX_EXPONENT = 1000;

const fail = (code: string, message: string): never => {
  throw new StepError(code, `“Expression”: ${message}`, { permanent: true });
};

const OPERATIONS: Readonly<Record<Operator, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / divisor(right),
  '//': (left, right) => Math.floor(left / divisor(right)),
  '%': (left, right) => {
    const rest = left % divisor(right);
    return rest !== 0 && Math.sign(rest) !== Math.sign(right) ? rest + right : rest;
  },
  '**': (left, right) => {
    if (Math.abs(right) > MAX_EXPONENT) {
      fail('out_of_range', `the exponent ${right} is larger than ${MAX_EXPONENT}.`);
    }
    if (left === 0 && right < 0) fail('division_by_zero', '0 has no negative power.');
    return left ** right;
  },
};

interface NamedFunction {
  readonly least: number;
  readonly most: number;
  readonly of: (...args: number[]) => number;
}

const FUNCTIONS: ReadonlyMap<string, NamedFunction> = new Map([
  ['abs', { least: 1, most: 1, of: Math.abs }],
  ['ceil', { least: 1, most: 1, of: Math.ceil }],
  ['floor', { least: 1, most: 1, of: Math.floor }],
  ['sqrt', { least: 1, most: 1, of: Math.sqrt }],
  ['round', { least: 1, most: 2, of: (value: number, decimals?: number) => rounded(value, decimals ?? 0) }],
  ['max', { least: 1, most: 100, of: Math.max }],
  ['min', { least: 1, most: 100, of: Math.min }],
]);

/**
 * The value of an expression; `valueOf` gives the number of a name.
 * @throws StepError `division_by_zero`, `out_of_range`, `bad_expression` or what `valueOf` throws.
 */
export function evaluate(expression: Expression, valueOf: (name: string) => number): number {
  switch (expression.kind) {
    case 'number':
      return finite(expression.value);
    case 'name':
      return valueOf(expression.name);
    case 'negative':
      return -evaluate(expression.of, valueOf);
    case 'operation': {
      const left = evaluate(expression.left, valueOf);
      return finite(OPERATIONS[expression.operator](left, evaluate(expression.right, valueOf)));
    }
    case 'call':
      return finite(
        call(
          expression.name,
          expression.args.map((one) => evaluate(one, valueOf)),
        ),
      );
  }
}

function call(name: string, args: readonly number[]): number {
  const found = FUNCTIONS.get(name);
  if (!found) {
    return fail(
      'bad_expression',
      `there is no function “${name}”. There are ${[...FUNCTIONS.keys()].join(', ')}.`,
    );
  }
  if (args.length < found.least || args.length > found.most) {
    const takes = found.least === found.most ? `${found.least}` : `${found.least} to ${found.most}`;
    return fail('bad_expression', `“${name}” takes ${takes} numbers, but has ${args.length}.`);
  }
  return found.of(...args);
}

/** Rounded half away from zero as the number is written in decimal: 1.005 to two decimals is 1.01. */
export function rounded(value: number, decimals: number): number {
  const places = Math.trunc(decimals);
  if (Math.abs(places) > 15) fail('out_of_range', 'a number is rounded to at most 15 decimals.');
  const whole = Math.round(shifted(Math.abs(value), places));
  return Math.sign(value) * shifted(whole, -places) || 0;
}

/** The number with its decimal point moved, without the error that a multiplication would add. */
function shifted(value: number, places: number): number {
  const [digits = '0', exponent = '0'] = String(value).split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}

function divisor(value: number): number {
  return value === 0 ? fail('division_by_zero', 'it divides by zero.') : value;
}

function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  const why = Number.isNaN(value) ? 'the result is no real number.' : 'a number in it becomes too large.';
  return fail('out_of_range', why);
}
