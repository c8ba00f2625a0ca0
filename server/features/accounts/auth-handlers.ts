import type { Contract } from '#contract/contract.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { type HandlersOf, type RequestContext, signedIn } from '../handler.ts';
import { audit } from './audit.ts';
import { issueLoginKey, issueSession } from './credential.ts';
import type { HashQueue } from './hash-queue.ts';
import { SESSION_SECONDS } from './identity.ts';
import { verifyPassword } from './password.ts';
import { isSetUp, isSetupToken, Setup, setupToken, type Welcome } from './setup.ts';
import { Throttle } from './throttle.ts';

export interface AuthOptions {
  readonly db: Db;
  readonly hashing: HashQueue;
  readonly secretKey: string;
  readonly welcome: Welcome;
}

export function authHandlers({ db, hashing, secretKey, welcome }: AuthOptions): HandlersOf<Contract['auth']> {
  const setup = new Setup(db, welcome);
  const signIn = signInWith(db, hashing);
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
      if (!browser) return { key: await issueLoginKey(db, userId), requires_mfa: false };
      await openSession(db, context, userId);
      return { key: '', requires_mfa: false };
    },
    token: async (context, input) => {
      const userId = await signIn(context, input);
      return { key: await issueLoginKey(db, userId), requires_mfa: false };
    },
    openSession: async (context, input) => {
      await openSession(db, context, await signIn(context, input));
      return { requires_mfa: false };
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

async function openSession(db: Db, context: RequestContext, userId: number): Promise<void> {
  context.setSession(await issueSession(db, userId, context.userAgent), SESSION_SECONDS);
}

type Credentials = { readonly username: string; readonly password: string };

/** Checks a password. An unknown name, a wrong password and a disabled account are told apart by nothing, time included. */
function signInWith(db: Db, hashing: HashQueue) {
  const throttle = new Throttle(db);
  return (context: RequestContext, { username, password }: Credentials): Promise<number> =>
    hashing.run(async () => {
      await throttle.refuseLocked(username, context.address);
      const user = await db
        .selectFrom('users')
        .select(['id', 'password_hash', 'disabled_at'])
        .where((eb) => eb(eb.fn<string>('lower', ['username']), '=', username.toLowerCase()))
        .executeTakeFirst();
      const right = await verifyPassword(password, user?.password_hash ?? null);
      if (!user || !right || user.disabled_at !== null) {
        await throttle.failed(username, context.address);
        throw new AppError('unauthenticated', 'Invalid credentials.');
      }
      await throttle.succeeded(username);
      await audit(db, { action: 'sign_in', actorId: user.id, address: context.address });
      return user.id;
    });
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
