import { sql } from 'kysely';
import type { OutputOf } from '#contract/contract.ts';
import { emptyDetail, secretsOf } from '#domain/credential/detail.ts';
import { AppError } from '#domain/problem.ts';
import { hostsOf } from '#server/vault/secret-row.ts';
import { type RequestContext, signedIn } from '../handler.ts';
import { type CredentialOptions, recordOn } from './option.ts';
import { modelsOf, type OpenedCredential, tryCredential } from './provider.ts';
import { type CredentialRow, findCredential, isTestable, shownDetail } from './row.ts';
import { opened } from './update.ts';

type Test = OutputOf<'credentials', 'test'>;

const MAX_ERROR = 500;
const NO_LLM = 'LLM credential not found.';
const NOT_THERE = 'not found in gateway';
const NO_GATEWAY = 'Gateway credential not found.';

/**
 * Tries a credential and keeps the result. What fails at the provider is in the answer.
 * @throws AppError `not_found` also where nothing can be tried
 */
export async function testCredential(
  options: CredentialOptions,
  context: RequestContext,
  id: number,
): Promise<Test> {
  const row = await findCredential(options.db, signedIn(context), id);
  const shown = shownDetail(row);
  if (!isTestable(row.type, shown, hostsOf(row, shown))) throw new AppError('not_found', NO_LLM);
  const result = row.type === 'gateway' ? await gatewayHealth(options, row) : await provider(options, row);
  await options.db
    .updateTable('credentials')
    .set({ last_test_at: sql`now()`, last_test_ok: result.ok, last_test_error: result.error })
    .where('id', '=', row.id)
    .execute();
  const detail = { ok: result.ok };
  await recordOn(options.db, { context, action: 'credential_tested', credential: row, detail });
  return result;
}

async function provider(options: CredentialOptions, row: CredentialRow): Promise<Test> {
  const one = openedCredential(options, row);
  const cleaner = options.redactor.note(secretsOf(one.type, one.detail));
  const error = cleaner.text(await tryCredential(options, one)).slice(0, MAX_ERROR);
  return { ok: error === '', error, detail: null };
}

function openedCredential({ sealer }: CredentialOptions, row: CredentialRow): OpenedCredential {
  const detail = { ...emptyDetail(row.type), ...opened(sealer, row) };
  return { name: row.name, type: row.type, detail, hosts: hostsOf(row, detail) };
}

async function gatewayHealth({ gateway }: CredentialOptions, row: CredentialRow): Promise<Test> {
  try {
    const health = await gateway.health(String(shownDetail(row)['gateway_credential_id']));
    if (health === null) return { ok: false, error: NOT_THERE, detail: NOT_THERE };
    return { ok: isWell(health), error: '', detail: health as Test['detail'] };
  } catch (error) {
    if (!(error instanceof AppError) || typeof error.detail !== 'string') throw error;
    return { ok: false, error: error.detail, detail: null };
  }
}

/** `ok`, `healthy` or `status` of the gateway's own words; without any of them its answer alone is good news. */
function isWell(health: unknown): boolean {
  if (typeof health !== 'object' || health === null) return true;
  const { ok, healthy, status } = health as Record<string, unknown>;
  if (typeof ok === 'boolean') return ok;
  if (typeof healthy === 'boolean') return healthy;
  return typeof status !== 'string' || !/error|fail|unhealthy|down|dead/i.test(status);
}

/** @throws AppError `not_found` for what is no LLM credential */
export async function askModels(
  options: CredentialOptions,
  context: RequestContext,
  id: number,
): Promise<OutputOf<'credentials', 'models'>> {
  const row = await findCredential(options.db, signedIn(context), id, NO_LLM);
  if (row.type !== 'llm') throw new AppError('not_found', NO_LLM);
  const one = openedCredential(options, row);
  const cleaner = options.redactor.note(secretsOf(one.type, one.detail));
  return cleaner.value(await modelsOf(options.egress, one));
}

/** @throws AppError `not_found`, `bad_gateway` */
export async function switchGateway(
  { db, gateway }: CredentialOptions,
  context: RequestContext,
  id: number,
  state: 'activate' | 'deactivate',
): Promise<OutputOf<'credentials', 'activate'>> {
  const row = await findCredential(db, signedIn(context), id, NO_GATEWAY);
  if (row.type !== 'gateway') throw new AppError('not_found', NO_GATEWAY);
  const answer = await gateway.switchTo(String(shownDetail(row)['gateway_credential_id']), state);
  if (answer === null) throw new AppError('not_found', NO_GATEWAY);
  return answer as OutputOf<'credentials', 'activate'>;
}
