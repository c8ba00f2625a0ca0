import { describe, expect, it } from 'vitest';
import { hostPattern, isBound, isBoundTo } from './host.ts';

describe('a host pattern', () => {
  it.each([
    ['Example.COM', 'example.com'],
    [' example.com:8443 ', 'example.com:8443'],
    ['*.example.com', '*.example.com'],
    ['https://Example.com:444/path?x=1', 'example.com:444'],
    ['https://example.com/', 'example.com'],
    ['127.0.0.1:80', '127.0.0.1:80'],
    ['[::1]:8080', '[::1]:8080'],
    ['[2001:db8::1]', '[2001:db8::1]'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['my_host', 'my_host'],
  ])('%j is %j', (text, pattern) => expect(hostPattern(text)).toBe(pattern));

  it.each([
    '',
    '*',
    '*.',
    'a b',
    'example.com:0',
    'example.com:99999',
    'a*.example.com',
    'user@example.com',
    '://',
    'a/b',
    '::1',
  ])('refuses %j', (text) => expect(hostPattern(text)).toBe(null));
});

describe('binding', () => {
  it.each([
    ['example.com', 'https://example.com/x', true],
    ['example.com', 'http://EXAMPLE.com./', true],
    ['example.com', 'https://example.com:8443/', false],
    ['example.com:8443', 'https://example.com:8443/', true],
    ['example.com:443', 'https://example.com/', true],
    ['example.com:443', 'http://example.com/', false],
    ['example.com', 'https://example.com.evil.net/', false],
    ['example.com', 'https://notexample.com/', false],
    ['example.com', 'https://sub.example.com/', false],
    ['*.example.com', 'https://sub.example.com/', true],
    ['*.example.com', 'https://a.b.example.com/', true],
    ['*.example.com', 'https://example.com/', false],
    ['*.example.com', 'https://evilexample.com/', false],
    ['[::1]:8080', 'http://[::1]:8080/', true],
    ['example.com', 'https://example.com@evil.net/', false],
  ])('%s and %s: %s', (pattern, url, bound) => expect(isBound([pattern], new URL(url))).toBe(bound));

  it('to nothing permits nothing', () => expect(isBound([], new URL('https://example.com'))).toBe(false));

  it('of what is no HTTP takes every port unless one is named', () => {
    expect(isBoundTo(['mail.example.com'], 'Mail.Example.com', 587)).toBe(true);
    expect(isBoundTo(['mail.example.com:25'], 'mail.example.com', 587)).toBe(false);
    expect(isBoundTo(['[::1]'], '[::1]', 25)).toBe(true);
  });
});
