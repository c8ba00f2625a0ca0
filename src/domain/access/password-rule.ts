import { text } from '../text.ts';

export const MIN_PASSWORD = 8;
export const MAX_PASSWORD = 256;

/** Characters as people count them: code points of the normal form that is hashed. */
const lengthOf = (password: string): number => [...password.normalize('NFKC')].length;

/** A password somebody chooses: long enough; whether it is a common one is for the server to say. */
export const newPassword = text(MAX_PASSWORD * 2)
  .min(MIN_PASSWORD)
  .refine(
    (password) => lengthOf(password) >= MIN_PASSWORD && lengthOf(password) <= MAX_PASSWORD,
    `A password has ${MIN_PASSWORD} to ${MAX_PASSWORD} characters.`,
  )
  .meta({ maxLength: MAX_PASSWORD });
