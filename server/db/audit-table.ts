import type { Generated } from 'kysely';
import type { At, Json } from './column-type.ts';

/** What was done and by whom. Added to only; the database refuses everything else. */
export interface AuditEventTable {
  id: Generated<string>;
  environment_id: number | null;
  actor_id: number | null;
  actor_address: string | null;
  action: string;
  target: string | null;
  detail: Json;
  created_at: At;
}
/** One link for every audit event, made by the database when it is committed. */
export interface AuditChainTable {
  n: string;
  event_id: string;
  created_at: At;
  hash: Buffer;
}
