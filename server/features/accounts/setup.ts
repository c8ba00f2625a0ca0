import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Transaction } from 'kysely';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';
import { audit } from './audit.ts';
import { hashPassword } from './password.ts';

/** What a new account starts with besides itself. Runs in the same transaction. */
export type Welcome = (
  trx: Transaction<Database>,
  owner: { readonly userId: number; readonly environmentId: number },
) => Promise<void>;

export interface NewUser {
  readonly username: string;
  readonly password: string;
  readonly address: string;
}

/**
 * The one-time token somebody on another machine needs for the first set-up. Derived from the installation's secret,
 * so every process of one installation expects the same; the set-up itself happens only once.
 */
export function setupToken(secretKey: string): string {
  return createHmac('sha256', secretKey).update('pipewright setup token').digest('base64url').slice(0, 32);
}

export function isSetupToken(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

export async function isSetUp(db: Db): Promise<boolean> {
  return (await db.selectFrom('setup').select('only_row').executeTakeFirst()) !== undefined;
}

const done = (): AppError => new AppError('conflict', 'Setup already completed.');

/**
 * Makes the first administrator. Of any number of callers, in any number of processes, exactly one succeeds.
 * @throws AppError `conflict` for all others.
 */
export class Setup {
  readonly #db: Db;
  readonly #welcomes: readonly Welcome[];
  /** One after the other within this process, so that the losers need no password hash. */
  #last: Promise<unknown> = Promise.resolve();

  /** `welcomes`: what the first account starts with. */
  constructor(db: Db, welcomes: readonly Welcome[]) {
    this.#db = db;
    this.#welcomes = welcomes;
  }

  run(user: NewUser): Promise<{ userId: number; environmentId: number }> {
    const mine = this.#last.then(() => this.#claim(user));
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  async #claim({ username, password, address }: NewUser) {
    if (await isSetUp(this.#db)) throw done();
    const password_hash = await hashPassword(password);
    return this.#db.transaction().execute(async (trx) => {
      const won = await trx
        .insertInto('setup')
        .defaultValues()
        .onConflict((conflict) => conflict.doNothing())
        .returning('only_row')
        .executeTakeFirst();
      if (!won) throw done();
      const owner = await createAccount(trx, { username, password_hash, role: 'admin' }, this.#welcomes);
      await audit(trx, {
        action: 'setup',
        actorId: owner.userId,
        environmentId: owner.environmentId,
        address,
      });
      return owner;
    });
  }
}

interface Account {
  readonly username: string;
  readonly password_hash: string;
  readonly role: 'admin' | 'normal';
  readonly first_name?: string;
  readonly last_name?: string;
}

/** A user with a workspace and an environment of their own, and whatever `welcomes` put into it. */
export async function createAccount(
  trx: Transaction<Database>,
  account: Account,
  welcomes: readonly Welcome[] = [],
) {
  const user = await trx.insertInto('users').values(account).returning('id').executeTakeFirstOrThrow();
  const workspace = await trx
    .insertInto('workspaces')
    .values({ name: account.username })
    .returning('id')
    .executeTakeFirstOrThrow();
  const environment = await trx
    .insertInto('environments')
    .values({ workspace_id: workspace.id, name: 'default' })
    .returning('id')
    .executeTakeFirstOrThrow();
  await trx
    .insertInto('memberships')
    .values({ environment_id: environment.id, user_id: user.id, role: 'owner' })
    .execute();
  const owner = { userId: user.id, environmentId: environment.id };
  for (const welcome of welcomes) await welcome(trx, owner);
  return owner;
}
