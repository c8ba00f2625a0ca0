import { z } from 'zod';
import { EDGE_TARGET, NODE_ID } from '#domain/graph/command.ts';
import { nodeSettings } from '#domain/graph/graph.ts';
import { text } from '#domain/text.ts';
import { operation, rowId } from './operation.ts';

const time = z.string().describe('UTC, ISO 8601 with Z.');
const anyObject = z.record(z.string(), z.json());
const inWorkflow = { workflow_slug: text(200) };

/** The reference API's config: always every key on the way out, any subset on the way in. */
const modelSettings = {
  llm_credential_id: z.int().nullable(),
  model_name: z.string(),
  temperature: z.number().nullable(),
  max_tokens: z.int().nullable(),
  frequency_penalty: z.number().nullable(),
  presence_penalty: z.number().nullable(),
  top_p: z.number().nullable(),
  timeout: z.int().nullable(),
  max_retries: z.int().nullable(),
  response_format: anyObject.nullable(),
  llm_model_config_id: z.int().nullable(),
};
const componentConfig = {
  system_prompt: z.string(),
  extra_config: anyObject.describe('The node type’s own configuration; its schema is in node-types.'),
  ...modelSettings,
  credential_id: z.int().nullable(),
  is_active: z.boolean(),
  priority: z.int(),
  trigger_config: anyObject,
  input_template: z.string().nullable(),
};

export const nodeOut = z
  .object({
    id: z.int(),
    node_id: z.string(),
    label: z.string().nullable(),
    component_type: z.string(),
    is_entry_point: z.boolean(),
    interrupt_before: z.boolean(),
    interrupt_after: z.boolean(),
    position_x: z.int(),
    position_y: z.int(),
    config: z.object(componentConfig),
    settings: nodeSettings,
    subworkflow_id: z.int().nullable(),
    code_block_id: z.int().nullable(),
    updated_at: time,
    schedule_job: anyObject.nullable(),
  })
  .meta({ id: 'Node' });

export const edgeOut = z
  .object({
    id: z.int(),
    source_node_id: z.string(),
    target_node_id: z.string(),
    edge_type: z.enum(['direct', 'conditional']),
    edge_label: z.string(),
    condition_mapping: anyObject.nullable(),
    condition_value: z.string(),
    priority: z.int(),
    source_port: z.string(),
    target_port: z.string(),
  })
  .meta({ id: 'Edge' });

const nodeId = z.string().regex(NODE_ID, 'A node id has letters, digits, _ and -, at most 64.');
const nodeFields = {
  label: text(200).nullable(),
  is_entry_point: z.boolean(),
  interrupt_before: z.boolean(),
  interrupt_after: z.boolean(),
  position_x: z.int().min(-1_000_000).max(1_000_000),
  position_y: z.int().min(-1_000_000).max(1_000_000),
  config: z.object(componentConfig).partial(),
  settings: nodeSettings,
  subworkflow_id: rowId.nullable(),
  code_block_id: rowId.nullable(),
};

