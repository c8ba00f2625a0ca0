import { expect, it } from 'vitest';
import { readSchemaText, schemaText } from './schema-text.ts';

it('reads what it writes', () => {
  const schema = { type: 'object', properties: { a: { type: 'number' } } };
  expect(readSchemaText(schemaText(schema))).toEqual({ schema, fault: null });
  expect(readSchemaText(schemaText(null))).toEqual({ schema: null, fault: null });
});

it.each([
  ['{', 'no JSON'],
  ['[]', 'in braces'],
  ['null', 'in braces'],
  ['"object"', 'in braces'],
])('says what is wrong with %s', (text, said) => {
  expect(readSchemaText(text).fault).toContain(said);
});
