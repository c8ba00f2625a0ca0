import { expect, it } from 'vitest';
import { formOf } from './schema.ts';

it('turns names with types or descriptions into a schema', () => {
  const { schema } = formOf({
    name: 'string',
    total: 'number',
    tags: 'array',
    due: 'YYYY-MM-DD',
    age: { type: 'integer' },
  });
  expect(schema).toEqual({
    type: 'object',
    properties: {
      name: { type: ['string', 'null'] },
      total: { type: ['number', 'null'] },
      tags: { type: ['array', 'null'], items: {} },
      due: { type: ['string', 'null'], description: 'YYYY-MM-DD' },
      age: { type: ['integer', 'null'] },
    },
    required: ['name', 'total', 'tags', 'due', 'age'],
    additionalProperties: false,
  });
});

it('takes a JSON Schema as it is, without its patterns', () => {
  const stated = {
    type: 'object',
    properties: { id: { type: 'string', pattern: '(a+)+$' }, pattern: { type: 'string' } },
    required: ['id'],
  };
  const { schema, problems } = formOf(JSON.stringify(stated));
  expect(schema).toEqual({ ...stated, properties: { id: { type: 'string' }, pattern: { type: 'string' } } });
  expect(problems({ id: 'x' })).toEqual([]);
  expect(problems({ id: 5 })).toEqual([expect.stringMatching(/^id: /)]);
  expect(problems(null)).toEqual([expect.stringMatching(/^the whole: /)]);
});

it.each([
  [{}, 'empty'],
  ['', 'empty'],
  ['[1]', 'empty'],
  [{ a: 5 }, 'the field a'],
  [{ type: 'object', properties: { a: { type: 'nope' } } }, 'nope'],
  [{ type: 'object', properties: { a: { $ref: 'http://x/y' } } }, 'ref'],
])('refuses %j', (stated, why) => {
  expect(() => formOf(stated)).toThrow(
    expect.objectContaining({ code: 'bad_schema', permanent: true, message: expect.stringContaining(why) }),
  );
});

it('refuses a text that is no JSON', () => {
  expect(() => formOf('{oops')).toThrow(expect.objectContaining({ code: 'bad_json' }));
});
