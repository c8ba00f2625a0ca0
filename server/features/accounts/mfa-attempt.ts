import { sql, type Transaction } from 'kysely';
import type { Database } from '#server/db/schema.ts';

const FAILURES_TO_LOCK = 10;
const LOCK_SECONDS = 15 * 60;
const RECENT_FAILURES = 5;
const RECENT_SECONDS = 60;

/** What a code is for. A time step is spent once for each, so that the code of the enrolment may sign in as well. */
export type Purpose = 'login' | 'disable' | 'renew';

type Trx = Transaction<Database>;

/** `locked`: nothing counts, not even failures. `tooFast`: nothing is right, and it counts as a failure. */
export type Standing = 'open' | 'tooFast' | 'locked';

const recent = sql<boolean>`window_started_at > now() - make_interval(secs => ${RECENT_SECONDS})`;

/**
 * Takes the row that whoever touches a user's MFA takes first, until the transaction ends, and says whether a code
 * would be looked at now.
 */
export async function lockAttempts(trx: Trx, userId: number): Promise<Standing> {
  await trx
    .insertInto('mfa_attempts')
    .values({ user_id: userId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await trx
    .selectFrom('mfa_attempts')
    .select([
      sql<boolean>`coalesce(locked_until > now(), false)`.as('locked'),
      sql<boolean>`recent_failures >= ${RECENT_FAILURES} and ${recent}`.as('tooFast'),
    ])
    .where('user_id', '=', userId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (row.locked) return 'locked';
  return row.tooFast ? 'tooFast' : 'open';
}

/** The tenth failure in a row locks for 15 minutes. */
export async function countFailure(trx: Trx, userId: number): Promise<void> {
  const last = sql<boolean>`failures + 1 >= ${FAILURES_TO_LOCK}`;
  await trx
    .updateTable('mfa_attempts')
    .set({
      failures: sql`case when ${last} then 0 else failures + 1 end`,
      locked_until: sql`case when ${last} then now() + make_interval(secs => ${LOCK_SECONDS}) else locked_until end`,
      recent_failures: sql`case when ${recent} then recent_failures + 1 else 1 end`,
      window_started_at: sql`case when ${recent} then window_started_at else now() end`,
    })
    .where('user_id', '=', userId)
    .execute();
}

export async function forgetFailures(trx: Trx, userId: number): Promise<void> {
  await trx
    .updateTable('mfa_attempts')
    .set({ failures: 0, recent_failures: 0, locked_until: null })
    .where('user_id', '=', userId)
    .execute();
}

/** A new secret has new codes, and who lost their device starts afresh. */
export async function forgetAttempts(trx: Trx, userId: number): Promise<void> {
  await forgetFailures(trx, userId);
  await trx
    .updateTable('mfa_attempts')
    .set({ login_step: 0, disable_step: 0, renew_step: 0 })
    .where('user_id', '=', userId)
    .execute();
}

/** Spends a time step for one purpose. @returns false when it, or a later one, has been spent already. */
export async function spendStep(trx: Trx, userId: number, purpose: Purpose, step: number): Promise<boolean> {
  const column = `${purpose}_step` as const;
  const spent = await trx
    .updateTable('mfa_attempts')
    .set({ [column]: step })
    .where('user_id', '=', userId)
    .where(column, '<', step)
    .returning('user_id')
    .executeTakeFirst();
  return spent !== undefined;
}
