import type { Transaction } from 'kysely';
import { AppError } from '#domain/problem.ts';
import type { Database } from '#server/db/schema.ts';
import { type RequestContext, seesEverything, signedIn } from '../handler.ts';
import { type CredentialOptions, recordOn } from './option.ts';
import { shownDetail, visible } from './row.ts';

const MAX_ATTEMPTS = 5;

/**
 * Deletes those of the given credentials this caller may see; the others are left alone. Nodes that refer to them
 * keep an empty reference.
 * @throws AppError `bad_gateway` when the gateway keeps one of them; then none is deleted
 */
export async function removeCredentials(
  options: CredentialOptions,
  context: RequestContext,
  ids: readonly number[],
): Promise<void> {
  if (ids.length === 0) return;
  const own = await visible(options.db, signedIn(context))
    .select(['credentials.id', 'credentials.type', 'credentials.public_detail'])
    .where('credentials.id', 'in', [...ids])
    .execute();
  if (own.length === 0) return;
  const atGateway = options.gateway.isThere ? own.filter(({ type }) => type === 'gateway') : [];
  const told = await Promise.allSettled(
    atGateway.map((row) => options.gateway.remove(String(shownDetail(row)['gateway_credential_id']))),
  );
  const refused = told.find((one) => one.status === 'rejected');
  if (refused) throw refused.reason;
  const wanted = own.map(({ id }) => id);
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const isDone = await options.db.transaction().execute((trx) => remove(trx, options, context, wanted));
    if (isDone) return;
  }
  throw new AppError('conflict', 'The credential is being put to use all the time. Try again.');
}

/**
 * Workflows are locked before credentials, as whoever changes a graph does.
 * @returns false when another workflow began to refer to one meanwhile
 */
async function remove(
  trx: Transaction<Database>,
  options: CredentialOptions,
  context: RequestContext,
  ids: readonly number[],
): Promise<boolean> {
  const { references } = options;
  const locked = new Set(await references.lock(trx, ids));
  const gone = await trx
    .selectFrom('credentials')
    .select(['id', 'name', 'environment_id'])
    .where('id', 'in', [...ids])
    .orderBy('id')
    .forUpdate()
    .execute();
  const using = await trx
    .selectFrom('credential_uses')
    .select('workflow_id')
    .where('credential_id', 'in', [...ids])
    .execute();
  if (using.some(({ workflow_id }) => !locked.has(workflow_id))) return false;
  const viewer = signedIn(context);
  const own = gone.filter((row) => seesEverything(viewer) || row.environment_id === viewer.environmentId);
  if (own.length === 0) return true;
  await references.empty(trx, own, viewer.userId);
  for (const credential of own) {
    await recordOn(trx, { context, action: 'credential_deleted', credential });
  }
  await trx
    .deleteFrom('credentials')
    .where(
      'id',
      'in',
      own.map(({ id }) => id),
    )
    .execute();
  return true;
}
