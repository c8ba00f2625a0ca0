import type { Generated } from 'kysely';
import type { At, NullableAt } from './column-type.ts';

export interface UserTable {
  id: Generated<number>;
  uid: Generated<string>;
  username: string;
  /** PHC string; null for accounts that only hold keys. */
  password_hash: string | null;
  role: 'admin' | 'normal';
  first_name: Generated<string>;
  last_name: Generated<string>;
  mfa_enabled: Generated<boolean>;
  disabled_at: NullableAt;
  created_at: At;
  /** Agents hold keys and have no password. */
  kind: Generated<'human' | 'agent'>;
  /** What an agent is for. */
  purpose: Generated<string>;
  /** Who made an agent. */
  created_by: number | null;
}
/** At most one row: the first-run set-up has been done. */
export interface SetupTable {
  only_row: Generated<boolean>;
  done_at: At;
}
export interface SessionTable {
  id: Generated<number>;
  user_id: number;
  /** SHA-256 of the cookie's value. */
  token_hash: Buffer;
  user_agent: Generated<string>;
  created_at: At;
  last_used_at: At;
  expires_at: At;
}
export interface ApiKeyTable {
  id: Generated<number>;
  user_id: number;
  environment_id: number | null;
  kind: Generated<'key' | 'session'>;
  name: string;
  prefix: string;
  key_hash: Buffer;
  is_active: Generated<boolean>;
  created_at: At;
  last_used_at: NullableAt;
  expires_at: NullableAt;
  user_agent: Generated<string>;
  /** The last 8 characters; only of agents' keys. */
  suffix: string | null;
}
/** Failed sign-ins by account or peer address; survives restarts, shared by processes. */
export interface LoginThrottleTable {
  subject: string;
  failures: number;
  window_started_at: At;
  locked_until: NullableAt;
}
/** TOTP secrets: at most one in use and one being set up. */
export interface MfaSecretTable {
  user_id: number;
  state: 'pending' | 'active';
  sealed: Buffer;
  key_id: string;
  created_at: At;
}
/** What codes have been tried. Locked first by whatever touches a user's MFA. */
export interface MfaAttemptTable {
  user_id: number;
  /** The last time step spent, by purpose. */
  login_step: Generated<number>;
  disable_step: Generated<number>;
  renew_step: Generated<number>;
  /** In a row. */
  failures: Generated<number>;
  recent_failures: Generated<number>;
  window_started_at: At;
  locked_until: NullableAt;
}
export interface MfaRecoveryCodeTable {
  user_id: number;
  /** Keyed with the TOTP secret. */
  code_hash: Buffer;
}
/** Right passwords whose code is still to come, by the address they came from. */
export interface MfaGrantTable {
  user_id: number;
  address: string;
  tries: Generated<number>;
  expires_at: Date;
}
