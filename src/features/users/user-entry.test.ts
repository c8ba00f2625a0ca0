import { describe, expect, it } from 'vitest';
import { faultsIn, faultsOf } from './user-entry.ts';

const entry = { username: 'ada', first_name: '', last_name: '', role: 'normal', password: '' } as const;

describe('faultsOf', () => {
  it('wants a password for a new account only', () => {
    expect(faultsOf(entry, true)).toHaveProperty('password');
    expect(faultsOf(entry, false)).toEqual({});
  });

  it('refuses a short one either way', () => {
    expect(faultsOf({ ...entry, password: 'short' }, false)).toHaveProperty('password');
  });

  it('wants a name', () => {
    expect(faultsOf({ ...entry, username: '  ', password: 'long enough' }, true)).toEqual({
      username: 'Choose a username.',
    });
  });
});

describe('faultsIn', () => {
  it('puts a refusal on its field', () => {
    expect(faultsIn({ status: 422, message: 'x', fields: { password: 'Too common.' } })).toEqual({
      password: 'Too common.',
    });
    expect(faultsIn({ status: 409, message: 'Username already exists.', fields: {} })).toEqual({
      username: 'Username already exists.',
    });
  });

  it('keeps what fits no field', () => {
    const message = 'Cannot demote the last admin user.';
    expect(faultsIn({ status: 409, message, fields: {} })).toEqual({ '': message });
    expect(faultsIn({ status: 422, message, fields: { shoe: 'x' } })).toEqual({ '': message });
  });
});
