import { sql } from 'kysely';
import type { z } from 'zod';
import type { credentialOut } from '#contract/credential.ts';
import { type Detail, maskedDetail, usesOf } from '#domain/credential/detail.ts';
import type { CredentialType } from '#domain/credential/kind.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { hostsOf } from '#server/vault/secret-row.ts';
import { seesEverything, type Viewer } from '../handler.ts';

export type CredentialOut = z.input<typeof credentialOut>;

const columns = [
  'credentials.id',
  'credentials.uid',
  'credentials.environment_id',
  'credentials.name',
  'credentials.type',
  'credentials.public_detail',
  'credentials.sealed',
  'credentials.key_id',
  'credentials.hosts',
  'credentials.created_at',
  'credentials.updated_at',
  'credentials.last_used_at',
  'credentials.last_test_at',
  'credentials.last_test_ok',
  'credentials.last_test_error',
] as const;

/** The credentials this caller may see. Every query of the feature starts here. */
export function visible(db: Db, viewer: Viewer) {
  const query = db.selectFrom('credentials');
  return seesEverything(viewer)
    ? query
    : query.where('credentials.environment_id', '=', viewer.environmentId);
}

export const withColumns = (query: ReturnType<typeof visible>) =>
  query
    .select(columns)
    .select(
      sql<number>`(select count(*)::int from credential_uses u where u.credential_id = credentials.id)`.as(
        'used_by',
      ),
    );

/** @throws AppError `not_found`, in the same words for what is absent and what belongs to somebody else. */
export async function findCredential(
  db: Db,
  viewer: Viewer,
  id: number,
  missing = 'Credential not found.',
): Promise<CredentialRow> {
  const row = await withColumns(visible(db, viewer).where('credentials.id', '=', id)).executeTakeFirst();
  if (!row) throw new AppError('not_found', missing);
  return row;
}

export interface CredentialRow {
  readonly id: number;
  readonly uid: string;
  readonly environment_id: number;
  readonly name: string;
  readonly type: CredentialType;
  readonly public_detail: unknown;
  readonly sealed: Buffer | null;
  readonly key_id: string | null;
  readonly hosts: string[] | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly last_used_at: Date | null;
  readonly last_test_at: Date | null;
  readonly last_test_ok: boolean | null;
  readonly last_test_error: string | null;
  readonly used_by: number;
}

export const shownDetail = (row: Pick<CredentialRow, 'public_detail'>): Detail => row.public_detail as Detail;

/** What a gateway credential shows: the gateway has the rest. */
export function gatewayDetail(gatewayId: string, detail: Detail): Detail {
  const masked = maskedDetail('gateway', detail);
  const hasKey = typeof detail['api_key'] === 'string' && detail['api_key'] !== '';
  return {
    gateway_credential_id: gatewayId,
    adapter_type: detail['adapter_type'],
    ...(hasKey && { api_key: masked['api_key'] }),
    ...(detail['allowed_user_ids'] !== undefined && { allowed_user_ids: detail['allowed_user_ids'] }),
  };
}

/** A credential as API clients see it. */
export function credentialOutOf(row: CredentialRow): CredentialOut {
  const detail = shownDetail(row);
  const hosts = hostsOf(row, detail);
  const { last_test_at, last_test_ok, last_test_error } = row;
  return {
    id: row.id,
    name: row.name,
    credential_type: row.type,
    detail: detail as CredentialOut['detail'],
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    hosts,
    uses: usesOf(row.type, detail),
    testable: isTestable(row.type, detail, hosts),
    used_by: row.used_by,
    last_used_at: row.last_used_at?.toISOString() ?? null,
    last_test:
      last_test_at === null
        ? null
        : { ok: last_test_ok ?? false, error: last_test_error ?? '', at: last_test_at.toISOString() },
  };
}

/** Whether trying a credential can find anything out. Shown details will do. */
export function isTestable(type: CredentialType, detail: Detail, hosts: readonly string[]): boolean {
  if (type === 'llm' || type === 'gateway') return true;
  if (type === 'git') {
    return detail['credential_type'] === 'ssh_key'
      ? detail['ssh_private_key'] !== ''
      : detail['access_token'] !== '';
  }
  const kind = detail['tool_type'];
  return kind === 'smtp' || (kind === 'http' && hosts.some((host) => !host.startsWith('*.')));
}
