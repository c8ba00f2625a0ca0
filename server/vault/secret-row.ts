import { randomUUID } from 'node:crypto';
import { type Detail, usualHosts } from '#domain/credential/detail.ts';
import type { CredentialType } from '#domain/credential/kind.ts';
import type { Sealer, SealPlace } from '#server/sealing/sealer.ts';

/** What it takes to open a stored credential. */
export interface SealedRow {
  readonly uid: string;
  readonly environment_id: number;
  readonly type: CredentialType;
  readonly sealed: Buffer | null;
  readonly key_id: string | null;
  readonly hosts: string[] | null;
}

/** Where a credential's detail belongs. */
export const detailPlace = (environmentId: number, uid: string): SealPlace => ({
  tenant: String(environmentId),
  row: uid,
  field: 'credentials.sealed',
});

/** The columns of a new credential's sealed detail. */
export function sealNew(sealer: Sealer, environmentId: number, detail: Detail) {
  const uid = randomUUID();
  return { uid, ...sealDetail(sealer, { uid, environment_id: environmentId }, detail) };
}

export function sealDetail(sealer: Sealer, row: Pick<SealedRow, 'uid' | 'environment_id'>, detail: Detail) {
  const { sealed, keyId } = sealer.seal(JSON.stringify(detail), detailPlace(row.environment_id, row.uid));
  return { sealed, key_id: keyId };
}

/** The whole detail, secrets in the clear; it must not leave the caller. @throws SealError */
export function openDetail(sealer: Sealer, row: SealedRow): Detail {
  if (row.sealed === null || row.key_id === null) return {};
  const text = sealer.open(
    { sealed: row.sealed, keyId: row.key_id },
    detailPlace(row.environment_id, row.uid),
  );
  return JSON.parse(text) as Detail;
}

/** Where a credential may be sent. */
export const hostsOf = (row: Pick<SealedRow, 'hosts' | 'type'>, detail: Detail): string[] =>
  row.hosts ?? usualHosts(row.type, detail);
