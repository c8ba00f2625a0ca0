import type { Generated } from 'kysely';
import type { At, NullableAt, NullableJson } from './column-type.ts';

/** `starting`: its run is about to be; `fired`: its run has been started. */
export type FireOutcome =
  | 'starting'
  | 'fired'
  | 'queued'
  | 'skipped_overlap'
  | 'skipped_inactive'
  | 'misfired'
  | 'backed_off'
  | 'failed';

export interface ScheduleTable {
  id: Generated<string>;
  environment_id: number;
  workflow_id: number;
  /** Null: the workflow's first schedule trigger. */
  trigger_node_id: number | null;
  user_id: number;
  name: string;
  description: Generated<string>;
  interval_seconds: number;
  /** Null: the interval counts. */
  cron: string | null;
  timezone: Generated<string>;
  start_at: NullableAt;
  end_at: NullableAt;
  jitter_seconds: Generated<number>;
  misfire_policy: Generated<'skip' | 'once' | 'all'>;
  overlap_policy: Generated<'skip' | 'queue' | 'allow'>;
  total_repeats: Generated<number>;
  max_retries: Generated<number>;
  timeout_seconds: Generated<number>;
  trigger_payload: NullableJson;
  status: Generated<'active' | 'paused' | 'done' | 'dead'>;
  current_repeat: Generated<number>;
  current_retry: Generated<number>;
  run_count: Generated<number>;
  error_count: Generated<number>;
  last_error: Generated<string>;
  last_run_at: NullableAt;
  /** The time the next fire is meant for; `next_run_at` is when it is made. */
  next_fire_at: NullableAt;
  next_run_at: NullableAt;
  created_at: At;
  updated_at: At;
}
/** One row a fire, made or not: no fire happens twice. */
export interface ScheduleFireTable {
  schedule_id: string;
  fire_at: At;
  /** The record stands for every fire from `fire_at` to here. */
  until_at: NullableAt;
  outcome: FireOutcome;
  detail: Generated<string>;
  is_manual: Generated<boolean>;
  repeat_number: number | null;
  /** The run's idempotency key and payload: whoever starts it twice starts it once. */
  run_key: string | null;
  payload: NullableJson;
  /** The run that asked for it. */
  origin: NullableJson;
  execution_id: string | null;
  result: 'completed' | 'failed' | 'cancelled' | null;
  recorded_at: At;
  /** When a process last took it upon itself to start the run. */
  claimed_at: NullableAt;
  ended_at: NullableAt;
}
