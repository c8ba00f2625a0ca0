import { expect, test } from 'vitest';
import { blocksOf } from './markdown-block.ts';

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
