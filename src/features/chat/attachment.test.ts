import { expect, test } from 'vitest';
import { LIMITS, mediaTypeOf, refusalOf, sizeText, typesText } from './attachment.ts';

const MB = 1024 * 1024;
const file = (name: string, type: string, size = 10) => ({ name, type, size });

const files = (count: number, bytes = 10) => Array.from({ length: count }, () => ({ bytes }));

test('what fits is not refused', () => {
  expect(refusalOf(file('a.png', 'image/png'), [], LIMITS)).toBeNull();
  expect(refusalOf(file('a.md', ''), [], LIMITS)).toBeNull();
  expect(refusalOf(file('a.txt', 'text/plain;charset=utf-8'), files(4), LIMITS)).toBeNull();
});

test('the sentence says why a file was left out', () => {
  expect(refusalOf(file('a.exe', 'application/x-msdownload'), [], LIMITS)).toBe(
    '“a.exe” was left out: this chat takes pictures, text files, JSON, YAML and XML.',
  );
  expect(refusalOf(file('a.png', 'image/png', 3 * 1024 * 1024), [], LIMITS)).toBe(
    '“a.png” was left out: it has 3 MB, and 2 MB is the most.',
  );
  expect(refusalOf(file('a.png', 'image/png'), files(5), LIMITS)).toBe(
    '“a.png” was left out: a message takes 5 files at most.',
  );
  expect(refusalOf(file('a.png', 'image/png', 2 * MB), files(3, 1.5 * MB), LIMITS)).toBe(
    '“a.png” was left out: the files of a message may have 6 MB together.',
  );
  expect(refusalOf(file('a.txt', 'text/plain', 0), [], LIMITS)).toBe('“a.txt” was left out: it is empty.');
});

test('names tell the type where the browser does not', () => {
  expect(mediaTypeOf(file('log.LOG', ''))).toBe('text/plain');
  expect(mediaTypeOf(file('what', ''))).toBe('');
});

test('sizes and types are words', () => {
  expect([sizeText(840), sizeText(12_300), sizeText(3_500_000)]).toEqual(['840 B', '12 KB', '3.3 MB']);
  expect(typesText(['application/pdf'])).toBe('PDF');
});
