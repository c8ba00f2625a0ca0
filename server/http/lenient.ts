import type { z } from 'zod';

type Convert = (value: unknown) => unknown;

interface Def {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly in?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
}

const NUMERIC = /^-?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/;
const TRUTH = new Map<unknown, boolean>([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
  [1, true],
  [0, false],
]);

const toNumber: Convert = (value) => {
  if (typeof value !== 'string' || !NUMERIC.test(value.trim())) return value;
  const number = Number(value);
  return Number.isFinite(number) ? number : value;
};
const toBoolean: Convert = (value) => TRUTH.get(value) ?? value;

/**
 * What REST callers may write instead of a number or a boolean, made into one, as deep as the schema names fields.
 * The schema itself is left alone, so the typed clients stay strict. Null where nothing could be converted.
 */
export function lenientFor(schema: z.ZodType): Convert | null {
  const def = schema._zod.def as unknown as Def;
  if (def.type === 'number') return toNumber;
  if (def.type === 'boolean') return toBoolean;
  if (def.type === 'object' && def.shape) return objectOf(def.shape);
  if (def.type === 'array' && def.element) {
    const each = lenientFor(def.element);
    return each && ((value) => (Array.isArray(value) ? value.map(each) : value));
  }
  const inner = def.innerType ?? def.in;
  return inner ? lenientFor(inner) : null;
}

function objectOf(shape: Readonly<Record<string, z.ZodType>>): Convert | null {
  const fields = Object.entries(shape).flatMap(([key, field]) => {
    const convert = lenientFor(field);
    return convert ? [{ key, convert }] : [];
  });
  if (fields.length === 0) return null;
  return (value) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
    const copy: Record<string, unknown> = { ...value };
    for (const { key, convert } of fields) if (Object.hasOwn(copy, key)) copy[key] = convert(copy[key]);
    return copy;
  };
}
