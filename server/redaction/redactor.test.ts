import { describe, expect, it } from 'vitest';
import { Redactor } from './redactor.ts';
import { formsOf } from './secret-form.ts';

const SECRET = 'pa"ss/wörd+1234 5678';

describe('a cleaner', () => {
  const cleaner = new Redactor().learn('run', [SECRET, 'short']);

  it.each([
    ['as it is', SECRET],
    ['in JSON', JSON.stringify({ a: SECRET })],
    ['in JSON in JSON', JSON.stringify(JSON.stringify({ a: SECRET }))],
    ['in an address', `https://x.example/?a=${encodeURIComponent(SECRET)}`],
    ['in an address in lower case', encodeURIComponent(SECRET).toLowerCase().replace('w%c3', 'w%c3')],
    ['in a form', new URLSearchParams({ a: SECRET }).toString()],
    ['in base64', Buffer.from(SECRET).toString('base64')],
    ['in base64 of more', Buffer.from(`u:${SECRET}`).toString('base64')],
    ['in base64 of still more', Buffer.from(`user:${SECRET}!`).toString('base64')],
    ['in base64url', Buffer.from(`?${SECRET}?`).toString('base64url')],
  ])('finds a secret %s', (_, text) => {
    const clean = cleaner.text(`before ${text} after`);
    expect(clean).toContain('[redacted]');
    expect(clean).toMatch(/^before .* after$/);
    for (const form of formsOf(SECRET)) expect(clean).not.toContain(form);
  });

  it('goes through values and their keys, and copies only where it must', () => {
    const value = { a: [1, { b: `x${SECRET}y` }], [SECRET]: true, same: { deep: ['short'] } };
    const clean = cleaner.value(value);
    expect(clean).toEqual({ a: [1, { b: 'x[redacted]y' }], '[redacted]': true, same: { deep: ['short'] } });
    expect(clean.same).toBe(value.same);
    expect(value.a[1]).toEqual({ b: `x${SECRET}y` });
    const harmless = { a: [1, null, 'text'] };
    expect(cleaner.value(harmless)).toBe(harmless);
  });

  it('leaves short values alone: they are parts of ordinary words', () => {
    expect(cleaner.text('a short text')).toBe('a short text');
  });
});

it('keeps runs apart, and knows everything for the log', () => {
  const redactor = new Redactor();
  expect(redactor.forRun('one')).toBe(null);
  redactor.learn('one', ['secret-one-1']);
  redactor.learn('one', ['secret-more-1']);
  redactor.learn('two', ['secret-two-2']);
  expect(redactor.forRun('three')).toBe(null);
  const all = 'secret-one-1 secret-more-1 secret-two-2';
  expect(redactor.forRun('one')?.text(all)).toBe('[redacted] [redacted] secret-two-2');
  expect(redactor.line(all)).toBe('[redacted] [redacted] [redacted]');
});

it('forgets the oldest runs instead of growing for ever', () => {
  const redactor = new Redactor();
  redactor.learn('first', ['first-secret']);
  for (let n = 0; n < 10_000; n += 1) redactor.learn(`run ${n}`, ['the same secret']);
  expect(redactor.forRun('first')).toBe(null);
  expect(redactor.forRun('run 9999')?.text('the same secret')).toBe('[redacted]');
});

it('finds the same among thousands', () => {
  const redactor = new Redactor();
  const secrets = Array.from({ length: 500 }, (_, n) => `secret number ${n} of many`);
  redactor.note(secrets);
  redactor.note(['secret number 7 of many and more']);
  const line = 'a secret number 7 of many and more, secret number 499 of many; secret number 5 of few';
  expect(redactor.line(line)).toBe('a [redacted], [redacted]; secret number 5 of few');
  expect(redactor.line(JSON.stringify({ url: encodeURIComponent('secret number 3 of many') }))).toBe(
    '{"url":"[redacted]"}',
  );
  expect(redactor.line('short')).toBe('short');
});
