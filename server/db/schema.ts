import type { Generated, JSONColumnType } from 'kysely';
import type {
  ApiKeyTable,
  LoginThrottleTable,
  MfaAttemptTable,
  MfaGrantTable,
  MfaRecoveryCodeTable,
  MfaSecretTable,
  SessionTable,
  SetupTable,
  UserTable,
} from './account-table.ts';
import type { ApiCallTable } from './api-call-table.ts';
import type { AuditChainTable, AuditEventTable } from './audit-table.ts';
import type { ChatAttachmentTable, ChatDeliveryTable, ChatPageTable, ChatVisitTable } from './chat-table.ts';
import type { At, Json, NullableAt, NullableJson } from './column-type.ts';
import type { CredentialTable, CredentialUseTable, SealingCheckTable } from './credential-table.ts';
import type { EpicTable, TaskTable } from './epic-table.ts';
import type { ExternalIdentityTable, PendingConfirmationTable } from './inbound-table.ts';
import type { McpToolTable } from './mcp-table.ts';
import type {
  ChatMessageTable,
  ChatThreadTable,
  MemoryCheckpointTable,
  MemoryEpisodeTable,
  MemoryFactTable,
  MemoryProcedureTable,
  MemorySearchTable,
  MemoryUserTable,
  MemoryVectorTable,
} from './memory-table.ts';
import type { BudgetTable, LlmCallTable, ModelPriceTable } from './model-table.ts';
import type { SandboxTable, SettingTable } from './sandbox-table.ts';
import type { ScheduleFireTable, ScheduleTable } from './schedule-table.ts';
import type { SocketTicketTable, WebhookDeliveryTable, WebhookTable } from './webhook-table.ts';

/**
 * The database as Kysely sees it, one interface a table; `schema.test.ts` compares it with the migrated database.
 * Every owned row carries `environment_id`. Integer `id`s are what core API clients see; `uid` is the uuid face.
 */

