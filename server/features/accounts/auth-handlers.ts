import type { Contract } from '#contract/contract.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { type HandlersOf, type RequestContext, signedIn } from '../handler.ts';
import { audit } from './audit.ts';
import { issueLoginKey } from './credential.ts';
import { openSession } from './open-session.ts';
import { isSetUp, isSetupToken, Setup, setupToken, type Welcome } from './setup.ts';
import type { PasswordStep } from './sign-in.ts';

export interface AuthOptions {
  readonly db: Db;
  readonly passwords: PasswordStep;
  readonly secretKey: string;
  /** What the first account starts with. */
  readonly welcomes: readonly Welcome[];
}

export function authHandlers(options: AuthOptions): HandlersOf<Contract['auth']> {
  const { db, passwords, secretKey, welcomes } = options;
  const setup = new Setup(db, welcomes);
  const expected = setupToken(secretKey);
  return {
    setupStatus: async (context) => {
      const needed = !(await isSetUp(db));
      return { needs_setup: needed, setup_token_required: needed && !context.local };
    },
    setup: async (context, { username, password, setup_token, browser }) => {
      if (await isSetUp(db)) throw new AppError('conflict', 'Setup already completed.');
      if (!context.local && !isSetupToken(setup_token ?? '', expected)) {
        throw new AppError(
          'forbidden',
          'From another machine the set-up needs the setup token, which is printed in the server log.',
        );
      }
      const { userId } = await setup.run({ username, password, address: context.address });
      if (!browser) return { key: await issueLoginKey(db, userId, context.userAgent), requires_mfa: false };
      await openSession(context, (issue) => db.transaction().execute((trx) => issue(trx, userId)));
      return { key: '', requires_mfa: false };
    },
    token: async (context, input) => {
      const key = await passwords.take(context, input, (trx, userId) =>
        issueLoginKey(trx, userId, context.userAgent),
      );
      return { key: key ?? '', requires_mfa: key === null };
    },
    openSession: async (context, input) => {
      const open = await openSession(context, (issue) => passwords.take(context, input, issue));
      return { requires_mfa: !open };
    },
    me: async (context) => {
      const { userId, username, role } = signedIn(context);
      const user = await db
        .selectFrom('users')
        .select('mfa_enabled')
        .where('id', '=', userId)
        .executeTakeFirst();
      return { id: userId, username, role, mfa_enabled: user?.mfa_enabled ?? false };
    },
    logout: (context) => logOut(db, context),
  };
}

async function logOut(db: Db, context: RequestContext): Promise<void> {
  const { credential, userId } = signedIn(context);
  if (credential.kind === 'session') {
    await db.deleteFrom('sessions').where('id', '=', credential.id).execute();
    context.setSession(null, 0);
  } else {
    await db
      .updateTable('api_keys')
      .set({ is_active: false })
      .where('id', '=', credential.id)
      .where('kind', '=', 'session')
      .execute();
  }
  await audit(db, { action: 'sign_out', actorId: userId, address: context.address });
}
