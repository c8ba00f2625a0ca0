import type { Generated } from 'kysely';
import type { At, Json, NullableJson } from './column-type.ts';

/** Folders programs work in; workspaces in the API's words. */
export interface SandboxTable {
  id: Generated<number>;
  uid: Generated<string>;
  environment_id: number;
  owner_id: number;
  name: string;
  /** A label for people; the folder is named by the uid. */
  path: string;
  allow_network: Generated<boolean>;
  is_default: Generated<boolean>;
  /** Names and sources of the variables; their values are in `sealed`. */
  variables: Json;
  sealed: Buffer | null;
  key_id: string | null;
  created_at: At;
}
/** What administrators changed of the configuration. */
export interface SettingTable {
  name: string;
  value: NullableJson;
  sealed: Buffer | null;
  key_id: string | null;
  updated_at: At;
}
