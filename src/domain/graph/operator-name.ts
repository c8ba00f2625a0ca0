/** Operators that look at one value only; a rule with one of them needs no right-hand side. */
export const UNARY_OPERATORS = [
  'exists',
  'does_not_exist',
  'is_empty',
  'is_not_empty',
  'is_true',
  'is_false',
] as const;

export const OPERATORS = [
  'equals',
  'not_equals',
  'contains',
  'not_contains',
  'starts_with',
  'not_starts_with',
  'ends_with',
  'not_ends_with',
  'matches_regex',
  'not_matches_regex',
  'gt',
  'lt',
  'gte',
  'lte',
  'after',
  'before',
  'after_or_equal',
  'before_or_equal',
  'length_eq',
  'length_neq',
  'length_gt',
  'length_lt',
  'length_gte',
  'length_lte',
  ...UNARY_OPERATORS,
] as const;
export type Operator = (typeof OPERATORS)[number];

export const isOperator = (name: string): name is Operator => (OPERATORS as readonly string[]).includes(name);

export const isUnary = (name: string): boolean => (UNARY_OPERATORS as readonly string[]).includes(name);
