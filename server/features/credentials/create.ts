import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { InputOf } from '#contract/contract.ts';
import { type Detail, emptyDetail, maskedDetail } from '#domain/credential/detail.ts';
import { AppError } from '#domain/problem.ts';
import type { Database } from '#server/db/schema.ts';
import { sealNew } from '#server/vault/secret-row.ts';
import { type RequestContext, signedIn } from '../handler.ts';
import { refuseBeyondQuota } from '../quota.ts';
import { detailFrom, hostsFrom } from './input.ts';
import { type CredentialOptions, recordOn } from './option.ts';
import { type CredentialOut, credentialOutOf, findCredential, gatewayDetail } from './row.ts';

type Create = InputOf<'credentials', 'create'>;

/** @throws AppError `invalid` naming the field; `bad_gateway`, with nothing stored */
export async function createCredential(
  options: CredentialOptions,
  context: RequestContext,
  input: Create,
): Promise<CredentialOut> {
  const { userId, environmentId } = signedIn(context);
  const { name, credential_type: type } = input;
  const detail = detailFrom(type, emptyDetail(type), (input.detail ?? {}) as Detail);
  const hosts = input.hosts ? hostsFrom(input.hosts) : null;
  const row = { environment_id: environmentId, owner_id: userId, name, type, hosts };
  const id = await options.db.transaction().execute(async (trx) => {
    await refuseBeyondQuota(trx, 'credentials', { environmentId, userId });
    const made =
      type === 'gateway'
        ? await insertAtGateway(trx, options, { row, detail })
        : await insertSealed(trx, options, { row, detail });
    const credential = { id: made.id, name, environment_id: environmentId };
    try {
      await recordOn(trx, {
        context,
        action: 'credential_created',
        credential,
        detail: { credential_type: type },
      });
    } catch (error) {
      // Nothing here will know of it, so nothing there should.
      if (made.gatewayId !== null) await options.gateway.remove(made.gatewayId).catch(() => undefined);
      throw error;
    }
    return made.id;
  });
  return credentialOutOf(await findCredential(options.db, signedIn(context), id));
}

interface NewCredential {
  readonly row: {
    readonly environment_id: number;
    readonly owner_id: number;
    readonly name: string;
    readonly type: Create['credential_type'];
    readonly hosts: string[] | null;
  };
  readonly detail: Detail;
}

interface Made {
  readonly id: number;
  readonly gatewayId: string | null;
}

async function insertSealed(
  trx: Transaction<Database>,
  { sealer }: CredentialOptions,
  { row, detail }: NewCredential,
): Promise<Made> {
  const { id } = await trx
    .insertInto('credentials')
    .values({
      ...row,
      ...sealNew(sealer, row.environment_id, detail),
      public_detail: JSON.stringify(maskedDetail(row.type, detail)),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { id, gatewayId: null };
}

/**
 * The gateway keeps token and configuration; here stays what it is called there: its name, unless somebody has taken
 * that, since names are everybody's own and the gateway's ids are not. The row comes first: whoever makes one of the
 * same name meanwhile waits, and does not replace this one at the gateway.
 */
async function insertAtGateway(
  trx: Transaction<Database>,
  { gateway }: CredentialOptions,
  { row, detail }: NewCredential,
): Promise<Made> {
  const uid = randomUUID();
  const token = String(detail['token'] || detail['api_key'] || '');
  const { adapter_type, config, allowed_user_ids } = detail;
  for (const gatewayId of [row.name, `${row.name}-${uid.slice(0, 8)}`]) {
    const inserted = await trx
      .insertInto('credentials')
      .values({
        ...row,
        uid,
        sealed: null,
        key_id: null,
        public_detail: JSON.stringify(gatewayDetail(gatewayId, detail)),
      })
      .onConflict((taken) => taken.doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!inserted) continue;
    await gateway.create(gatewayId, {
      adapter: String(adapter_type),
      token,
      config: allowed_user_ids === undefined ? config : { ...(config as Detail), allowed_user_ids },
    });
    return { id: inserted.id, gatewayId };
  }
  throw new AppError('conflict', 'The message gateway has a credential of this name. Choose another one.');
}
