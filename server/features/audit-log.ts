import type { Transaction } from 'kysely';
import type { AuditAction } from '#domain/access/audit-action.ts';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';
import type { RequestContext } from './handler.ts';

export interface AuditEntry {
  readonly action: AuditAction;
  /** Null: nobody who is known, such as whoever failed to sign in. */
  readonly actorId: number | null;
  readonly environmentId?: number | null;
  readonly address: string;
  readonly target?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/**
 * Records who did what. Never with secrets. Within a transaction it stands or falls with it; the chain of hashes is
 * made by the database at the commit, so that this may be called anywhere and at the same time.
 */
export async function audit(db: Db | Transaction<Database>, entry: AuditEntry): Promise<void> {
  await db
    .insertInto('audit_events')
    .values({
      action: entry.action,
      actor_id: entry.actorId,
      environment_id: entry.environmentId ?? null,
      actor_address: entry.address,
      target: entry.target ?? null,
      detail: JSON.stringify(entry.detail ?? {}),
    })
    .execute();
}

/**
 * Records a failed attempt to get in, at most once a minute for an account, or for an address where there is no such
 * account: what was typed instead of a username may be a password.
 */
export async function auditFailure(
  db: Db | Transaction<Database>,
  action: 'sign_in_failed' | 'mfa_failed',
  { username, address }: { readonly username: string | undefined; readonly address: string },
): Promise<void> {
  await db
    .insertInto('audit_events')
    .values({
      action,
      actor_id: null,
      environment_id: null,
      actor_address: address,
      target: username ?? `address ${address}`,
      detail: '{}',
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Records what the caller of a request did. */
export function auditBy(
  db: Db | Transaction<Database>,
  context: RequestContext,
  entry: Pick<AuditEntry, 'action' | 'target' | 'detail'>,
): Promise<void> {
  const { viewer, address } = context;
  return audit(db, {
    ...entry,
    actorId: viewer?.userId ?? null,
    environmentId: viewer?.environmentId ?? null,
    address,
  });
}
