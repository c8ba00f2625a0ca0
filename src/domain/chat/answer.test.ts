import { expect, it } from 'vitest';
import { answerOf } from './answer.ts';
import { failureSentence, NO_ANSWER } from './failure-sentence.ts';

it.each([
  [{ output: ' Hello ' }, 'Hello'],
  [{ output: { a: 1 } }, '{\n  "a": 1\n}'],
  [{ output: 0 }, '0'],
  [{ message: 'From the agent' }, 'From the agent'],
  [
    { node_outputs: { a: { output: 'one' }, b: { text: 'two' }, c: { only: 'three' } } },
    'one\n\ntwo\n\nthree',
  ],
  [{ node_outputs: {} }, NO_ANSWER],
  [{ output: '' }, NO_ANSWER],
  [{ output: null }, NO_ANSWER],
  [null, NO_ANSWER],
  [{ output: 'a\u0000b\uD800' }, 'ab\uFFFD'],
])('a run that gave %j says %j', (output, said) => {
  expect(answerOf(output)).toBe(said);
});

it('cuts an answer nobody would read', () => {
  expect(answerOf({ output: 'x'.repeat(300_000) })).toHaveLength(200_000);
});

it('has a sentence for every failure, and for visitors none that leads to runs', () => {
  expect(failureSentence('cancelled')).toBe('This answer was stopped.');
  for (const code of ['custom', '', 'toString', '__proto__']) {
    expect(failureSentence(code)).toMatch(/^Something went wrong.* the run /);
    expect(failureSentence(code, true)).not.toContain('the run');
  }
});
