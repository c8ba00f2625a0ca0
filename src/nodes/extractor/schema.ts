import { z } from 'zod';
import { StepError } from '#domain/node/executor.ts';
import { readJsonField } from '#domain/node/json-field.ts';

type Json = Readonly<Record<string, unknown>>;

/** What to ask for, and how to check an answer. */
export interface Form {
  /** JSON Schema of an object. */
  readonly schema: Json;
  /** @returns what is wrong with a value; empty: nothing */
  readonly problems: (value: unknown) => string[];
}

/**
 * The form as the config states it: a JSON Schema, or names with types or descriptions.
 * @throws StepError `bad_schema` (permanent)
 */
export function formOf(config: unknown): Form {
  const stated = readJsonField(config === '' ? {} : config, 'What to extract');
  if (!isObject(stated) || Object.keys(stated).length === 0) {
    throw bad('it is empty. Name at least one field, such as { "name": "string" }');
  }
  const schema = withoutPatterns(
    isSchema(stated) ? { ...stated, type: 'object' } : shortForm(stated),
  ) as Json;
  const check = checker(schema);
  return {
    schema,
    problems: (value) => {
      const read = check.safeParse(value);
      const issues = read.success ? [] : read.error.issues;
      return issues.map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`);
    },
  };
}

function checker(schema: Json): z.ZodType {
  try {
    return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  } catch (error) {
    throw bad(error instanceof Error ? error.message : String(error));
  }
}

const bad = (why: string): StepError =>
  new StepError('bad_schema', `“What to extract” cannot be used: ${why}.`, { permanent: true });

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSchema = (stated: Json): boolean => isObject(stated['properties']) || stated['type'] === 'object';

const TYPES = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object']);

/** Every field is asked for and may be null: what the text does not say must not be made up. */
function shortForm(stated: Json): Json {
  const properties = Object.entries(stated).map(([name, face]) => [name, fieldOf(name, face)] as const);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: Object.keys(stated),
    additionalProperties: false,
  };
}

function fieldOf(name: string, face: unknown): Json {
  if (isObject(face)) {
    const { type } = face;
    return typeof type === 'string' && TYPES.has(type) ? { ...face, type: [type, 'null'] } : face;
  }
  if (typeof face !== 'string') throw bad(`the field ${name} is neither a type nor a description`);
  if (!TYPES.has(face)) return { type: ['string', 'null'], ...(face.trim() !== '' && { description: face }) };
  return { type: [face, 'null'], ...(face === 'array' && { items: {} }) };
}

/** Checking an answer against patterns would run expressions that can take for ever. */
function withoutPatterns(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPatterns);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(
    ([key, inner]) => !(key === 'pattern' && typeof inner === 'string') && key !== 'patternProperties',
  );
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutPatterns(inner)]));
}
