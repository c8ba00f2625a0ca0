import type { Contract } from '#contract/contract.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import type { Sealer } from '#server/sealing/sealer.ts';
import { type HandlersOf, type RequestContext, signedIn } from '../handler.ts';
import { audit, auditFailure } from './audit.ts';
import { issueLoginKey } from './credential.ts';
import { requireFreshPassword } from './fresh-password.ts';
import { lockAttempts } from './mfa-attempt.ts';
import { MfaFactor, removeMfa } from './mfa-factor.ts';
import { codeOnly, type GivenProof, proofOf } from './mfa-proof.ts';
import { codeStepWith } from './mfa-sign-in.ts';
import { openSession } from './open-session.ts';
import { endSessions } from './session-end.ts';
import type { PasswordStep } from './sign-in.ts';
import { provisioningUri } from './totp.ts';

export interface MfaOptions {
  readonly db: Db;
  readonly sealer: Sealer;
  readonly passwords: PasswordStep;
  /** No proxy may speak for others, so a loopback peer is on this machine. */
  readonly loopbackReset: boolean;
}

const alreadyOn = (): AppError => new AppError('bad_request', 'MFA is already enabled.');
const isOff = (): AppError => new AppError('bad_request', 'MFA is not enabled.');
const wrongCode = (): AppError => new AppError('bad_request', 'Invalid TOTP code.');

export function mfaHandlers(options: MfaOptions): HandlersOf<Contract['mfa']> {
  const { db, sealer } = options;
  const factor = new MfaFactor(sealer);
  const codeStep = codeStepWith(db, factor);
  return {
    status: (context) => status(db, signedIn(context).userId),
    setup: (context, { password }) => begin(options, factor, { context, password }),
    verify: (context, { code }) => confirm(db, factor, { context, code }),
    disable: (context, given) => disable(options, factor, { context, given }),
    renewRecoveryCodes: (context, given) => renew(options, factor, { context, given }),
    reset: async (context) => {
      if (!options.loopbackReset || !context.local) {
        throw new AppError('forbidden', 'MFA reset only allowed from localhost.');
      }
      const { userId, credential } = signedIn(context);
      await db.transaction().execute(async (trx) => {
        await removeMfa(trx, userId);
        await endSessions(trx, userId, credential);
        await audit(trx, { action: 'mfa_reset', actorId: userId, address: context.address });
      });
      return { mfa_enabled: false };
    },
    loginVerify: async (context, given) => {
      const key = await codeStep(context, given, (trx, userId) =>
        issueLoginKey(trx, userId, context.userAgent),
      );
      return { key, requires_mfa: false };
    },
    openSession: async (context, given) => {
      await openSession(context, (issue) => codeStep(context, given, issue));
      return { requires_mfa: false };
    },
  };
}

async function status(db: Db, userId: number) {
  const row = await db
    .selectFrom('users')
    .select((eb) => [
      'mfa_enabled',
      eb
        .selectFrom('mfa_recovery_codes')
        .select((codes) => codes.fn.countAll<string>().as('count'))
        .whereRef('user_id', '=', 'users.id')
        .as('left'),
    ])
    .where('id', '=', userId)
    .executeTakeFirstOrThrow();
  return { mfa_enabled: row.mfa_enabled, recovery_codes_left: Number(row.left ?? 0) };
}

interface Asked {
  readonly context: RequestContext;
}

async function begin(
  options: MfaOptions,
  factor: MfaFactor,
  { context, password }: Asked & { readonly password: string | undefined },
) {
  const { userId, username } = signedIn(context);
  await requireFreshPassword(options, context, password);
  const secret = await options.db.transaction().execute(async (trx) => {
    await lockAttempts(trx, userId);
    if (await isOn(trx, userId)) throw alreadyOn();
    await audit(trx, { action: 'mfa_started', actorId: userId, address: context.address });
    return factor.begin(trx, userId);
  });
  return { secret, provisioning_uri: provisioningUri(username, secret) };
}

async function confirm(db: Db, factor: MfaFactor, { context, code }: Asked & { readonly code: string }) {
  const { userId, username, credential } = signedIn(context);
  const recovery_codes = await db.transaction().execute(async (trx) => {
    await lockAttempts(trx, userId);
    if (await isOn(trx, userId)) throw alreadyOn();
    const secret = await factor.pending(trx, userId);
    if (secret === null) throw new AppError('bad_request', 'Call /mfa/setup/ first.');
    const codes = await factor.confirm(trx, userId, { secret, code });
    if (codes === null) {
      await auditFailure(trx, 'mfa_failed', { username, address: context.address });
      return null;
    }
    await endSessions(trx, userId, credential);
    await audit(trx, { action: 'mfa_enabled', actorId: userId, address: context.address });
    return codes;
  });
  // Thrown out here, because the transaction has to keep the count of failures.
  if (recovery_codes === null) throw wrongCode();
  return { mfa_enabled: true, recovery_codes };
}

async function disable(
  options: MfaOptions,
  factor: MfaFactor,
  { context, given }: Asked & { readonly given: GivenProof & { readonly password?: string | undefined } },
) {
  const proof = proofOf(given);
  const { userId, username, credential } = signedIn(context);
  const { address } = context;
  await requireFreshPassword(options, context, given.password);
  const done = await options.db.transaction().execute(async (trx) => {
    await lockAttempts(trx, userId);
    if (!(await isOn(trx, userId))) throw isOff();
    if (!(await factor.prove(trx, userId, 'disable', proof))) {
      await auditFailure(trx, 'mfa_failed', { username, address });
      return false;
    }
    await removeMfa(trx, userId);
    await endSessions(trx, userId, credential);
    if (proof.kind === 'recovery')
      await audit(trx, { action: 'recovery_code_used', actorId: userId, address });
    await audit(trx, { action: 'mfa_disabled', actorId: userId, address });
    return true;
  });
  if (!done) throw wrongCode();
  return { mfa_enabled: false };
}

async function renew(
  options: MfaOptions,
  factor: MfaFactor,
  {
    context,
    given,
  }: Asked & { readonly given: { readonly code: string; readonly password?: string | undefined } },
) {
  const { userId, username } = signedIn(context);
  const { address } = context;
  await requireFreshPassword(options, context, given.password);
  const recovery_codes = await options.db.transaction().execute(async (trx) => {
    await lockAttempts(trx, userId);
    if (!(await isOn(trx, userId))) throw isOff();
    if (!(await factor.prove(trx, userId, 'renew', codeOnly(given.code)))) {
      await auditFailure(trx, 'mfa_failed', { username, address });
      return null;
    }
    await audit(trx, { action: 'recovery_codes_renewed', actorId: userId, address });
    return factor.renewRecoveryCodes(trx, userId);
  });
  if (recovery_codes === null) throw wrongCode();
  return { recovery_codes };
}

async function isOn(db: Db, userId: number): Promise<boolean> {
  const user = await db.selectFrom('users').select('mfa_enabled').where('id', '=', userId).executeTakeFirst();
  return user?.mfa_enabled ?? false;
}
