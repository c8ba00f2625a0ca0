import type { Transaction } from 'kysely';
import type { AuditAction } from '#domain/access/audit-action.ts';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';
import type { Egress } from '#server/egress/client.ts';
import type { Mailer } from '#server/mail/mailer.ts';
import type { Redactor } from '#server/redaction/redactor.ts';
import type { Sealer } from '#server/sealing/sealer.ts';
import { audit } from '../audit-log.ts';
import { type RequestContext, signedIn } from '../handler.ts';
import type { Gateway } from './gateway.ts';

type Store = Db | Transaction<Database>;

/** Nodes that refer to credentials which are going keep an empty reference. */
export interface References {
  /** Locks every workflow that refers to one of them. @returns their ids */
  lock(trx: Transaction<Database>, credentialIds: readonly number[]): Promise<readonly number[]>;
  /** @returns the workflows that were changed */
  empty(
    trx: Transaction<Database>,
    gone: readonly { readonly id: number; readonly name: string }[],
    actorId: number,
  ): Promise<void>;
}

export interface CredentialOptions {
  readonly db: Db;
  readonly sealer: Sealer;
  readonly redactor: Redactor;
  readonly egress: Egress;
  readonly mailer: Mailer;
  readonly gateway: Gateway;
  readonly references: References;
}

/** Records what happened to a credential: its name and kind, and the names of what changed, never a value. */
export async function recordOn(
  store: Store,
  happened: {
    readonly context: RequestContext;
    readonly action: AuditAction;
    readonly credential: { readonly id: number; readonly name: string; readonly environment_id: number };
    readonly detail?: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const { context, action, credential, detail } = happened;
  await audit(store, {
    action,
    actorId: signedIn(context).userId,
    environmentId: credential.environment_id,
    address: context.address,
    target: credential.name,
    detail: { credential_id: credential.id, ...detail },
  });
}
