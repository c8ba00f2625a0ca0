export const MIN_PASSWORD = 8;

export interface Strength {
  /** 0 (empty) to 4 (strong). */
  readonly score: 0 | 1 | 2 | 3 | 4;
  readonly label: string;
}

const COMMON = /^(?:password|passw0rd|qwerty|letmein|admin|welcome|iloveyou|pipewright|abc123|123456)\d*!?$/i;

/** A rough guess that rewards length before variety. It guides; the server decides. */
export function passwordStrength(password: string): Strength {
  if (password === '') return { score: 0, label: '' };
  const missing = MIN_PASSWORD - [...password].length;
  if (missing > 0)
    return { score: 1, label: `${missing} more ${missing === 1 ? 'character' : 'characters'}` };
  if (COMMON.test(password) || new Set(password).size < 4) return { score: 1, label: 'Easy to guess' };
  const points = password.length + 2 * kindsOf(password);
  if (points >= 22) return { score: 4, label: 'Strong' };
  if (points >= 16) return { score: 3, label: 'Good' };
  return { score: 2, label: 'Fair' };
}

const kindsOf = (password: string): number =>
  [/\p{Ll}/u, /\p{Lu}/u, /\d/u, /[^\p{L}\d]/u].filter((kind) => kind.test(password)).length;
