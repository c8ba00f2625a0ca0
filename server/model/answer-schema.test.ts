import { expect, test } from 'vitest';
import { cpuClock } from '#domain/node/step-fixture.ts';
import { answerSchema } from './answer-schema.ts';

const person = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer', minimum: 0 } },
  required: ['name'],
};

test.each([
  ['{"name":"Ada"}', true],
  ['```json\n{"name":"Ada","age":36}\n```', true],
  ['Here you are:\n```\n{"name":"Ada"}\n```\nFine?', true],
  ['{"name":"Ada","more":1}', true],
  ['{"name":"Ada","age":-1}', false],
  ['{"age":3}', false],
  ['["Ada"]', false],
  ['Ada', false],
  ['', false],
])('%j fits: %s', (text, fits) => {
  expect(answerSchema({ name: 'person', schema: person }).read(text).ok).toBe(fits);
});

test('is read at once, however many line breaks a model writes', () => {
  const spent = cpuClock();
  const read = answerSchema({ name: 'person', schema: person }).read(`\`\`\`json${'\n'.repeat(200_000)}`);
  expect(read.ok).toBe(false);
  expect(spent()).toBeLessThan(1000);
});

test('says what is wrong, for the model', () => {
  const read = answerSchema({ name: 'person', schema: person }).read('{"name":"Ada","age":"old"}');
  expect(read).toMatchObject({ ok: false, problem: expect.stringContaining('age') });
});

test('lists travel within an object, with what they refer to', () => {
  const schema = {
    type: 'array',
    items: { $ref: '#/$defs/word' },
    $defs: { word: { type: 'string' } },
  };
  const { wire, read, name } = answerSchema({ name: 'all words!', schema });
  expect(name).toBe('all_words_');
  expect(wire).toMatchObject({ type: 'object', required: ['value'], $defs: { word: { type: 'string' } } });
  expect(read('{"value":["a","b"]}')).toEqual({ ok: true, object: ['a', 'b'] });
  expect(read('["a"]')).toEqual({ ok: true, object: ['a'] });
  expect(read('{"value":[1]}').ok).toBe(false);
});

test('a schema that is none is refused in words', () => {
  const schema = { type: 'object', properties: { a: { $ref: 'https://example.com/schema.json' } } };
  expect(() => answerSchema({ name: 'x', schema })).toThrow(
    expect.objectContaining({ code: 'bad_schema', permanent: true }),
  );
});
