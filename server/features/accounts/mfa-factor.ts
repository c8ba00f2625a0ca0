import { sql, type Transaction } from 'kysely';
import type { Database } from '#server/db/schema.ts';
import type { Sealer, SealPlace } from '#server/sealing/sealer.ts';
import { closeGrants } from './login-grant.ts';
import {
  countFailure,
  forgetAttempts,
  forgetFailures,
  lockAttempts,
  type Purpose,
  spendStep,
} from './mfa-attempt.ts';
import { renewRecoveryCodes, spendRecoveryCode } from './recovery-code.ts';
import { matchedStep, newTotpSecret } from './totp.ts';

type Trx = Transaction<Database>;

const PENDING_SECONDS = 15 * 60;

/** What somebody shows as their second factor: a code of the app, or one of the recovery codes. */
export type Proof =
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'recovery'; readonly code: string };

/** `spent`: right, but not for the first time. Refused like a wrong one, but it is no guess and counts as no failure. */
type Verdict = 'right' | 'wrong' | 'spent';

/** Where a user's TOTP secret is sealed; the same while it is pending and when it is in use. */
export const mfaSecretPlace = (userId: number): SealPlace => ({
  tenant: String(userId),
  row: String(userId),
  field: 'mfa_secrets.sealed',
});

/**
 * A user's second factor. Every method runs in a transaction whose first statement on the user's MFA was
 * `lockAttempts`, except those that take it themselves (`prove`, `confirm`).
 */
export class MfaFactor {
  readonly #sealer: Sealer;
  constructor(sealer: Sealer) {
    this.#sealer = sealer;
  }

  /** Keeps a new secret, instead of one that was never confirmed. @returns it in Base32. */
  async begin(trx: Trx, userId: number): Promise<string> {
    const secret = newTotpSecret();
    const { sealed, keyId } = this.#sealer.seal(secret, mfaSecretPlace(userId));
    await trx
      .insertInto('mfa_secrets')
      .values({ user_id: userId, state: 'pending', sealed, key_id: keyId })
      .onConflict((conflict) =>
        conflict.columns(['user_id', 'state']).doUpdateSet({ sealed, key_id: keyId, created_at: sql`now()` }),
      )
      .execute();
    return secret;
  }

  /** The secret that waits to be confirmed, unless it has waited too long. */
  pending(trx: Trx, userId: number): Promise<string | null> {
    return this.#secret(trx, userId, 'pending');
  }

  /**
   * Turns MFA on with a first code of the pending secret.
   * @returns the recovery codes; null when the code is refused.
   */
  async confirm(trx: Trx, userId: number, { secret, code }: { secret: string; code: string }) {
    const step = matchedStep(secret, code);
    const right = await this.#judge(trx, userId, async () => (step === null ? 'wrong' : 'right'));
    if (!right) return null;
    const secrets = trx.updateTable('mfa_secrets').set({ state: 'active' }).where('user_id', '=', userId);
    await secrets.where('state', '=', 'pending').execute();
    await trx.updateTable('users').set({ mfa_enabled: true }).where('id', '=', userId).execute();
    await forgetAttempts(trx, userId);
    return renewRecoveryCodes(trx, userId, secret);
  }

  /** Whether the proof is right, is used for the first time, and is not one of too many. */
  async prove(trx: Trx, userId: number, purpose: Purpose, proof: Proof): Promise<boolean> {
    return this.#judge(trx, userId, async () => {
      const secret = await this.#secret(trx, userId, 'active');
      if (secret === null) return 'wrong';
      if (proof.kind === 'recovery') {
        const spent = await spendRecoveryCode(trx, userId, { code: proof.code, totpSecret: secret });
        return spent ? 'right' : 'wrong';
      }
      const step = matchedStep(secret, proof.code);
      if (step === null) return 'wrong';
      return (await spendStep(trx, userId, purpose, step)) ? 'right' : 'spent';
    });
  }

  async renewRecoveryCodes(trx: Trx, userId: number): Promise<string[]> {
    const secret = await this.#secret(trx, userId, 'active');
    return secret === null ? [] : renewRecoveryCodes(trx, userId, secret);
  }

  async #judge(trx: Trx, userId: number, check: () => Promise<Verdict>): Promise<boolean> {
    const standing = await lockAttempts(trx, userId);
    if (standing === 'locked') return false;
    const verdict = standing === 'open' ? await check() : 'wrong';
    if (verdict === 'right') await forgetFailures(trx, userId);
    if (verdict === 'wrong') await countFailure(trx, userId);
    return verdict === 'right';
  }

  async #secret(trx: Trx, userId: number, state: 'pending' | 'active'): Promise<string | null> {
    const row = await trx
      .selectFrom('mfa_secrets')
      .select(['sealed', 'key_id'])
      .where('user_id', '=', userId)
      .where('state', '=', state)
      .$if(state === 'pending', (query) =>
        query.where('created_at', '>', sql<Date>`now() - make_interval(secs => ${PENDING_SECONDS})`),
      )
      .executeTakeFirst();
    if (!row) return null;
    return this.#sealer.open({ sealed: row.sealed, keyId: row.key_id }, mfaSecretPlace(userId));
  }
}

/** Turns MFA off and wipes everything kept for it. Takes the user's lock. */
export async function removeMfa(trx: Trx, userId: number): Promise<void> {
  await lockAttempts(trx, userId);
  await trx.updateTable('users').set({ mfa_enabled: false }).where('id', '=', userId).execute();
  await trx.deleteFrom('mfa_secrets').where('user_id', '=', userId).execute();
  await trx.deleteFrom('mfa_recovery_codes').where('user_id', '=', userId).execute();
  await closeGrants(trx, userId);
  await forgetAttempts(trx, userId);
}
