import fc from 'fast-check';
import { follow, type Schema } from '#server/http/sample-value.ts';

/** Any JSON at all, with text no database likes. */
export const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    null,
    true,
    false,
    '',
    ' ',
    0,
    -1,
    1.5,
    2 ** 31,
    2 ** 53,
    1e300,
    'a\u0000',
    'a\ud800',
    [],
    {},
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** What this JSON Schema allows, sometimes just beyond; `root` holds its definitions. */
export function arbitraryOf(given: Schema, root: Schema, depth = 0): fc.Arbitrary<unknown> {
  const schema = follow(given, root);
  const parts = (schema.anyOf ?? schema.oneOf) as readonly Schema[] | undefined;
  if (depth > 5) return fc.constantFrom(null, 1, 'deep');
  if ('const' in schema) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]));
  if (parts) return fc.oneof(...parts.map((part) => arbitraryOf(part, root, depth + 1)));
  const types = [schema.type].flat();
  return fc.oneof(...types.map((type) => ofType(String(type), schema, root, depth)));
}

function ofType(type: string, schema: Schema, root: Schema, depth: number): fc.Arbitrary<unknown> {
  const { minItems, maxItems, items } = schema as Readonly<Record<string, number | undefined>>;
  switch (type) {
    case 'string':
      return textOf(schema);
    case 'integer':
      return integerOf(schema);
    case 'number':
      return fc.oneof(integerOf(schema), fc.double({ noNaN: true, noDefaultInfinity: true }));
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(arbitraryOf((items ?? {}) as Schema, root, depth + 1), {
        minLength: minItems ?? 0,
        maxLength: Math.min(maxItems ?? 4, (minItems ?? 0) + 4),
      });
    case 'object':
      return objectOf(schema, root, depth);
    default:
      return fc.jsonValue({ maxDepth: 1 });
  }
}

function integerOf({ minimum, maximum }: Schema): fc.Arbitrary<unknown> {
  const [low, high] = [Number(minimum ?? -(2 ** 40)), Number(maximum ?? 2 ** 40)];
  const near = [low, low - 1, high, high + 1, 0, 1].filter((one) => Number.isSafeInteger(one));
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.integer({ min: Math.max(low, -(2 ** 31)), max: Math.min(high, 2 ** 31 - 1) }),
    },
    {
      weight: 2,
      arbitrary: fc.integer({ min: Math.max(low, 0), max: Math.max(low, 0, Math.min(high, 50)) }),
    },
    { weight: 1, arbitrary: fc.constantFrom(...near) },
  );
}

function textOf({ minLength, maxLength, pattern, format }: Schema): fc.Arbitrary<unknown> {
  const plain = fc.string({
    unit: 'grapheme',
    minLength: Math.min(Number(minLength ?? 0), 300),
    maxLength: Math.min(Number(maxLength ?? 40), 300),
  });
  if (format === 'date-time')
    return fc.oneof(
      plain,
      fc.date({ noInvalidDate: true }).map((one) => one.toISOString()),
    );
  if (typeof pattern === 'string') return fc.oneof(plain, fc.stringMatching(new RegExp(pattern, 'u')));
  return plain;
}

function objectOf(schema: Schema, root: Schema, depth: number): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
  if (properties.length === 0) {
    const values = arbitraryOf((schema.additionalProperties || {}) as Schema, root, depth + 1);
    return fc.dictionary(fc.string({ maxLength: 8 }), values, { maxKeys: 3 });
  }
  const required = new Set((schema.required ?? []) as readonly string[]);
  const fields = Object.fromEntries(properties.map(([key, one]) => [key, arbitraryOf(one, root, depth + 1)]));
  return fc.record(fields, {
    requiredKeys: properties.map(([key]) => key).filter((key) => required.has(key)),
  });
}
