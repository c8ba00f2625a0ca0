import { queryClient, trpc } from '#client/trpc.ts';
import type { OutputOf } from '#contract/contract.ts';

export type UserPage = OutputOf<'users', 'list'>;
export type User = UserPage['items'][number];

export const ROLE_LABELS: Readonly<Record<User['role'], string>> = { admin: 'Administrator', normal: 'User' };

/** First and last name; empty when neither is known. */
export const fullName = (user: User): string => `${user.first_name} ${user.last_name}`.trim();

/** After a change to somebody's account. */
export const refreshUsers = (): Promise<unknown> =>
  Promise.all([
    queryClient.invalidateQueries({ queryKey: trpc.users.list.queryKey() }),
    // It may have been one's own.
    queryClient.invalidateQueries({ queryKey: trpc.users.me.queryKey() }),
  ]);
