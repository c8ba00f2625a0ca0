import { expect, test } from 'vitest';
import { blocksOf, hasDefinitions, shapeOf } from './markdown-block.ts';

test('paragraphs are blocks of their own', () => {
  expect(blocksOf('One.\n\nTwo\nlines.\n\n# Three')).toEqual(['One.\n', 'Two\nlines.\n', '# Three']);
});

test('a fence stays in one block, whatever is in it', () => {
  const code = '```ts\nconst a = 1;\n\nconst b = 2;\n```';
  expect(blocksOf(`Look:\n\n${code}\n\nDone.`)).toEqual(['Look:\n', `${code}\n`, 'Done.']);
});

test('a fence that is not closed yet takes the rest', () => {
  expect(blocksOf('A\n\n```\nb\n\nc')).toEqual(['A\n', '```\nb\n\nc']);
});

test('a longer fence is not closed by a shorter one', () => {
  expect(blocksOf('````\n```\n\nx\n````\n\nend')).toHaveLength(2);
});

test('items of a list and what belongs to them stay together', () => {
  expect(blocksOf('1. One\n\n   more\n\n2. Two\n\nAfter')).toEqual([
    '1. One\n\n   more\n\n2. Two\n',
    'After',
  ]);
});

test('the blocks together say the same', () => {
  const text = 'A\n\n- b\n\n- c\n\n```\nd\n\n```\n\ne';
  expect(blocksOf(text).join('\n')).toBe(text);
});

test('a block of code is known while it is written', () => {
  expect(shapeOf('```ts title\nconst a = 1;\n\nb')).toEqual({
    kind: 'code',
    language: 'ts',
    code: 'const a = 1;\n\nb',
  });
  expect(shapeOf('```\na\n```\n')).toEqual({ kind: 'code', language: 'text', code: 'a' });
  expect(shapeOf('````\n```\na\n````')).toMatchObject({ code: '```\na' });
});

test('what follows a fence without a blank line is left to the reader of markdown', () => {
  expect(shapeOf('```\na\n```\nafter')).toEqual({ kind: 'plain' });
  expect(shapeOf('``not a fence``')).toEqual({ kind: 'plain' });
});

const many = (count: number, line: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => line(n)).join('\n');

test('a long list is read in parts, which are whole items', () => {
  const shape = shapeOf(many(30, (n) => `${n + 4}. ${'word '.repeat(12)}\n\n   more of it\n   - inner`));
  expect(shape).toMatchObject({ kind: 'list', start: 4 });
  const parts = shape.kind === 'list' ? shape.parts : [];
  expect(parts).toHaveLength(3);
  expect(parts[1]).toMatch(/^16\. /);
  expect(parts[0]).toMatch(/- inner$/);
});

test('a long table is read in parts, each with its head', () => {
  const shape = shapeOf(`| a | b |\n|---|:-:|\n${many(40, (n) => `| ${n} | ${'x'.repeat(40)} |`)}`);
  expect(shape).toMatchObject({ kind: 'table', head: '| a | b |\n|---|:-:|' });
  const parts = shape.kind === 'table' ? shape.parts : [];
  expect(parts).toHaveLength(4);
  expect(parts[3]).toMatch(/^\| a \| b \|\n\|---\|:-:\|\n\| 36 \|/);
});

test.each([
  ['short lists', '- a\n- b'],
  ['two kinds of items', many(80, (n) => `${n < 40 ? '-' : '*'} ${'word '.repeat(5)}`)],
  ['a heading in between', many(80, (n) => (n === 40 ? '# Head' : `- ${'word '.repeat(5)}`))],
  ['a table that ends', `| a |\n|---|\n${many(80, () => `| ${'x'.repeat(30)} |`)}\nafter`],
])('%s are left whole', (_name, block) => {
  expect(shapeOf(block)).toEqual({ kind: 'plain' });
});

test('definitions are seen anywhere', () => {
  expect(hasDefinitions('See [a].\n\n[a]: https://example.com')).toBe(true);
  expect(hasDefinitions('See [a](https://example.com): yes')).toBe(false);
});
