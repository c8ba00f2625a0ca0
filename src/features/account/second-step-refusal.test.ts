import { describe, expect, it } from 'vitest';
import { readRefusal } from './second-step-refusal.ts';

const refused = (detail: string, status: number | null = 401) => ({ status, detail, message: detail });

describe('readRefusal', () => {
  it('says that each code works once', () => {
    const read = readRefusal(refused('Invalid TOTP code.'), { way: 'app', failures: 1 });
    expect(read.message).toContain('each works once');
    expect(read.startOver).toBeUndefined();
  });

  it('speaks of the lock after several tries', () => {
    expect(readRefusal(refused('Invalid TOTP code.'), { way: 'app', failures: 3 }).message).toContain(
      '15 minutes',
    );
  });

  it('asks for the password again when the first step no longer counts', () => {
    expect(readRefusal(refused('Invalid credentials.'), { way: 'app', failures: 1 }).startOver).toBe(true);
  });

  it('tells a spent recovery code from a spent app code', () => {
    expect(readRefusal(refused('Invalid TOTP code.'), { way: 'recovery', failures: 1 }).message).toContain(
      'recovery code',
    );
  });

  it('passes on what has nothing to do with the code', () => {
    expect(readRefusal(refused('The server cannot be reached.', null), { way: 'app', failures: 9 })).toEqual({
      message: 'The server cannot be reached.',
      general: true,
    });
  });
});
