import type { At, Json, NullableAt } from './column-type.ts';

export interface WebhookTable {
  token: string;
  workflow_id: number;
  node_id: string;
  /** The secret its callers sign with or show. */
  sealed: Buffer | null;
  key_id: string | null;
  secret_changed_at: NullableAt;
}
/** Of signed deliveries: the key of the run a delivery belongs to, however often it comes. */
export interface WebhookDeliveryTable {
  /** SHA-256 of address, delivery id and body. */
  mark: Buffer;
  run_key: string;
  created_at: At;
}
/** Good for one connection each, within seconds. */
export interface SocketTicketTable {
  token_hash: Buffer;
  viewer: Json;
  expires_at: At;
}
