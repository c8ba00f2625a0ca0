import { follow, type Schema } from '#server/http/sample-value.ts';

export interface WrongValue {
  readonly what: string;
  readonly value: unknown;
}

/** Strange values for any field; which of them are wrong depends on its type. */
const STRANGE: readonly WrongValue[] = [
  { what: 'null', value: null },
  { what: 'an empty text', value: '' },
  { what: 'a number', value: 7 },
  { what: 'a fraction', value: 1.5 },
  { what: 'a negative number', value: -1 },
  { what: 'a huge number', value: 1e300 },
  { what: 'more than 32 bits', value: 2_147_483_648 },
  { what: 'more than 53 bits as text', value: '9007199254740993' },
  { what: 'a boolean', value: true },
  { what: 'a list of nulls', value: [null] },
  { what: 'an object', value: { a: { b: 1 } } },
  { what: 'NUL', value: 'a\u0000b' },
  { what: 'a lone surrogate', value: 'a\ud800b' },
  { what: 'a far date', value: '+275760-09-13T00:00:00Z' },
  { what: 'what means something elsewhere', value: `../<b>{{ 7 }}'; drop table users; --%_\\` },
];

/** What to try in a field of this schema: the strange ones, and what is just over its limits. */
export function wrongValues(schema: Schema, root: Schema): WrongValue[] {
  return [...STRANGE, ...beyond(follow(schema, root), root)];
}

function beyond(schema: Schema, root: Schema): WrongValue[] {
  const parts = (schema.anyOf ?? schema.oneOf) as readonly Schema[] | undefined;
  if (parts) return parts.flatMap((part) => beyond(follow(part, root), root));
  const { maximum, minimum, maxLength, maxItems } = schema as Readonly<Record<string, number | undefined>>;
  return [
    ...(maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER
      ? [{ what: 'one too many', value: maximum + 1 }]
      : []),
    ...(minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER
      ? [{ what: 'one too few', value: minimum - 1 }]
      : []),
    ...(maxLength !== undefined && maxLength < 500_000
      ? [{ what: 'a text one too long', value: 'x'.repeat(maxLength + 1) }]
      : [{ what: 'a long text', value: 'x'.repeat(100_000) }]),
    ...(maxItems === undefined
      ? []
      : [{ what: 'a list one too long', value: Array(maxItems + 1).fill('x') }]),
  ];
}
