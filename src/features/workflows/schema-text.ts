import type { InputOf } from '#contract/contract.ts';

type Schema = NonNullable<InputOf<'mcp', 'setOffer'>['input_schema']>;

/** A JSON Schema as people edit it; nothing for none. */
export const schemaText = (schema: object | null): string =>
  schema === null ? '' : JSON.stringify(schema, null, 2);

/** A JSON Schema as people have written it; null for none. */
export function readSchemaText(
  text: string,
):
  | { readonly schema: Schema | null; readonly fault: null }
  | { readonly schema: null; readonly fault: string } {
  if (text.trim() === '') return { schema: null, fault: null };
  try {
    const schema: unknown = JSON.parse(text);
    if (typeof schema === 'object' && schema !== null && !Array.isArray(schema)) {
      return { schema: schema as Schema, fault: null };
    }
    return { schema: null, fault: 'A schema is an object in braces.' };
  } catch (error) {
    return {
      schema: null,
      fault: `This is no JSON: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
