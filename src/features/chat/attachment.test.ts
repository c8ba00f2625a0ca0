import { expect, test } from 'vitest';
import { LIMITS, mediaTypeOf, refusalOf, sizeText, typesText } from './attachment.ts';

const file = (name: string, type: string, size = 10) => ({ name, type, size });

test('what fits is not refused', () => {
  expect(refusalOf(file('a.png', 'image/png'), 0, LIMITS)).toBeNull();
  expect(refusalOf(file('a.md', ''), 0, LIMITS)).toBeNull();
  expect(refusalOf(file('a.txt', 'text/plain;charset=utf-8'), 4, LIMITS)).toBeNull();
});

test('the sentence says why a file was left out', () => {
  expect(refusalOf(file('a.exe', 'application/x-msdownload'), 0, LIMITS)).toBe(
    '“a.exe” was left out: this chat takes pictures, text files, JSON, YAML and XML.',
  );
  expect(refusalOf(file('a.png', 'image/png', 3 * 1024 * 1024), 0, LIMITS)).toBe(
    '“a.png” was left out: it has 3.0 MB, and 2.0 MB is the most.',
  );
  expect(refusalOf(file('a.png', 'image/png'), 5, LIMITS)).toBe(
    '“a.png” was left out: a message takes 5 files at most.',
  );
  expect(refusalOf(file('a.txt', 'text/plain', 0), 0, LIMITS)).toBe('“a.txt” was left out: it is empty.');
});

test('names tell the type where the browser does not', () => {
  expect(mediaTypeOf(file('log.LOG', ''))).toBe('text/plain');
  expect(mediaTypeOf(file('what', ''))).toBe('');
});

test('sizes and types are words', () => {
  expect([sizeText(840), sizeText(12_300), sizeText(3_500_000)]).toEqual(['840 B', '12 KB', '3.3 MB']);
  expect(typesText(['application/pdf'])).toBe('PDF');
});
