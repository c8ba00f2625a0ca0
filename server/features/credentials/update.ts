import { sql, type Transaction } from 'kysely';
import type { InputOf } from '#contract/contract.ts';
import { type Detail, emptyDetail, maskedDetail } from '#domain/credential/detail.ts';
import { AppError } from '#domain/problem.ts';
import type { Database } from '#server/db/schema.ts';
import { SealError, type Sealer } from '#server/sealing/sealer.ts';
import { openDetail, sealDetail } from '#server/vault/secret-row.ts';
import { type RequestContext, signedIn } from '../handler.ts';
import type { GatewayWish } from './gateway.ts';
import { detailFrom, hostsFrom } from './input.ts';
import { type CredentialOptions, recordOn } from './option.ts';
import { reboundHosts } from './rebinding.ts';
import {
  type CredentialOut,
  type CredentialRow,
  credentialOutOf,
  findCredential,
  gatewayDetail,
  shownDetail,
} from './row.ts';

type Update = InputOf<'credentials', 'update'>;

/** @throws AppError `not_found`, `invalid` naming the field, `bad_gateway` with nothing changed */
export async function updateCredential(
  options: CredentialOptions,
  context: RequestContext,
  input: Update,
): Promise<CredentialOut> {
  const viewer = signedIn(context);
  const found = await findCredential(options.db, viewer, input.credential_id);
  const gateway =
    found.type === 'gateway' && input.detail ? gatewayChange(found, input.detail as Detail) : null;
  // Refused before the gateway is told anything.
  if (input.hosts) hostsFrom(input.hosts);
  if (gateway && Object.keys(gateway.wish).length > 0) {
    await options.gateway.update(String(shownDetail(found)['gateway_credential_id']), gateway.wish);
  }
  await options.db.transaction().execute(async (trx) => {
    const row = await lock(trx, found.id);
    const columns = columnsOf(options.sealer, row, input, gateway?.shown ?? null);
    await trx
      .updateTable('credentials')
      .set({ ...columns, updated_at: sql`now()` })
      .where('id', '=', row.id)
      .execute();
    const detail = {
      fields: [...Object.keys(input.detail ?? {}), ...(input.hosts === undefined ? [] : ['hosts'])],
    };
    const credential = { ...row, name: input.name ?? row.name };
    await recordOn(trx, { context, action: 'credential_changed', credential, detail });
  });
  return credentialOutOf(await findCredential(options.db, viewer, found.id));
}

type Locked = Omit<CredentialRow, 'used_by'>;

/** Two changes at once are made one after the other, so that neither takes the other's keys back. */
async function lock(trx: Transaction<Database>, id: number): Promise<Locked> {
  const row = await trx
    .selectFrom('credentials')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new AppError('not_found', 'Credential not found.');
  return row;
}

function columnsOf(sealer: Sealer, row: Locked, input: Update, shown: Detail | null) {
  const { name } = input;
  return {
    ...(name !== undefined && { name }),
    ...(shown && { public_detail: JSON.stringify(shown) }),
    ...(row.type !== 'gateway' &&
      (input.detail || input.hosts !== undefined) &&
      sealedColumns(sealer, row, input)),
  };
}

function sealedColumns(sealer: Sealer, row: Locked, input: Update) {
  const stored = { ...emptyDetail(row.type), ...opened(sealer, row) };
  const changed = input.detail ? detailFrom(row.type, stored, input.detail as Detail) : stored;
  const hosts = reboundHosts({ type: row.type, hosts: row.hosts, stored, changed, given: input.hosts });
  return { ...(hosts !== undefined && { hosts }), ...(input.detail && detailColumns(sealer, row, changed)) };
}

function detailColumns(sealer: Sealer, row: Locked, detail: Detail) {
  const shown = JSON.stringify(maskedDetail(row.type, detail));
  // A test says nothing about what has changed since.
  const untested = { last_test_at: null, last_test_ok: null, last_test_error: null };
  return { ...sealDetail(sealer, row, detail), public_detail: shown, ...untested };
}

/** @throws AppError `conflict` when the key it was sealed with is not here */
export function opened(sealer: Sealer, row: Parameters<typeof openDetail>[1]): Detail {
  try {
    return openDetail(sealer, row);
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    const way = 'Delete it and enter it again, or have the operator restore the key.';
    throw new AppError('conflict', `This credential cannot be opened with the installation's key. ${way}`);
  }
}

/** What the gateway is told, and what is shown from then on. Masks that come back mean no change. */
function gatewayChange(row: CredentialRow, given: Detail): { wish: GatewayWish; shown: Detail } {
  const before = shownDetail(row);
  const { gateway_credential_id, ...visible } = before;
  const isMask = (name: string): boolean => given[name] === before[name] || given[name] === '****';
  const fresh = Object.fromEntries(
    Object.entries(given).filter(([name]) => !(['token', 'api_key'].includes(name) && isMask(name))),
  );
  const detail = detailFrom('gateway', { ...emptyDetail('gateway'), ...visible }, fresh);
  const token = String(fresh['token'] || fresh['api_key'] || '');
  const { adapter_type, config, allowed_user_ids } = detail;
  const configured = fresh['config'] !== undefined || fresh['allowed_user_ids'] !== undefined;
  const whole = allowed_user_ids === undefined ? config : { ...(config as Detail), allowed_user_ids };
  const wish: GatewayWish = {
    ...(fresh['adapter_type'] !== undefined && { adapter: String(adapter_type) }),
    ...(token !== '' && { token }),
    ...(configured && { config: whole }),
  };
  const shown = gatewayDetail(String(gateway_credential_id), detail);
  // What is masked already would be masked twice.
  const isOld = fresh['api_key'] === undefined && before['api_key'] !== undefined;
  return { wish, shown: isOld ? { ...shown, api_key: before['api_key'] } : shown };
}