export interface WorkspaceTable {
  id: Generated<number>;
  uid: Generated<string>;
  name: string;
  created_at: At;
}
export interface EnvironmentTable {
  id: Generated<number>;
  uid: Generated<string>;
  workspace_id: number;
  name: string;
  created_at: At;
  max_concurrent_runs: number | null;
  /** Limits by name, where they are not the usual ones. */
  quotas: NullableJson;
}
export interface MembershipTable {
  environment_id: number;
  user_id: number;
  role: 'viewer' | 'operator' | 'editor' | 'admin' | 'owner';
  created_at: At;
}
export interface WorkflowTable {
  id: Generated<number>;
  uid: Generated<string>;
  environment_id: number;
  owner_id: number;
  kind: Generated<'workflow' | 'pipeline' | 'action' | 'pipe'>;
  name: string;
  slug: string;
  description: Generated<string>;
  is_active: Generated<boolean>;
  is_public: Generated<boolean>;
  is_default: Generated<boolean>;
  tags: JSONColumnType<string[] | null, string | null | undefined, string | null>;
  error_handler_workflow_id: number | null;
  max_execution_seconds: Generated<number>;
  input_schema: NullableJson;
  output_schema: NullableJson;
  /** Grows by one with every stored change to the graph. */
  revision: Generated<number>;
  next_edge_id: Generated<number>;
  created_at: At;
  updated_at: At;
  /** Null: as many at once as there are. */
  max_concurrent_runs: number | null;
  /** Of its runs in the queue; higher goes first. */
  priority: Generated<number>;
  /** Whether time spent waiting counts against `max_execution_seconds`. */
  deadline_counts_waits: Generated<boolean>;
}
/** Immutable; runs point here. One per revision that was ever run. */
export interface WorkflowVersionTable {
  id: Generated<number>;
  workflow_id: number;
  n: number;
  revision: number;
  graph: Json;
  checksum: string;
  created_at: At;
}
export interface NodeTable {
  id: Generated<number>;
  workflow_id: number;
  node_id: string;
  type: string;
  label: string | null;
  x: number;
  y: number;
  config: Json;
  settings: Json;
  /** The reference API's fields that the graph itself does not need (entry point, interrupts, links). */
  api_fields: Json;
  updated_at: At;
}
export interface EdgeTable {
  workflow_id: number;
  /** Unique within its workflow; what API clients see. */
  id: number;
  source: string;
  source_port: string;
  target: string;
  target_port: string;
  priority: Generated<number>;
  api_fields: Json;
}
/** The command log that answers a stale `base_revision` with what was missed. */
export interface GraphChangeTable {
  workflow_id: number;
  revision: number;
  actor_id: number | null;
  commands: Json;
  created_at: At;
}
/** Addresses of webhook triggers: one row per trigger node, kept in step with the graph. */
export interface ExecutionTable {
  /** uuid v7. */
  id: string;
  environment_id: number;
  workflow_id: number;
  workflow_version_id: number;
  started_by: number | null;
  trigger_node: string;
  trigger_kind: string;
  parent_id: string | null;
  parent_node: string | null;
  root_id: string;
  depth: Generated<number>;
  priority: Generated<number>;
  status: 'queued' | 'running' | 'waiting' | 'completed' | 'failed' | 'cancelled';
  trigger: Json;
  output: NullableJson;
  reply: NullableJson;
  error: NullableJson;
  idempotency_key: string | null;
  deadline_at: NullableAt;
  cancel_requested_at: NullableAt;
  /** The process that drives this run now; with `owner_token` the fence of every write. */
  owner: string | null;
  owner_token: Generated<number>;
  /** The next event's number. */
  next_seq: Generated<number>;
  losses: Generated<number>;
  created_at: At;
  started_at: NullableAt;
  finished_at: NullableAt;
  /** What a debugging run reuses, overrides or leaves out. */
  options: NullableJson;
  /** The step of the parent run that waits for this one, and the name of the signal it waits for. */
  parent_scope: Generated<string>;
  parent_source: string | null;
  /** A person is waited for. */
  interrupted: Generated<boolean>;
  /** Waits for a slot of its workflow or environment, without a job. */
  held: Generated<boolean>;
  /** When a waiting run has to be gone on with even if nothing signals. */
  wake_at: NullableAt;
}
export interface StepTable {
  execution_id: string;
  node_id: string;
  /** Loop path; empty outside loops. */
  scope: Generated<string>;
  attempt: number;
  /** Order of recording within the run. */
  n: number;
  status: 'success' | 'failed' | 'skipped' | 'waiting' | 'cancelled';
  /** A failure that is followed by another attempt at this time, or a wait's end. */
  resume_at: NullableAt;
  input: NullableJson;
  output: NullableJson;
  error: NullableJson;
  logs: NullableJson;
  started_at: At;
  finished_at: NullableAt;
  /** Why and how the step was suspended: what a restart needs to go on. */
  suspension: NullableJson;
  /** Order of recording of its end, where that is not the one of its suspension. */
  end_n: number | null;
  /** Where the value is too large for the row: its blob. */
  input_hash: Buffer | null;
  output_hash: Buffer | null;
}
/** What a step has done that must not be done twice. */
export interface StepCallTable {
  execution_id: string;
  node_id: string;
  scope: Generated<string>;
  key: string;
  /** Order of recording. */
  n: Generated<string>;
  kind: string;
  title: string;
  /** The node of the tool. */
  tool_node: string | null;
  request: NullableJson;
  result: Json;
  is_error: Generated<boolean>;
  started_at: At;
  finished_at: At;
}
/** JSON of steps that is too large for their rows, once for every content. */
export interface BlobTable {
  /** SHA-256 of `body`. */
  hash: Buffer;
  body: string;
  bytes: number;
  /** When a step last referred to it: what was a moment ago is not removed. */
  touched_at: At;
}
/** Consecutive events of one run: `events` is a JSON array whose first element has number `first_seq`. */
export interface EventChunkTable {
  id: Generated<string>;
  execution_id: string;
  first_seq: number;
  last_seq: number;
  events: Json;
  created_at: At;
}
/** What suspended steps have been told; the first signal of a source counts. */
export interface SignalTable {
  execution_id: string;
  node_id: string;
  scope: Generated<string>;
  source: string;
  value: Json;
  created_at: At;
}
/** Held while a run of a limited workflow or environment is driven. */
export interface RunSlotTable {
  key: string;
  execution_id: string;
}
/** One row for every statement that removed runs. */
export interface RunRemovalTable {
  id: Generated<string>;
  created_at: At;
}
/** A question to people; one per step. */
export interface ApprovalTable {
  id: Generated<string>;
  execution_id: string;
  node_id: string;
  scope: Generated<string>;
  /** Which call of a tool within the step; empty: the step itself. */
  call: Generated<string>;
  environment_id: number;
  workflow_id: number;
  started_by: number | null;
  prompt: string;
  /** Usernames and roles; empty: everybody who may operate the workflow. */
  approvers: string[];
  needed: number;
  allow_self: boolean;
  expires_at: NullableAt;
  decided_at: NullableAt;
  /** `confirmed`, `response` and `decided_by`. */
  decision: NullableJson;
  created_at: At;
}
export interface ApprovalVoteTable {
  approval_id: string;
  /** A username, or whom a link was made for. */
  voter: string;
  /** Null for links. */
  user_id: number | null;
  confirmed: boolean;
  response: string;
  created_at: At;
}
export interface ApprovalLinkTable {
  token_hash: Buffer;
  approval_id: string;
  holder: string;
  used_at: NullableAt;
}
/** Addresses a waiting step goes on by; one per step or call of a tool. */
export interface AwaitedCallTable {
  token_hash: Buffer;
  execution_id: string;
  node_id: string;
  scope: Generated<string>;
  call: Generated<string>;
  expires_at: NullableAt;
  called_at: NullableAt;
  created_at: At;
}
/** Live processes; each holds the session advisory lock (LOCK_SPACE, lock_key). */
export interface ProcessTable {
  id: string;
  lock_key: number;
  role: string;
  graphile_ids: JSONColumnType<string[], string, string>;
  started_at: At;
  seen_at: At;
}