export const nodes = {
  list: operation({
    method: 'get',
    path: '/workflows/{workflow_slug}/nodes',
    status: 200,
    access: 'workflow.read',
    summary: 'The nodes of a workflow',
    input: z.object(inWorkflow),
    output: z.array(nodeOut),
  }),
  create: operation({
    method: 'post',
    path: '/workflows/{workflow_slug}/nodes',
    status: 201,
    access: 'workflow.edit',
    summary: 'Add a node',
    input: z.object({
      ...inWorkflow,
      component_type: text(64),
      node_id: nodeId.nullish(),
      ...z.object(nodeFields).partial().shape,
    }),
    output: nodeOut,
  }),
  update: operation({
    method: 'patch',
    path: '/workflows/{workflow_slug}/nodes/{node}',
    status: 200,
    access: 'workflow.edit',
    summary: 'Change a node; `config` is merged key by key',
    input: z.object({
      ...inWorkflow,
      node: text(200),
      node_id: nodeId.optional(),
      component_type: text(64).optional(),
      ...z.object(nodeFields).partial().shape,
    }),
    output: nodeOut,
  }),
  remove: operation({
    method: 'delete',
    path: '/workflows/{workflow_slug}/nodes/{node}',
    status: 204,
    access: 'workflow.edit',
    summary: 'Remove a node and the edges that touch it',
    input: z.object({ ...inWorkflow, node: text(200) }),
    output: z.void(),
  }),
  startSchedule: operation({
    method: 'post',
    path: '/workflows/{workflow_slug}/nodes/{node}/schedule/start',
    status: 200,
    access: 'schedule.run',
    summary: 'Start the schedule of a schedule trigger as its configuration says; a paused one goes on',
    input: z.object({ ...inWorkflow, node: text(200) }),
    output: nodeOut,
  }),
  pauseSchedule: operation({
    method: 'post',
    path: '/workflows/{workflow_slug}/nodes/{node}/schedule/pause',
    status: 200,
    access: 'schedule.run',
    summary: 'Pause the schedule of a schedule trigger',
    input: z.object({ ...inWorkflow, node: text(200) }),
    output: nodeOut,
  }),
  stopSchedule: operation({
    method: 'post',
    path: '/workflows/{workflow_slug}/nodes/{node}/schedule/stop',
    status: 200,
    access: 'schedule.edit',
    summary: 'Delete the schedule of a schedule trigger',
    input: z.object({ ...inWorkflow, node: text(200) }),
    output: nodeOut,
  }),
} as const;

const edgeFields = {
  source_node_id: nodeId,
  target_node_id: z
    .string()
    .refine((id) => id === '' || EDGE_TARGET.test(id), 'A target is a node id or __end__.'),
  edge_type: z.enum(['direct', 'conditional']),
  edge_label: z.enum(['', 'llm', 'tool', 'output_parser', 'loop_body', 'loop_return', 'skill', 'memory']),
  condition_mapping: anyObject.nullable(),
  condition_value: text(100),
  priority: z.int().min(-1000).max(1000),
  source_port: text(100).min(1),
  target_port: text(100).min(1),
};

export const edges = {
  list: operation({
    method: 'get',
    path: '/workflows/{workflow_slug}/edges',
    status: 200,
    access: 'workflow.read',
    summary: 'The edges of a workflow',
    input: z.object(inWorkflow),
    output: z.array(edgeOut),
  }),
  create: operation({
    method: 'post',
    path: '/workflows/{workflow_slug}/edges',
    status: 201,
    access: 'workflow.edit',
    summary: 'Connect two nodes; ports left out are chosen by type',
    input: z.object({
      ...inWorkflow,
      ...z.object(edgeFields).partial().shape,
      source_node_id: edgeFields.source_node_id,
      target_node_id: edgeFields.target_node_id.default(''),
      edge_type: edgeFields.edge_type.default('direct'),
      edge_label: edgeFields.edge_label.default(''),
      condition_value: edgeFields.condition_value.default(''),
      priority: edgeFields.priority.default(0),
    }),
    output: edgeOut,
  }),
  update: operation({
    method: 'patch',
    path: '/workflows/{workflow_slug}/edges/{edge_id}',
    status: 200,
    access: 'workflow.edit',
    summary: 'Change an edge; checked like a new one',
    input: z.object({ ...inWorkflow, edge_id: rowId, ...z.object(edgeFields).partial().shape }),
    output: edgeOut,
  }),
  remove: operation({
    method: 'delete',
    path: '/workflows/{workflow_slug}/edges/{edge_id}',
    status: 204,
    access: 'workflow.edit',
    summary: 'Remove an edge',
    input: z.object({ ...inWorkflow, edge_id: rowId }),
    output: z.void(),
  }),
} as const;
