import type { z } from 'zod';
import { nodeOut } from '#contract/graph.ts';
import { type AnyDefinition, type DefinitionOf, portsOf } from '#domain/node/definition.ts';
import type { NodeApiFields, NodeRow, StoredGraph } from './row.ts';
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

const TRIGGER_FIELDS = ['credential_id', 'is_active', 'priority', 'trigger_config'];

/** What of a given config is stored beside the graph for this type. */
export function applicableConfig(
  type: string,
  config: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const applicable = type.startsWith('trigger_') ? TRIGGER_FIELDS : [];
  const keys = applicable.filter((key) => config[key] !== undefined);
  return Object.fromEntries(keys.map((key) => [key, config[key]]));
}

type AnyConfig = Readonly<Record<string, unknown>>;

const without = (config: AnyConfig, keys: readonly string[]): AnyConfig =>
  Object.fromEntries(Object.entries(config).filter(([key]) => !keys.includes(key)));

/**
 * A node's own config after a request: the fields its type shows beside `extra_config` are merged key by key, null
 * empties one; `extra_config` replaces all others.
 */
export function mergedConfig(
  definition: AnyDefinition | undefined,
  before: AnyConfig,
  given: { readonly [K in keyof Config]?: Config[K] | undefined } | undefined,
): AnyConfig {
  const own = definition?.apiFields ?? [];
  const rest = given?.extra_config ?? without(before, own);
  const kept = Object.entries(before).filter(([key]) => own.includes(key));
  const asked = Object.entries(given ?? {}).filter(
    ([key, value]) => own.includes(key) && value !== undefined,
  );
  const emptied = asked.filter(([, value]) => value === null).map(([key]) => key);
  return without({ ...Object.fromEntries(kept), ...rest, ...Object.fromEntries(asked) }, emptied);
}

/** The fields of a node's own config that are shown beside `extra_config`; what does not fit there is left out. */
function shownBeside(own: readonly string[], config: AnyConfig): Partial<Config> {
  const shape: Readonly<Record<string, z.ZodType>> = nodeOut.shape.config.shape;
  const fitting = own.filter((key) => shape[key]?.safeParse(config[key]).success);
  return Object.fromEntries(fitting.map((key) => [key, config[key]]));
}

type Drawn = Pick<StoredGraph, 'nodes' | 'graph'>;

/** By node id, the row of the model node that is plugged in. */
function modelsOf({ nodes, graph }: Drawn, definitionOf: DefinitionOf): ReadonlyMap<string, number> {
  const drawn = new Map(graph.nodes.map((node) => [node.id, node]));
  const rows = new Map(nodes.map((row) => [row.node_id, row.id]));
  const models = new Map<string, number>();
  for (const edge of graph.edges) {
    const target = drawn.get(edge.target);
    const id = rows.get(edge.source);
    if (!target || id === undefined) continue;
    const port = portsOf(target, definitionOf).inputs.find((one) => one.name === edge.targetPort);
    if (port?.type === 'model') models.set(edge.target, id);
  }
  return models;
}

/** Shows nodes of a graph as core API clients see them; `jobs` are the schedules of its nodes. */
export function nodeFace(
  drawn: Drawn,
  jobs: ScheduleJobs,
  definitionOf: DefinitionOf,
): (row: NodeRow) => NodeOut {
  const models = modelsOf(drawn, definitionOf);
  return (row) => {
    const fields: NodeApiFields = row.api_fields;
    const own = definitionOf(row.type)?.apiFields ?? [];
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
      config: {
        ...DEFAULTS,
        ...fields.config,
        ...shownBeside(own, row.config),
        llm_model_config_id: models.get(row.node_id) ?? null,
        extra_config: without(row.config, own) as Config['extra_config'],
      },
      settings: row.settings,
      subworkflow_id: fields.subworkflow_id ?? null,
      code_block_id: fields.code_block_id ?? null,
      updated_at: row.updated_at.toISOString(),
      schedule_job: (jobs.get(row.id) ?? null) as NodeOut['schedule_job'],
    };
  };
}
