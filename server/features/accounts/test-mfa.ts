import { generateSync } from 'otplib';
import { Caller, type TestServer } from '#server/http/test-server.ts';
import { issueLoginKey } from './credential.ts';
import { hashPassword } from './password.ts';
import { createAccount } from './setup.ts';

const STEP_MS = 30_000;
/** Long enough for what a test does with codes of one step. */
const ROOM_MS = 8000;

/** The code of the current 30 seconds, or of `steps` later. */
export const codeOf = (secret: string, steps = 0): string =>
  generateSync({ secret, epoch: Math.floor((Date.now() + steps * STEP_MS) / 1000) });

/** A code that is none of those accepted now or soon. */
export function wrongCode(secret: string): string {
  const right = new Set([-2, -1, 0, 1, 2, 3].map((steps) => codeOf(secret, steps)));
  for (let code = 0; ; code += 1) {
    const text = String(code).padStart(6, '0');
    if (!right.has(text)) return text;
  }
}

/** Returns when the current step has some time left, so that it does not change in the middle of a test. */
export async function earlyInStep(): Promise<void> {
  while (STEP_MS - (Date.now() % STEP_MS) < ROOM_MS) await new Promise((resolve) => setTimeout(resolve, 100));
}

export const PASSWORD = 'correct horse battery';

/** Somebody with the password `PASSWORD`, signed in with a login key. */
export interface Person {
  readonly id: number;
  readonly username: string;
  readonly caller: Caller;
}

let hash: Promise<string> | undefined;

export async function addPerson(
  { connection, base }: TestServer,
  username: string,
  role: 'admin' | 'normal' = 'normal',
): Promise<Person> {
  hash ??= hashPassword(PASSWORD);
  const password_hash = await hash;
  const { userId } = await connection.db
    .transaction()
    .execute((trx) => createAccount(trx, { username, password_hash, role }));
  return { id: userId, username, caller: new Caller(base, await issueLoginKey(connection.db, userId)) };
}

export interface Enrolled extends Person {
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

/** Turns MFA on the way a client does. */
export async function enrol(person: Person): Promise<Enrolled> {
  const { secret } = await person.caller.ok<{ secret: string }>('mfa.setup');
  const { recovery_codes } = await person.caller.ok<{ recovery_codes: string[] }>('mfa.verify', {
    code: codeOf(secret),
  });
  return { ...person, secret, recoveryCodes: recovery_codes };
}

/** The password step of signing in. */
export const passwordStep = ({ nobody }: TestServer, username: string, password = PASSWORD) =>
  nobody.call('auth.token', { username, password });
