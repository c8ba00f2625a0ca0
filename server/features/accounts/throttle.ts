import { type RawBuilder, sql } from 'kysely';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { callerNetwork } from '../caller-network.ts';

const WINDOW_SECONDS = 15 * 60;
const FIRST_LOCK_SECONDS = 30;
const ACCOUNT_FAILURES = 10;
const ADDRESS_FAILURES = 50;

/** Folded by the database, as accounts are found: where it takes two names for one, they must not count apart. */
export const accountOf = (username: string): RawBuilder<string> => sql<string>`'user:' || lower(${username})`;
const addressOf = (address: string): RawBuilder<string> =>
  sql<string>`${`address:${callerNetwork(address)}`}`;

/**
 * Counts failed sign-ins by account and by address in the database, so that restarts and other processes do not
 * forget them. From the 10th failure of an account (the 50th of an address) within 15 minutes on, each failure
 * locks for twice as long, from 30 seconds up to 15 minutes. Successes never count.
 */
export class Throttle {
  readonly #db: Db;
  constructor(db: Db) {
    this.#db = db;
  }

  /** @throws AppError `too_many` while the account or the address is locked, whatever the password. */
  async refuseLocked(username: string, address: string): Promise<void> {
    const locked = await this.#db
      .selectFrom('login_throttles')
      .select(sql<number>`ceil(extract(epoch from max(locked_until) - now()))::int`.as('seconds'))
      .where('subject', 'in', [accountOf(username), addressOf(address)])
      .where('locked_until', '>', sql<Date>`now()`)
      .executeTakeFirst();
    if (!locked?.seconds) return;
    throw new AppError('too_many', `Too many failed attempts. Try again in ${locked.seconds} seconds.`, {
      retryAfterSeconds: locked.seconds,
    });
  }

  async failed(username: string, address: string): Promise<void> {
    await this.#sweep();
    await this.#count(accountOf(username), ACCOUNT_FAILURES);
    await this.#count(addressOf(address), ADDRESS_FAILURES);
  }

  /** A good sign-in clears the account, not the address: others may share it. */
  async succeeded(username: string): Promise<void> {
    await this.#db.deleteFrom('login_throttles').where('subject', '=', accountOf(username)).execute();
  }

  /** Removes some counts that are over: names and addresses are made up as fast as somebody can type. */
  async #sweep(): Promise<void> {
    await sql`
      delete from login_throttles where subject in (
        select subject from login_throttles
        where window_started_at < now() - make_interval(secs => ${WINDOW_SECONDS})
          and coalesce(locked_until, '-infinity') < now()
        limit 20 for update skip locked)
    `.execute(this.#db);
  }

  async #count(subject: RawBuilder<string>, limit: number): Promise<void> {
    await sql`
      insert into login_throttles as t (subject, failures, window_started_at)
      values (${subject}, 1, now())
      on conflict (subject) do update set
        failures = case when t.window_started_at < now() - make_interval(secs => ${WINDOW_SECONDS})
          and coalesce(t.locked_until, '-infinity') < now() then 1 else t.failures + 1 end,
        window_started_at = case when t.window_started_at < now() - make_interval(secs => ${WINDOW_SECONDS})
          and coalesce(t.locked_until, '-infinity') < now() then now() else t.window_started_at end,
        locked_until = case when t.failures + 1 >= ${limit}::int
          and t.window_started_at >= now() - make_interval(secs => ${WINDOW_SECONDS})
          then now() + make_interval(secs => least(${WINDOW_SECONDS}::float8,
            ${FIRST_LOCK_SECONDS}::float8 * power(2, least(t.failures + 1 - ${limit}::int, 10))))
          else t.locked_until end
    `.execute(this.#db);
  }
}
