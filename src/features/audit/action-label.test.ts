import { describe, expect, it } from 'vitest';
import { actionLabel, actionTone } from './action-label.ts';

describe('actionLabel', () => {
  it('says an action in words', () => {
    expect(actionLabel('sign_in_failed')).toBe('Sign in failed');
    expect(actionLabel('mfa_enabled')).toBe('MFA enabled');
  });

  it('takes an action it has never heard of', () => {
    expect(actionLabel('something_new')).toBe('Something new');
  });
});

describe('actionTone', () => {
  it('points at refusals and at what was taken away', () => {
    expect(actionTone('sign_in_failed')).toBe('danger');
    expect(actionTone('key_revoked')).toBe('warning');
    expect(actionTone('sign_in')).toBe('neutral');
  });
});
