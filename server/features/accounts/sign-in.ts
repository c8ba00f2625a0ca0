import { sql, type Transaction } from 'kysely';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';
import type { RequestContext } from '../handler.ts';
import { audit, auditFailure } from './audit.ts';
import type { HashQueue } from './hash-queue.ts';
import { openGrant } from './login-grant.ts';
import { verifyPassword } from './password.ts';
import { Throttle } from './throttle.ts';

type Trx = Transaction<Database>;

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Hands somebody who is let in what lets them in from now on. */
export type Issue<T> = (trx: Trx, userId: number) => Promise<T>;

const invalid = (): AppError => new AppError('unauthenticated', 'Invalid credentials.');

/** The step of signing in that every way of doing so begins with. */
export class PasswordStep {
  readonly #db: Db;
  readonly #hashing: HashQueue;
  readonly #throttle: Throttle;
  constructor(db: Db, hashing: HashQueue) {
    this.#db = db;
    this.#hashing = hashing;
    this.#throttle = new Throttle(db);
  }

  /**
   * Checks a password. An unknown name, a wrong password and a disabled account are told apart by nothing, time
   * included.
   * @returns what `issue` hands out; null when the code of the second factor is to come first.
   * @throws AppError `unauthenticated`; `too_many` while locked; `unavailable` when too many wait.
   */
  async take<T>(context: RequestContext, given: Credentials, issue: Issue<T>): Promise<T | null> {
    const user = await this.#hashing.run(() => this.#check(context, given));
    return this.#db.transaction().execute(async (trx) => {
      // Held until the end, so that what is handed out here is seen by whoever changes the password meanwhile.
      const current = await trx
        .selectFrom('users')
        .select('mfa_enabled')
        .where('id', '=', user.id)
        .where('password_hash', '=', user.passwordHash)
        .where('disabled_at', 'is', null)
        .forShare()
        .executeTakeFirst();
      if (!current) throw invalid();
      if (current.mfa_enabled) {
        await openGrant(trx, user.id, context.address);
        return null;
      }
      await audit(trx, { action: 'sign_in', actorId: user.id, address: context.address });
      return issue(trx, user.id);
    });
  }

  /**
   * Whether somebody who is signed in already knows their password; throttled like signing in.
   * @throws AppError `too_many` while locked
   */
  async confirm(context: RequestContext, given: Credentials): Promise<boolean> {
    try {
      await this.#hashing.run(() => this.#check(context, given));
      return true;
    } catch (error) {
      if (error instanceof AppError && error.code === 'unauthenticated') return false;
      throw error;
    }
  }

  async #check(context: RequestContext, { username, password }: Credentials) {
    await this.#throttle.refuseLocked(username, context.address);
    const user = await this.#db
      .selectFrom('users')
      .select(['id', 'username', 'password_hash', 'disabled_at'])
      .where(sql<string>`lower(username)`, '=', sql<string>`lower(${username})`)
      .executeTakeFirst();
    const passwordHash = user?.password_hash ?? null;
    const right = await verifyPassword(password, passwordHash);
    if (!user || passwordHash === null || !right || user.disabled_at !== null) {
      await this.#throttle.failed(username, context.address);
      await auditFailure(this.#db, 'sign_in_failed', { username: user?.username, address: context.address });
      throw invalid();
    }
    await this.#throttle.succeeded(username);
    return { id: user.id, passwordHash };
  }
}
