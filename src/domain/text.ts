import { z } from 'zod';

/** Whether the database can hold a text: it knows neither NUL nor half a pair of surrogates. */
export const isStorable = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();

/** A text without what the database cannot hold. */
export const storable = (text: string): string => text.replaceAll('\u0000', '').toWellFormed();

/** Text the database can hold: no NUL, no lone surrogate. */
export const text = (max: number) =>
  z.string().max(max).refine(isStorable, 'Text must not hold NUL or broken characters.');

/** A trimmed, non-empty name of at most `max` characters. */
export const name = (max = 200) => text(max).trim().min(1);
