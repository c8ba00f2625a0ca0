import { describe, expect, it } from 'vitest';
import { passwordStrength } from './password-strength.ts';

describe('passwordStrength', () => {
  it('counts down to the minimum length', () => {
    expect(passwordStrength('abcde12')).toEqual({ score: 1, label: '1 more character' });
    expect(passwordStrength('ab')).toEqual({ score: 1, label: '6 more characters' });
  });

  it('is not fooled by well-known or repeated characters', () => {
    expect(passwordStrength('password123').score).toBe(1);
    expect(passwordStrength('aaaaaaaaaaaaaaaaaaaaaaaa').score).toBe(1);
  });

  it('rewards length', () => {
    expect(passwordStrength('correct horse battery').score).toBe(4);
    expect(passwordStrength('tramline').score).toBe(2);
  });

  it('says nothing about nothing', () => {
    expect(passwordStrength('').score).toBe(0);
  });
});
