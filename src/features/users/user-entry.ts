import { MIN_PASSWORD } from '#ui/password-strength.ts';
import type { User } from './user.ts';

/** What the forms for a user hold. */
export interface UserEntry {
  readonly username: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly role: User['role'];
  /** Empty: stays as it is. */
  readonly password: string;
}

export type Faults = Partial<Record<keyof UserEntry | '', string>>;

/** What a form refuses before it is sent. `passwordRequired`: for new accounts. */
export function faultsOf(entry: UserEntry, passwordRequired: boolean): Faults {
  const faults: Faults = {};
  if (entry.username.trim() === '') faults.username = 'Choose a username.';
  const short = [...entry.password].length < MIN_PASSWORD;
  if (short && (passwordRequired || entry.password !== '')) {
    faults.password = `Use at least ${MIN_PASSWORD} characters.`;
  }
  return faults;
}

const FIELDS: readonly string[] = ['username', 'first_name', 'last_name', 'role', 'password'];

/** The server's refusal, on the fields it is about; what fits none is under the empty name. */
export function faultsIn(problem: {
  readonly status: number | null;
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
}): Faults {
  const known = Object.entries(problem.fields).filter(([field]) => FIELDS.includes(field));
  if (known.length > 0) return Object.fromEntries(known);
  if (problem.status === 409 && problem.message.startsWith('Username')) return { username: problem.message };
  return { '': problem.message };
}
