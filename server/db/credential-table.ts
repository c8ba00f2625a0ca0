import type { Generated } from 'kysely';
import type { At, Json, NullableAt } from './column-type.ts';

export interface CredentialTable {
  id: Generated<number>;
  uid: Generated<string>;
  environment_id: number;
  owner_id: number;
  name: string;
  type: 'llm' | 'gateway' | 'git' | 'tool';
  /** The detail as it may be shown, secrets masked. */
  public_detail: Json;
  /** The whole detail, sealed; null for gateway credentials, which the gateway keeps. */
  sealed: Buffer | null;
  key_id: string | null;
  created_at: At;
  updated_at: At;
  /** Where it may be sent; null: the host of its provider. */
  hosts: string[] | null;
  last_used_at: NullableAt;
  last_test_at: NullableAt;
  last_test_ok: boolean | null;
  last_test_error: string | null;
}
/** Which nodes refer to a credential; kept in step with the graph. */
export interface CredentialUseTable {
  credential_id: number;
  workflow_id: number;
  node_id: string;
}
/** A known text under the installation's key: tells at start whether this is still that key. */
export interface SealingCheckTable {
  only_row: Generated<boolean>;
  sealed: Buffer;
  key_id: string;
  created_at: At;
}
