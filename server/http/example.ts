import { EXAMPLE_BODIES, EXAMPLE_FIELDS, EXAMPLE_PATH, EXAMPLE_WEBHOOK } from './example-value.ts';
import type { Prepared } from './operation.ts';
import { inputSchema, type Schema, type Suggest, sampleOf } from './sample-value.ts';

/** Values from {@link EXAMPLE_FIELDS} where the field's type is theirs. */
const likely: Suggest = (name, schema) => {
  const value = EXAMPLE_FIELDS[name];
  if (value === undefined || Array.isArray(schema.enum) || 'const' in schema) return undefined;
  return typesOf(schema).includes(typeOf(value)) ? value : undefined;
};

const typesOf = (schema: Schema): unknown[] =>
  [schema.type, ...((schema.anyOf ?? []) as Schema[]).map((part) => part.type)].flat();
const typeOf = (value: unknown): string => {
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
};

/** A good value for a piece of a schema; `root` holds its definitions. */
export const exampleOf = (schema: Schema, root: Schema, name = ''): unknown =>
  sampleOf(schema, { root, suggest: likely }, name);

/** What an example call sends besides its path: what is needed, and where that is nothing, something telling. */
export function exampleRest({ id, operation, pathKeys }: Prepared): Readonly<Record<string, unknown>> {
  const schema = inputSchema(operation.input);
  const own = EXAMPLE_BODIES[id];
  const sample = exampleOf(schema, schema) as Record<string, unknown>;
  const needed = Object.entries({ ...sample, ...own }).filter(([key]) => !pathKeys.has(key));
  return Object.fromEntries(needed);
}

/** What stands for a path parameter in an example: a value every installation starts with, or a shell variable. */
export function examplePath({ operation, pathKeys }: Prepared): Readonly<Record<string, string>> {
  const isAgent = operation.path.startsWith('/users/agents/');
  const isWebhook = operation.path.includes('webhook');
  return Object.fromEntries(
    [...pathKeys].map((key) => {
      if (isWebhook && key === 'node') return [key, EXAMPLE_WEBHOOK];
      const name = isAgent && key === 'user_id' ? 'agent_id' : key;
      return [key, EXAMPLE_PATH[key] ?? `$${name.toUpperCase()}`];
    }),
  );
}
