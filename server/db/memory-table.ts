import type { Generated } from 'kysely';
import type { At, Derived, Json, NullableAt, NullableJson } from './column-type.ts';

export interface MemoryFactTable {
  id: Generated<string>;
  environment_id: number;
  scope: 'session' | 'user' | 'agent' | 'global';
  agent_id: string | null;
  user_id: string | null;
  session_id: string | null;
  key: string;
  value: Json;
  fact_type: 'user_preference' | 'world_knowledge' | 'self_knowledge' | 'correction' | 'relationship';
  confidence: Generated<number>;
  times_confirmed: Generated<number>;
  access_count: Generated<number>;
  created_at: At;
  updated_at: At;
  /** In lower case, with single spaces for spaces, underscores and hyphens. */
  folded_key: Derived;
  /** For full text search. */
  words: Derived;
  /** The generation its vector is of. */
  embedded: Generated<number>;
}
export interface MemoryEpisodeTable {
  id: Generated<string>;
  environment_id: number;
  workflow_id: number | null;
  execution_id: string | null;
  agent_id: string;
  user_id: string | null;
  trigger_type: string;
  success: boolean;
  error_code: string | null;
  summary: string | null;
  detail: NullableJson;
  started_at: At;
  ended_at: NullableAt;
  duration_ms: number | null;
  created_at: At;
  words: Derived;
  /** The generation its vector is of. */
  embedded: Generated<number>;
}
export interface MemoryProcedureTable {
  id: Generated<string>;
  environment_id: number;
  agent_id: string;
  name: string;
  description: Generated<string>;
  procedure_type: string;
  trigger_conditions: NullableJson;
  content: NullableJson;
  times_used: Generated<number>;
  times_succeeded: Generated<number>;
  times_failed: Generated<number>;
  is_active: Generated<boolean>;
  created_at: At;
  updated_at: At;
  folded_name: Derived;
  words: Derived;
  /** The generation its vector is of. */
  embedded: Generated<number>;
}
export interface MemoryUserTable {
  id: Generated<string>;
  environment_id: number;
  canonical_id: string;
  display_name: string | null;
  telegram_id: string | null;
  email: string | null;
  total_conversations: Generated<number>;
  last_seen_at: At;
  created_at: At;
}
/** Which model turns the memories of an environment into vectors. */
export interface MemorySearchTable {
  environment_id: number;
  /** Null: memories are found by their words only. */
  credential_id: number | null;
  model: Generated<string>;
  dimensions: number | null;
  min_similarity: Generated<number>;
  generation: Generated<number>;
  claimed_until: NullableAt;
  paused_until: NullableAt;
  failures: Generated<number>;
  last_error: string | null;
  updated_at: At;
}
export interface MemoryVectorTable {
  id: Generated<string>;
  fact_id: string | null;
  episode_id: string | null;
  procedure_id: string | null;
  environment_id: number;
  generation: number;
  dimensions: number;
  /** Of length one. */
  embedding: number[];
  /** 512 bits. */
  signature: string;
}
export interface MemoryCheckpointTable {
  thread_id: string;
  checkpoint_ns: Generated<string>;
  checkpoint_id: string;
  environment_id: number;
  parent_checkpoint_id: string | null;
  step: number | null;
  source: string | null;
  state: Json;
  /** Bytes. */
  blob_size: number;
  created_at: At;
}
export interface ChatThreadTable {
  id: Generated<string>;
  /** What clients call it: `<user id>:<workflow id>` for somebody's main thread with a workflow. */
  thread_id: string;
  environment_id: number;
  workflow_id: number;
  /** Null for visitors of a hosted chat page. */
  user_id: number | null;
  visitor_id: string | null;
  title: Generated<string>;
  created_at: At;
  updated_at: At;
}
/** One row a turn. */
export interface ChatMessageTable {
  id: Generated<string>;
  chat_thread_id: string;
  role: 'user' | 'assistant' | 'system' | 'tool';
  text: string;
  detail: NullableJson;
  execution_id: string | null;
  node_id: string | null;
  /** Why there is no real answer. */
  error_code: string | null;
  created_at: At;
}
