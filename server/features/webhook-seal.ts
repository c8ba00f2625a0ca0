import { randomBytes } from 'node:crypto';
import { SealError, type Sealed, type Sealer, type SealPlace } from '#server/sealing/sealer.ts';

/** 256 random bits as 43 URL-safe characters. */
export const randomSecret = (): string => randomBytes(32).toString('base64url');

interface Address {
  readonly token: string;
  readonly workflow_id: number;
}

export interface SealedSecret extends Address {
  readonly sealed: Buffer | null;
  readonly key_id: string | null;
}

/** Where an address's secret belongs. */
const placeOf = ({ workflow_id, token }: Address): SealPlace => ({
  tenant: String(workflow_id),
  row: token,
  field: 'webhooks.sealed',
});

export const sealWebhook = (sealer: Sealer, address: Address, secret: string): Sealed =>
  sealer.seal(secret, placeOf(address));

/** The secret of an address; null where there is none, or none that can be opened: both let nobody in. */
export function openWebhook(sealer: Sealer, row: SealedSecret): string | null {
  if (row.sealed === null || row.key_id === null) return null;
  try {
    return sealer.open({ sealed: row.sealed, keyId: row.key_id }, placeOf(row));
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
}
