import { z } from 'zod';

export type Schema = Readonly<Record<string, unknown>>;

/** The schema of what an operation takes, as JSON Schema with its own definitions. */
export const inputSchema = (input: z.ZodObject): Schema =>
  z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as Schema;

/** The schema behind a local reference, else the schema itself. */
export function follow(schema: Schema, root: Schema): Schema {
  const reference = schema.$ref;
  if (typeof reference !== 'string') return schema;
  const found = reference
    .split('/')
    .slice(1)
    .reduce<unknown>((at, key) => (at as Schema | undefined)?.[key], root);
  return follow((found ?? {}) as Schema, root);
}

/** Gives a value for a field of this name, or undefined where it knows none. */
export type Suggest = (name: string, schema: Schema) => unknown;

interface Sampling {
  /** Holds the definitions that references lead to. */
  readonly root: Schema;
  readonly suggest?: Suggest;
}

/** The plainest value a JSON Schema allows; `suggest` may know a likelier one for a named field. */
export function sampleOf(given: Schema, sampling: Sampling, name = ''): unknown {
  const schema = follow(given, sampling.root);
  const suggested = sampling.suggest?.(name, schema);
  if (suggested !== undefined) return suggested;
  const parts = (schema.anyOf ?? schema.oneOf) as readonly Schema[] | undefined;
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum.find((one) => one !== '') ?? schema.enum[0];
  if (parts) return sampleOf(parts.find((part) => part.type !== 'null') ?? {}, sampling, name);
  switch (plainType(schema)) {
    case 'string':
      return textOf(schema);
    case 'integer':
    case 'number':
      return Math.min(Math.max(1, Number(schema.minimum ?? 1)), Number(schema.maximum ?? 1));
    case 'boolean':
      return true;
    case 'array':
      return Array.from({ length: Number(schema.minItems ?? 0) }, () =>
        sampleOf((schema.items ?? {}) as Schema, sampling, name),
      );
    case 'object':
      return objectOf(schema, sampling);
    default:
      return 'sample';
  }
}

/** The type, where it is one of several the first that is not null. */
const plainType = ({ type }: Schema): unknown =>
  Array.isArray(type) ? type.find((one) => one !== 'null') : type;

function objectOf(schema: Schema, sampling: Sampling): Record<string, unknown> {
  const properties = (schema.properties ?? {}) as Record<string, Schema>;
  const required = (schema.required ?? []) as readonly string[];
  return Object.fromEntries(required.map((key) => [key, sampleOf(properties[key] ?? {}, sampling, key)]));
}

const CANDIDATES = ['123456', 'sample-1', '2031-01-02', 'abc123'];

function textOf({ format, minLength, maxLength, pattern }: Schema): string {
  if (format === 'date-time') return '2031-01-02T03:04:05Z';
  if (format === 'uuid') return '01a2b3c4-0000-7000-8000-000000000000';
  if (format === 'email') return 'grace@example.com';
  if (format === 'uri') return 'https://example.com/';
  if (typeof pattern === 'string' && !new RegExp(pattern, 'u').test('sample')) {
    return CANDIDATES.find((one) => new RegExp(pattern, 'u').test(one)) ?? '';
  }
  return 'sample'.padEnd(Number(minLength ?? 0), 'e').slice(0, Number(maxLength ?? 200));
}
