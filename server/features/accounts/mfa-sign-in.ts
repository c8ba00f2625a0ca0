import type { Transaction } from 'kysely';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';
import type { RequestContext } from '../handler.ts';
import { audit, auditFailure } from './audit.ts';
import { closeGrant, grantHolder, takeTry } from './login-grant.ts';
import { lockAttempts } from './mfa-attempt.ts';
import type { MfaFactor, Proof } from './mfa-factor.ts';
import { type GivenProof, proofOf } from './mfa-proof.ts';
import type { Issue } from './sign-in.ts';

type Trx = Transaction<Database>;

type Outcome<T> = { readonly issued: T } | 'noGrant' | 'wrongCode';

/**
 * The second step of signing in: a code, after the right password came from the same address.
 * @returns what `issue` hands out.
 * @throws AppError `unauthenticated`: `Invalid credentials.` where no password came first, else `Invalid TOTP code.`
 */
export function codeStepWith(db: Db, factor: MfaFactor) {
  return async <T>(
    context: RequestContext,
    given: GivenProof & { readonly username: string },
    issue: Issue<T>,
  ): Promise<T> => {
    const proof = proofOf(given);
    // Refusals are not thrown in there, because the transaction has to keep the count of tries.
    const outcome = await db
      .transaction()
      .execute((trx) =>
        takeStep(trx, factor, { username: given.username, proof, address: context.address, issue }),
      );
    if (outcome === 'noGrant') throw new AppError('unauthenticated', 'Invalid credentials.');
    if (outcome === 'wrongCode') throw new AppError('unauthenticated', 'Invalid TOTP code.');
    return outcome.issued;
  };
}

interface Step<T> {
  readonly username: string;
  readonly proof: Proof;
  readonly address: string;
  readonly issue: Issue<T>;
}

async function takeStep<T>(trx: Trx, factor: MfaFactor, step: Step<T>): Promise<Outcome<T>> {
  const { proof, address } = step;
  const user = await grantHolder(trx, step);
  if (!user) return 'noGrant';
  await lockAttempts(trx, user.id);
  if (!(await takeTry(trx, user.id, address))) return 'noGrant';
  if (!(await factor.prove(trx, user.id, 'login', proof))) {
    await auditFailure(trx, 'mfa_failed', { username: user.username, address });
    return 'wrongCode';
  }
  await closeGrant(trx, user.id, address);
  if (proof.kind === 'recovery')
    await audit(trx, { action: 'recovery_code_used', actorId: user.id, address });
  await audit(trx, { action: 'sign_in', actorId: user.id, address });
  return { issued: await step.issue(trx, user.id) };
}
