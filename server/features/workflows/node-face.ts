import type { z } from 'zod';
import type { nodeOut } from '#contract/graph.ts';
import type { NodeApiFields, NodeRow } from './row.ts';
import type { ScheduleJobs } from './schedule-job.ts';

type NodeOut = z.input<typeof nodeOut>;
type Config = NodeOut['config'];

const DEFAULTS: Config = {
  system_prompt: '',
  extra_config: {},
  llm_credential_id: null,
  model_name: '',
  temperature: null,
  max_tokens: null,
  frequency_penalty: null,
  presence_penalty: null,
  top_p: null,
  timeout: null,
  max_retries: null,
  response_format: null,
  llm_model_config_id: null,
  credential_id: null,
  is_active: true,
  priority: 0,
  trigger_config: {},
  input_template: null,
};

const MODEL_FIELDS = [
  'llm_credential_id',
  'model_name',
  'temperature',
  'max_tokens',
  'frequency_penalty',
  'presence_penalty',
  'top_p',
  'timeout',
  'max_retries',
  'response_format',
];
const TRIGGER_FIELDS = ['credential_id', 'is_active', 'priority', 'trigger_config'];
const PROMPTED = new Set(['agent', 'deep_agent', 'categorizer', 'router', 'extractor']);

/** The config fields of the reference API that mean something for a node type; the others are dropped. */
function applicable(type: string): readonly string[] {
  if (type === 'ai_model') return MODEL_FIELDS;
  if (type.startsWith('trigger_')) return TRIGGER_FIELDS;
  return PROMPTED.has(type) ? ['system_prompt'] : [];
}

/** What of a given config is stored beside the graph for this type. */
export function applicableConfig(
  type: string,
  config: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const keys = applicable(type).filter((key) => config[key] !== undefined);
  return Object.fromEntries(keys.map((key) => [key, config[key]]));
}

/** A node as core API clients see it; `jobs` are the schedules of its workflow's nodes. */
export function nodeOutOf(row: NodeRow, jobs: ScheduleJobs): NodeOut {
  const fields: NodeApiFields = row.api_fields;
  return {
    id: row.id,
    node_id: row.node_id,
    label: row.label,
    component_type: row.type,
    is_entry_point: fields.is_entry_point ?? false,
    interrupt_before: fields.interrupt_before ?? row.type === 'human_confirmation',
    interrupt_after: fields.interrupt_after ?? false,
    position_x: Math.round(row.x),
    position_y: Math.round(row.y),
    config: { ...DEFAULTS, ...fields.config, extra_config: row.config as Config['extra_config'] },
    settings: row.settings,
    subworkflow_id: fields.subworkflow_id ?? null,
    code_block_id: fields.code_block_id ?? null,
    updated_at: row.updated_at.toISOString(),
    schedule_job: (jobs.get(row.id) ?? null) as NodeOut['schedule_job'],
  };
}
