import type { Generated } from 'kysely';
import type { EpicStatus, TaskStatus } from '#domain/epic/status.ts';
import type { At, Json, NullableAt, NullableJson } from './column-type.ts';

export interface EpicTable {
  /** `ep-` and twelve hexadecimal digits. */
  id: string;
  environment_id: number;
  user_id: number | null;
  title: string;
  description: Generated<string>;
  tags: Generated<string[]>;
  created_by_node_id: string | null;
  workflow_id: number | null;
  status: Generated<EpicStatus>;
  priority: Generated<number>;
  budget_tokens: number | null;
  budget_usd: number | null;
  /** The sums over its tasks; changed in the transaction that changes a task. */
  spent_tokens: Generated<number>;
  spent_usd: Generated<number>;
  agent_overhead_tokens: Generated<number>;
  agent_overhead_usd: Generated<number>;
  total_tasks: Generated<number>;
  completed_tasks: Generated<number>;
  failed_tasks: Generated<number>;
  created_at: At;
  updated_at: At;
  completed_at: NullableAt;
  result_summary: string | null;
}
export interface TaskTable {
  /** `tk-` and twelve hexadecimal digits. */
  id: string;
  epic_id: string;
  title: string;
  description: Generated<string>;
  tags: Generated<string[]>;
  created_by_node_id: string | null;
  status: Generated<TaskStatus>;
  priority: Generated<number>;
  workflow_id: number | null;
  execution_id: string | null;
  workflow_source: Generated<string>;
  /** Ids of tasks of the same epic. */
  depends_on: Generated<string[]>;
  requirements: NullableJson;
  estimated_tokens: number | null;
  actual_tokens: Generated<number>;
  actual_usd: Generated<number>;
  llm_calls: Generated<number>;
  tool_invocations: Generated<number>;
  duration_ms: Generated<number>;
  created_at: At;
  updated_at: At;
  started_at: NullableAt;
  completed_at: NullableAt;
  result_summary: string | null;
  error_message: string | null;
  retry_count: Generated<number>;
  max_retries: Generated<number>;
  notes: Json;
  /** The linked run has not been taken into account yet. */
  awaits_run: Generated<boolean>;
}
