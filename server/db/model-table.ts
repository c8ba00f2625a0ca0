import type { ColumnType, Generated } from 'kysely';
import type { At } from './column-type.ts';

/** Exact in the database; text on the way here. */
type Money = ColumnType<string, number | string, number | string>;
type DefaultMoney = ColumnType<string, number | string | undefined, number | string>;

/** One call of a model; it stays when its run is deleted. */
export interface LlmCallTable {
  id: Generated<string>;
  environment_id: number;
  workflow_id: number;
  execution_id: string;
  root_id: string;
  /** The run that everything began with, where that is not the root. */
  origin_id: string | null;
  /** How that one, else the root, was started; null in old rows. */
  origin_kind: string | null;
  node_id: string;
  scope: Generated<string>;
  /** Which call of a tool within the step; empty for the step itself. */
  step_key: Generated<string>;
  trigger_kind: string;
  provider: string;
  model: string;
  credential_id: number | null;
  status: Generated<'running' | 'ok' | 'failed'>;
  error_code: string | null;
  /** Of the prompt, cached ones included. */
  input_tokens: Generated<number>;
  cached_tokens: Generated<number>;
  output_tokens: Generated<number>;
  is_estimated: Generated<boolean>;
  cost_usd: DefaultMoney;
  /** Null: the model has no price. */
  price_version: number | null;
  reserved_tokens: Generated<number>;
  reserved_usd: DefaultMoney;
  expires_at: At;
  started_at: At;
  duration_ms: number | null;
}
/** US dollars per million tokens, by how the names of models begin. */
export interface ModelPriceTable {
  prefix: string;
  version: Generated<number>;
  input_usd: Money;
  cached_input_usd: Money;
  output_usd: Money;
  is_built_in: Generated<boolean>;
  is_removed: Generated<boolean>;
  changed_by: number | null;
  created_at: At;
}
/** What may be spent at most. */
export interface BudgetTable {
  id: Generated<number>;
  environment_id: number;
  /** Null: all workflows of the environment together. */
  workflow_id: number | null;
  /** Null: however the run was started. */
  trigger_kind: string | null;
  period: 'run' | 'day' | 'month';
  max_tokens: ColumnType<string | null, number | string | null | undefined, number | string | null>;
  max_usd: ColumnType<string | null, number | string | null | undefined, number | string | null>;
  created_at: At;
  updated_at: At;
}
