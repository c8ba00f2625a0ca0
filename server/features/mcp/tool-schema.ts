import { AppError } from '#domain/problem.ts';

/** JSON Schema of an object. */
export type ObjectSchema = Readonly<Record<string, unknown>> & { readonly type: 'object' };

const TEXT: ObjectSchema = {
  type: 'object',
  properties: { text: { type: 'string', description: 'What the workflow is given.' } },
};
const MOST_BYTES = 65_536;
const DEEPEST = 20;

/** What clients are told of a tool's arguments: its own schema, else the workflow's, else a text. */
export function effectiveSchema(own: unknown, workflows: unknown): ObjectSchema {
  if (isObjectSchema(own)) return own;
  return isObjectSchema(workflows) ? workflows : TEXT;
}

function isObjectSchema(schema: unknown): schema is ObjectSchema {
  return typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === 'object';
}

/** @throws AppError `invalid` for a schema that clients could not use */
export function refuseBadSchema(schema: Readonly<Record<string, unknown>>): void {
  const wrong = problemIn(schema);
  if (wrong === null) return;
  throw new AppError('invalid', [{ type: 'value_error', loc: ['body', 'input_schema'], msg: wrong }]);
}

function problemIn(schema: Readonly<Record<string, unknown>>): string | null {
  if (schema['type'] !== 'object') return 'The arguments are an object: give a schema with "type": "object".';
  if (JSON.stringify(schema).length > MOST_BYTES) return 'The schema is larger than 64 kB.';
  const { properties, required } = schema;
  if (properties !== undefined && !isRecord(properties)) return '“properties” has to be an object.';
  const names = required === undefined ? [] : required;
  if (!Array.isArray(names) || names.some((name) => typeof name !== 'string')) {
    return '“required” has to be a list of names.';
  }
  return depthOf(schema) > DEEPEST ? `The schema is nested more than ${DEEPEST} deep.` : null;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

const FITS: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  array: Array.isArray,
  object: isRecord,
  null: (value) => value === null,
};

/**
 * What is wrong with the arguments of a call, in words a model can act on; null: nothing. Names and types are looked
 * at; what a pattern says is for the workflow, since a pattern may take forever.
 */
export function problemInArguments(
  schema: ObjectSchema,
  args: Readonly<Record<string, unknown>>,
): string | null {
  const required = Array.isArray(schema['required']) ? (schema['required'] as readonly string[]) : [];
  const missing = required.filter((name) => !Object.hasOwn(args, name));
  if (missing.length > 0) return `These arguments are missing: ${missing.join(', ')}.`;
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  if (schema['additionalProperties'] === false) {
    const unknown = Object.keys(args).filter((name) => !Object.hasOwn(properties, name));
    if (unknown.length > 0) return `There are no such arguments: ${unknown.join(', ')}.`;
  }
  for (const [name, value] of Object.entries(args)) {
    const field = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const wrong = isRecord(field) ? problemInValue(field, value) : null;
    if (wrong !== null) return `The argument ${name} ${wrong}.`;
  }
  return null;
}

function problemInValue(field: Readonly<Record<string, unknown>>, value: unknown): string | null {
  const types = [field['type']].flat().filter((type) => typeof type === 'string');
  if (types.length > 0 && !types.some((type) => FITS[type]?.(value) ?? true)) {
    return `has to be of the type ${types.join(' or ')}`;
  }
  const choices = field['enum'];
  if (!Array.isArray(choices) || choices.some((one) => JSON.stringify(one) === JSON.stringify(value)))
    return null;
  return `has to be one of ${JSON.stringify(choices)}`;
}