export interface Database {
  users: UserTable;
  setup: SetupTable;
  sessions: SessionTable;
  api_keys: ApiKeyTable;
  login_throttles: LoginThrottleTable;
  mfa_secrets: MfaSecretTable;
  mfa_attempts: MfaAttemptTable;
  mfa_recovery_codes: MfaRecoveryCodeTable;
  mfa_grants: MfaGrantTable;
  workspaces: WorkspaceTable;
  environments: EnvironmentTable;
  memberships: MembershipTable;
  workflows: WorkflowTable;
  workflow_versions: WorkflowVersionTable;
  nodes: NodeTable;
  edges: EdgeTable;
  graph_changes: GraphChangeTable;
  webhooks: WebhookTable;
  webhook_deliveries: WebhookDeliveryTable;
  socket_tickets: SocketTicketTable;
  executions: ExecutionTable;
  steps: StepTable;
  step_calls: StepCallTable;
  blobs: BlobTable;
  event_chunks: EventChunkTable;
  approvals: ApprovalTable;
  approval_votes: ApprovalVoteTable;
  approval_links: ApprovalLinkTable;
  awaited_calls: AwaitedCallTable;
  signals: SignalTable;
  run_slots: RunSlotTable;
  run_removals: RunRemovalTable;
  credentials: CredentialTable;
  credential_uses: CredentialUseTable;
  sealing_checks: SealingCheckTable;
  audit_events: AuditEventTable;
  audit_chain: AuditChainTable;
  processes: ProcessTable;
  schedules: ScheduleTable;
  schedule_fires: ScheduleFireTable;
  epics: EpicTable;
  tasks: TaskTable;
  memory_facts: MemoryFactTable;
  memory_episodes: MemoryEpisodeTable;
  memory_procedures: MemoryProcedureTable;
  memory_users: MemoryUserTable;
  memory_checkpoints: MemoryCheckpointTable;
  memory_search: MemorySearchTable;
  memory_vectors: MemoryVectorTable;
  chat_threads: ChatThreadTable;
  chat_messages: ChatMessageTable;
  chat_attachments: ChatAttachmentTable;
  chat_pages: ChatPageTable;
  chat_visits: ChatVisitTable;
  chat_deliveries: ChatDeliveryTable;
  llm_calls: LlmCallTable;
  model_prices: ModelPriceTable;
  budgets: BudgetTable;
  sandboxes: SandboxTable;
  settings: SettingTable;
  external_identities: ExternalIdentityTable;
  pending_confirmations: PendingConfirmationTable;
  mcp_tools: McpToolTable;
  api_calls: ApiCallTable;
}
