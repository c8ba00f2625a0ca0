import { RE2JS } from 're2js';
import { StepError } from '../node/executor.ts';
import { numberIn } from '../node/number-text.ts';
import { isOperator, type Operator } from './operator-name.ts';

const MAX_PATTERN = 1000;
const MAX_SEARCHED = 1_000_000;

type Test = (left: unknown, right: unknown) => boolean;
type Compare = (left: number, right: number) => boolean;

const not =
  (test: Test): Test =>
  (left, right) =>
    !test(left, right);
const onText =
  (test: (left: string, right: string) => boolean): Test =>
  (left, right) =>
    test(textOf(left), textOf(right));
const onNumbers =
  (compare: Compare): Test =>
  (left, right) =>
    compare(numberOf(left), numberOf(right));
const onLength =
  (compare: Compare): Test =>
  (left, right) =>
    compare(lengthOf(left), numberOf(right));
const onDates =
  (compare: Compare): Test =>
  (left, right) => {
    const [a, b] = [instantOf(left), instantOf(right)];
    return a !== null && b !== null && compare(a, b);
  };

const exists: Test = (value) => value !== null && value !== undefined;
const isEmpty: Test = (value) => {
  if (!exists(value, null) || value === '') return true;
  return typeof value === 'object' && Object.keys(value as object).length === 0;
};
const isTrue: Test = (value) => ['true', '1', 'yes'].includes(textOf(value).trim().toLowerCase());
const equals = onText((left, right) => left === right);
const startsWith = onText((left, right) => left.startsWith(right));
const endsWith = onText((left, right) => left.endsWith(right));
const matches: Test = (left, right) => matcher(right)(left);
const contains: Test = (left, right) => {
  if (Array.isArray(left)) return left.some((item) => equals(item, right));
  return textOf(left).includes(textOf(right));
};

const gt: Compare = (a, b) => a > b;
const lt: Compare = (a, b) => a < b;
const gte: Compare = (a, b) => a >= b;
const lte: Compare = (a, b) => a <= b;

const TESTS: Readonly<Record<Operator, Test>> = {
  exists,
  does_not_exist: not(exists),
  is_empty: isEmpty,
  is_not_empty: not(isEmpty),
  is_true: isTrue,
  is_false: not(isTrue),
  equals,
  not_equals: not(equals),
  contains,
  not_contains: not(contains),
  starts_with: startsWith,
  not_starts_with: not(startsWith),
  ends_with: endsWith,
  not_ends_with: not(endsWith),
  matches_regex: matches,
  not_matches_regex: not(matches),
  gt: onNumbers(gt),
  lt: onNumbers(lt),
  gte: onNumbers(gte),
  lte: onNumbers(lte),
  after: onDates(gt),
  before: onDates(lt),
  after_or_equal: onDates(gte),
  before_or_equal: onDates(lte),
  length_eq: onLength((a, b) => a === b),
  length_neq: onLength((a, b) => a !== b),
  length_gt: onLength(gt),
  length_lt: onLength(lt),
  length_gte: onLength(gte),
  length_lte: onLength(lte),
};

/**
 * Whether `left operator right` holds.
 *
 * Text operators compare text forms: null and a missing value are empty text, true and false are `true` and
 * `false`, lists and objects are JSON; `contains` on a list is membership. Number operators read anything that is
 * not a number as 0. Date operators take ISO dates, read one without a zone as UTC, and are false when either side
 * is no date. Regular expressions are RE2 and match anywhere in the text.
 *
 * @throws StepError `unknown_operator` or `bad_pattern`, both permanent.
 */
export function holds(operator: string, left: unknown, right: unknown): boolean {
  return testOf(operator, right)(left);
}

/** {@link holds} for many left sides: a pattern is read once. @throws StepError as `holds` does. */
export function testOf(operator: string, right: unknown): (left: unknown) => boolean {
  if (!isOperator(operator)) {
    throw new StepError('unknown_operator', `There is no operator “${operator}”.`, { permanent: true });
  }
  if (operator === 'matches_regex') return matcher(right);
  if (operator === 'not_matches_regex') {
    const matching = matcher(right);
    return (left) => !matching(left);
  }
  const test = TESTS[operator];
  return (left) => test(left, right);
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  return JSON.stringify(value) ?? '';
}

function numberOf(value: unknown): number {
  if (typeof value === 'number') return Number.isNaN(value) ? 0 : value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return numberIn(value) ?? 0;
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' || Array.isArray(value) ? value.length : 0;
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** Milliseconds since the epoch, or null where the value is no ISO date. A date without a zone is read as UTC. */
export function instantOf(value: unknown): number | null {
  const parts = ISO.exec(textOf(value).trim());
  if (!parts) return null;
  const [, year, month, day, time = '00:00', zone = 'Z'] = parts;
  const daysInMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (Number(day) > daysInMonth) return null;
  const offset = /^z$/i.test(zone) ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const instant = Date.parse(`${year}-${month}-${day}T${time}${offset}`);
  return Number.isNaN(instant) ? null : instant;
}

function matcher(right: unknown): (left: unknown) => boolean {
  const pattern = textOf(right);
  if (pattern.length > MAX_PATTERN) throw badPattern(`it is longer than ${MAX_PATTERN} characters`);
  const compiled = compile(pattern);
  return (left) => {
    const text = textOf(left);
    if (text.length > MAX_SEARCHED) throw badPattern(`the text is longer than ${MAX_SEARCHED} characters`);
    return compiled.test(text);
  };
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw badPattern(error instanceof Error ? error.message : String(error));
  }
}

function badPattern(why: string): StepError {
  return new StepError('bad_pattern', `The regular expression cannot be used: ${why}.`, { permanent: true });
}
