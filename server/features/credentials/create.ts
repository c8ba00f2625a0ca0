import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { InputOf } from '#contract/contract.ts';
import { type Detail, emptyDetail, maskedDetail } from '#domain/credential/detail.ts';
import type { Db } from '#server/db/connection.ts';
import { sealNew } from '#server/vault/secret-row.ts';
import { type RequestContext, signedIn, type Viewer } from '../handler.ts';
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
  const viewer = signedIn(context);
  const { credential_type: type } = input;
  const detail = detailFrom(type, emptyDetail(type), (input.detail ?? {}) as Detail);
  const hosts = input.hosts ? hostsFrom(input.hosts) : null;
  const columns =
    type === 'gateway'
      ? await atGateway(options, input.name, detail)
      : {
          ...sealNew(options.sealer, viewer.environmentId, detail),
          public_detail: JSON.stringify(maskedDetail(type, detail)),
        };
  try {
    const id = await insert(options, context, { name: input.name, type, hosts, ...columns });
    return credentialOutOf(await findCredential(options.db, viewer, id));
  } catch (error) {
    // Nothing here knows of it, so nothing there should.
    if ('gatewayId' in columns) await options.gateway.remove(columns.gatewayId).catch(() => undefined);
    throw error;
  }
}

interface NewRow {
  readonly name: string;
  readonly type: Create['credential_type'];
  readonly hosts: string[] | null;
  readonly uid: string;
  readonly sealed: Buffer | null;
  readonly key_id: string | null;
  readonly public_detail: string;
}

function insert(options: CredentialOptions, context: RequestContext, row: NewRow): Promise<number> {
  const { userId, environmentId }: Viewer = signedIn(context);
  const { name, type, hosts, uid, sealed, key_id, public_detail } = row;
  return options.db.transaction().execute(async (trx) => {
    await refuseBeyondQuota(trx, 'credentials', { environmentId, userId });
    const { id } = await trx
      .insertInto('credentials')
      .values({
        environment_id: environmentId,
        owner_id: userId,
        name,
        type,
        hosts,
        uid,
        sealed,
        key_id,
        public_detail,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const credential = { id, name, environment_id: environmentId };
    const detail = { credential_type: type };
    await recordOn(trx, { context, action: 'credential_created', credential, detail });
    return id;
  });
}

/** The gateway keeps token and configuration; here stays what it is called there. */
async function atGateway({ db, gateway }: CredentialOptions, name: string, detail: Detail) {
  const uid = randomUUID();
  const gatewayId = await freeGatewayId(db, name, uid);
  const token = String(detail['token'] || detail['api_key'] || '');
  const { adapter_type, config, allowed_user_ids } = detail;
  await gateway.create(gatewayId, {
    adapter: String(adapter_type),
    token,
    config: allowed_user_ids === undefined ? config : { ...(config as Detail), allowed_user_ids },
  });
  const shown = gatewayDetail(gatewayId, detail);
  return { uid, gatewayId, sealed: null, key_id: null, public_detail: JSON.stringify(shown) };
}

/** Its name, unless somebody has taken that: names are everybody's own, the gateway's ids are not. */
async function freeGatewayId(db: Db, name: string, uid: string): Promise<string> {
  const taken = await db
    .selectFrom('credentials')
    .select('id')
    .where('type', '=', 'gateway')
    .where(sql<string>`public_detail->>'gateway_credential_id'`, '=', name)
    .executeTakeFirst();
  return taken ? `${name}-${uid.slice(0, 8)}` : name;
}
