import { expect, it } from 'vitest';
import { listPort, readList } from './list-input.ts';

it('takes the input itself or a list inside it', () => {
  const list = [1];
  expect(readList(list, '')).toBe(list);
  expect(readList({ body: { items: list } }, 'body.items')).toBe(list);
});

it.each([
  [undefined, '', 'The input port “input” should be a list, but it is nothing.'],
  ['[1]', '', 'The input port “input” should be a list, but it is text.'],
  [{ a: {} }, 'a', '“a” of what arrives at “input” should be a list, but it is an object.'],
  [[1], 'a', '“a” of what arrives at “input” should be a list, but it is nothing.'],
])('refuses %j at “%s”', (input, field, message) => {
  expect(() => readList(input, field)).toThrow(
    expect.objectContaining({
      code: 'not_a_list',
      permanent: true,
      message: expect.stringContaining(message),
    }),
  );
});

it('has a port that takes what can hold the list', () => {
  expect(listPort('').type).toBe('array');
  expect(listPort('body.items')).toMatchObject({ name: 'input', type: 'any', required: true });
});
