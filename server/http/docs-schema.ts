/** A piece of the OpenAPI document. */
export type Schema = { readonly [key: string]: unknown };

export const escapeHtml = (text: unknown): string =>
  String(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

/** A line of text whose `names` are set as code. */
export const titleHtml = (text: string): string =>
  escapeHtml(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');

export function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((found, key) => (found as Schema | undefined)?.[key], value);
}

const nameOf = (reference: string): string => reference.split('/').at(-1) ?? '';

/** The schema behind a reference, else the schema itself. */
export function resolve(document: Schema, schema: Schema): Schema {
  const { $ref } = schema;
  if (typeof $ref !== 'string') return schema;
  return (at(document, $ref.slice('#/'.length).split('/')) ?? {}) as Schema;
}

/** A schema's type in a few words. */
export function typeText(value: unknown): string {
  const schema = (value ?? {}) as Schema;
  if (typeof schema.$ref === 'string')
    return nameOf(schema.$ref) === 'JsonValue' ? 'any JSON' : nameOf(schema.$ref);
  if ('const' in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  const parts = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(parts)) return [...new Set(parts.map(typeText))].join(' | ');
  if (schema.type === 'array') return `list of ${typeText(schema.items)}`;
  if (schema.type === 'object' && !schema.properties && schema.additionalProperties) {
    return `object of ${typeText(schema.additionalProperties)}`;
  }
  return Array.isArray(schema.type) ? schema.type.join(' | ') : String(schema.type ?? 'any');
}

/** What a schema says about its values besides their type: default and limits. */
export function limitText(value: unknown): string {
  const schema = value as Schema;
  const { minimum, maximum, minLength, maxLength, minItems, maxItems } = schema;
  return [
    'default' in schema ? `default ${JSON.stringify(schema.default)}` : '',
    rangeText(minimum, maximum, ''),
    rangeText(minLength, maxLength, ' characters'),
    rangeText(minItems, maxItems, ' items'),
  ]
    .filter((text) => text !== '')
    .join(', ');
}

function rangeText(low: unknown, high: unknown, unit: string): string {
  const count = (number: unknown): string => Number(number).toLocaleString('en');
  if (low === undefined && high === undefined) return '';
  if (high === undefined) return `at least ${count(low)}${unit}`;
  if (low === undefined) return `at most ${count(high)}${unit}`;
  return `${count(low)} to ${count(high)}${unit}`;
}
