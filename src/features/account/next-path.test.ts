import { describe, expect, it } from 'vitest';
import { loginPath, nextPath } from './next-path.ts';

describe('nextPath', () => {
  it('keeps a page of ours with its query', () => {
    expect(nextPath('/executions?status=failed')).toBe('/executions?status=failed');
  });

  it.each([null, '', 'https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])(
    'refuses %s',
    (next) => {
      expect(nextPath(next)).toBe('/workflows');
    },
  );

  it('does not lead back to signing in', () => {
    expect(nextPath('/login?next=/x')).toBe('/workflows');
  });
});

describe('loginPath', () => {
  it('carries the way back', () => {
    expect(loginPath('/workflows/a?node=b')).toBe('/login?next=%2Fworkflows%2Fa%3Fnode%3Db');
  });

  it('is short for the start page', () => {
    expect(loginPath('/workflows')).toBe('/login');
  });
});
