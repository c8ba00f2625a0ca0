import { sql } from 'kysely';
import type { Db } from '#server/db/connection.ts';

/** What a user looks like to clients, from the tables. */
export function selectUsers(db: Db) {
  return db
    .selectFrom('users')
    .select((eb) => [
      'users.id',
      'users.username',
      'users.role',
      'users.first_name',
      'users.last_name',
      'users.created_at',
      'users.mfa_enabled',
      sql<boolean>`users.disabled_at is null`.as('is_active'),
      eb
        .selectFrom('api_keys')
        .select(sql<number>`count(*)::int`.as('count'))
        .whereRef('api_keys.user_id', '=', 'users.id')
        .where('api_keys.is_active', '=', true)
        .as('key_count'),
    ]);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectUsers>['executeTakeFirstOrThrow']>>;

export const userOut = (row: Row) => ({
  ...row,
  created_at: row.created_at.toISOString(),
  key_count: row.key_count ?? 0,
});
