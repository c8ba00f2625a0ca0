import { expect, test } from 'vitest';
import { spokenText } from './spoken-text.ts';

test.each([
  ['I can convert **money**.', 'I can convert money.'],
  ['# Title\n\nSome *words* and `code`.', 'Title\nSome words and code.'],
  ['See [the docs](https://example.com "Docs") or ![a cat](cat.png).', 'See the docs or a cat.'],
  ['```ts\nconst a = 1;\n```', 'const a = 1;'],
  ['| Step | Value |\n|---|---|\n| a | 6 |', 'Step Value\na 6'],
  ['> It is 2 * 3 * 7.', 'It is 2 * 3 * 7.'],
  ['- one\n- two', '- one\n- two'],
  ['snake_case_name and __bold__', 'snake_case_name and bold'],
])('%j is read as %j', (markdown, spoken) => {
  expect(spokenText(markdown).replaceAll(/ *\n */g, '\n')).toBe(spoken);
});

test('a long answer is cut between words, and says so', () => {
  const spoken = spokenText('word '.repeat(1000));
  expect(spoken.length).toBeLessThan(2100);
  expect(spoken).toMatch(/word … The rest is in the conversation\.$/);
});

test('a long text of signs takes no time', () => {
  const begun = performance.now();
  spokenText(`${'*'.repeat(50_000)}\n${'[a'.repeat(20_000)}\n${'| - '.repeat(20_000)}x`);
  expect(performance.now() - begun).toBeLessThan(2000);
});
