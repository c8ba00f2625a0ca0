import { z } from 'zod';

const hasNul = (text: string): boolean => text.includes('\u0000');

/** Text the database can hold: no NUL, no lone surrogate. */
export const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine(
      (value) => !hasNul(value) && value.isWellFormed(),
      'Text must not hold NUL or broken characters.',
    );

/** A trimmed, non-empty name of at most `max` characters. */
export const name = (max = 200) => text(max).trim().min(1);
