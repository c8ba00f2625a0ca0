import { z } from 'zod';
import { graphCommand, graphEdge, graphNode } from '#domain/graph/command.ts';
import { pageOf, paging } from '#domain/page.ts';
import { name, text } from '#domain/text.ts';
import { edgeOut, nodeOut } from './graph.ts';
import { GRAPH_BODY_BYTES, operation, rowId } from './operation.ts';
import { workflowText } from './workflow-text.ts';

const time = z.string().describe('UTC, ISO 8601 with Z.');
const addressed = { workflow_slug: text(200) };
const anyObject = z.record(z.string(), z.json());
export const stepInputs = z
  .record(text(64), z.record(text(100), z.json()))
  .describe('By node id and port: what nodes outside loops get in place of what their edges bring.');

const workflow = {
  id: z.int(),
  name: z.string(),
  slug: z.string(),
  description: z.string(),
  is_active: z.boolean(),
  is_public: z.boolean(),
  is_default: z.boolean(),
  tags: z.array(z.string()).nullable(),
  error_handler_workflow_id: z.int().nullable(),
  max_execution_seconds: z.int(),
  max_concurrent_runs: z.int().nullable(),
  priority: z.int(),
  deadline_counts_waits: z.boolean(),
  input_schema: anyObject.nullable(),
  output_schema: anyObject.nullable(),
  node_count: z.int(),
  edge_count: z.int(),
  trigger_count: z.int(),
  revision: z.int(),
  created_at: time,
  updated_at: time,
};
export const workflowOut = z.object(workflow).meta({ id: 'Workflow' });
export const workflowDetailOut = z
  .object({ ...workflow, nodes: z.array(nodeOut), edges: z.array(edgeOut) })
  .meta({ id: 'WorkflowDetail' });

const settable = {
  name: name(200),
  slug: text(200),
  description: text(10_000),
  is_active: z.boolean(),
  is_public: z.boolean(),
  is_default: z.boolean(),
  tags: z.array(text(100)).max(100).nullable(),
  error_handler_workflow_id: rowId.nullable(),
  max_execution_seconds: z.int().min(1).max(2_592_000),
  max_concurrent_runs: z
    .int()
    .min(1)
    .max(100_000)
    .nullable()
    .describe('Runs worked on at once; the others wait. Null: no limit.'),
  priority: z.int().min(-100).max(100).describe('Of its runs in the queue; higher goes first.'),
  deadline_counts_waits: z
    .boolean()
    .describe('Whether time spent waiting counts against max_execution_seconds.'),
  input_schema: anyObject.nullable(),
  output_schema: anyObject.nullable(),
};

export const problemOut = z
  .object({
    level: z.enum(['error', 'warning']),
    code: z.string(),
    message: z.string(),
    node_id: z.string().nullable(),
    edge_id: z.int().nullable(),
    field: z.string().nullable(),
  })
  .meta({ id: 'GraphProblem' });

/** The canonical document of export and import. */
export const workflowDocument = z
  .object({
    format: z.literal('pipewright/workflow'),
    version: z.literal(1),
    workflow: z.object({
      name: name(200),
      description: text(10_000).default(''),
      tags: z.array(text(100)).nullish(),
    }),
    nodes: z.array(graphNode).max(5000),
    edges: z.array(graphEdge).max(20_000),
  })
  .meta({ id: 'WorkflowDocument' });
export type WorkflowDocument = z.output<typeof workflowDocument>;

/** The graph as the editor holds it, with what it needs to run and save. */
export const graphOut = z
  .object({
    revision: z.int(),
    next_edge_id: z.int(),
    nodes: z.array(graphNode),
    edges: z.array(graphEdge),
    webhooks: z
      .record(z.string(), z.string())
      .describe('The path of each webhook trigger’s address, by node id.'),
  })
  .meta({ id: 'Graph' });

const portOut = z.object({
  name: z.string(),
  data_type: z.string(),
  description: z.string(),
  required: z.boolean(),
  default: z.json(),
  port_schema: z.json().nullable(),
});
export const nodeTypeOut = z
  .object({
    component_type: z.string(),
    display_name: z.string(),
    description: z.string(),
    category: z.string(),
    label: z.string(),
    icon: z.string(),
    color: z.string(),
    sub_inputs: z.array(z.string()),
    inputs: z.array(portOut),
    outputs: z.array(portOut),
    requires_model: z.boolean(),
    requires_tools: z.boolean(),
    requires_memory: z.boolean(),
    requires_output_parser: z.boolean(),
    requires_skills: z.boolean(),
    executable: z.boolean(),
    config_schema: anyObject,
  })
  .meta({ id: 'NodeType' });

export const workflows = {
  list: operation({
    method: 'get',
    path: '/workflows',
    status: 200,
    access: 'workflow.read',
    summary: 'List workflows',
    input: z.object({
      ...paging,
      q: text(200).optional().describe('Part of the name, slug or description.'),
      sort: z.enum(['id', 'name', '-updated_at', '-created_at', '']).optional(),
      tag: text(100).optional(),
    }),
    output: pageOf(workflowOut),
  }),
  create: operation({
    method: 'post',
    path: '/workflows',
    status: 201,
    access: 'workflow.edit',
    summary: 'Create a workflow',
    input: z.object({
      name: settable.name,
      slug: settable.slug,
      description: settable.description.default(''),
      is_active: settable.is_active.default(true),
      is_public: settable.is_public.default(false),
      is_default: settable.is_default.default(false),
      tags: settable.tags.optional(),
      error_handler_workflow_id: settable.error_handler_workflow_id.optional(),
      max_execution_seconds: settable.max_execution_seconds.default(600),
      max_concurrent_runs: settable.max_concurrent_runs.optional(),
      priority: settable.priority.optional(),
      deadline_counts_waits: settable.deadline_counts_waits.optional(),
      input_schema: settable.input_schema.optional(),
      output_schema: settable.output_schema.optional(),
    }),
    output: workflowOut,
  }),
  nodeTypes: operation({
    method: 'get',
    path: '/workflows/node-types',
    status: 200,
    access: 'workflow.read',
    summary: 'Every node type with its ports and configuration schema',
    input: z.object({}),
    output: z.record(z.string(), nodeTypeOut),
  }),
  hostTypes: operation({
    method: 'get',
    path: '/workflows/host-types',
    status: 200,
    access: 'workflow.read',
    summary: 'The node types that touch the host and that the operator has enabled',
    input: z.object({}),
    output: z.array(z.string()),
  }),
  ...workflowText,
  batchDelete: operation({
    method: 'post',
    path: '/workflows/batch-delete',
    status: 204,
    access: 'workflow.edit',
    summary: 'Delete several workflows; unknown ones are skipped',
    input: z.object({ slugs: z.array(text(200)).max(1000) }),
    output: z.void(),
  }),
  import: operation({
    method: 'post',
    path: '/workflows/import',
    maxBodyBytes: GRAPH_BODY_BYTES,
    status: 201,
    access: 'workflow.edit',
    summary: 'Create a workflow from an exported document',
    input: z.object({
      document: workflowDocument,
      name: name(200).optional(),
      credentials: z
        .record(z.string().max(200), rowId)
        .optional()
        .describe('Which of your credentials stands for a name in the document; the others stay empty.'),
    }),
    output: workflowOut,
  }),
  importText: operation({
    method: 'post',
    path: '/workflows/import/text',
    maxBodyBytes: GRAPH_BODY_BYTES,
    status: 201,
    access: 'workflow.edit',
    summary: 'Create a workflow from the text of an exported document, YAML or JSON',
    input: z.object({
      text: text(1_048_576),
      name: name(200).optional(),
      credentials: z.record(z.string().max(200), rowId).optional(),
    }),
    output: workflowOut,
  }),
  get: operation({
    method: 'get',
    path: '/workflows/{workflow_slug}',
    status: 200,
    access: 'workflow.read',
    summary: 'One workflow with its nodes and edges',
    input: z.object(addressed),
    output: workflowDetailOut,
  }),
  update: operation({
    method: 'patch',
    path: '/workflows/{workflow_slug}',
    status: 200,
    access: 'workflow.edit',
    summary: 'Change a workflow; only the keys sent change',
    input: z.object({ ...addressed, ...z.object(settable).partial().shape }),
    output: workflowOut,
  }),
  remove: operation({
    method: 'delete',
    path: '/workflows/{workflow_slug}',
    status: 204,
    access: 'workflow.edit',
    summary: 'Delete a workflow with its runs',
    input: z.object(addressed),
    output: z.void(),
  }),
  duplicate: operation({
    method: 'post',
    path: '/workflows/{workflow_slug}/duplicate',
    status: 201,
    access: 'workflow.edit',
    summary: 'Copy a workflow',
    input: z.object(addressed),
    output: workflowOut,
  }),
  validate: operation({
    method: 'post',
    path: '/workflows/{workflow_slug}/validate',
    status: 200,
    access: 'workflow.read',
    summary: 'Check the stored graph',
    input: z.object(addressed),
    output: z.object({ valid: z.boolean(), errors: z.array(z.string()), problems: z.array(problemOut) }),
  }),
  execute: operation({
    method: 'post',
    path: '/workflows/{workflow_slug}/execute',
    status: 200,
    access: 'workflow.run',
    summary: 'Start a run by hand',
    input: z.object({
      ...addressed,
      text: text(1_000_000).default(''),
      payload: anyObject.optional().describe('What the trigger hands on, beside `text`.'),
      trigger_node_id: text(64).nullish(),
      until: text(64).nullish().describe('Run only what this node needs, and it.'),
      only: text(64).nullish().describe('Run this node alone, on `inputs` or what the earlier run gave.'),
      inputs: stepInputs.nullish(),
      reuse_execution_id: text(64)
        .nullish()
        .describe('Take over what the steps of this earlier run gave; they do not run.'),
      from: text(64).nullish().describe('With `reuse_execution_id`: this node and all behind it run anew.'),
      use_pins: z.boolean().optional().describe('Nodes with pinned outputs give those.'),
    }),
    output: z.object({ execution_id: z.string(), status: z.literal('pending') }),
  }),
  graph: operation({
    method: 'get',
    path: '/workflows/{workflow_slug}/graph',
    status: 200,
    access: 'workflow.read',
    summary: 'The graph with its revision',
    input: z.object(addressed),
    output: graphOut,
  }),
  changeGraph: operation({
    method: 'post',
    path: '/workflows/{workflow_slug}/graph',
    maxBodyBytes: GRAPH_BODY_BYTES,
    status: 200,
    access: 'workflow.edit',
    summary: 'Apply a batch of graph commands, all or none; 409 with the missed commands when out of date',
    input: z.object({
      ...addressed,
      base_revision: z.int().min(0),
      commands: z.array(graphCommand).min(1).max(5000),
    }),
    output: z.object({
      revision: z.int(),
      next_edge_id: z.int(),
      webhooks: z.record(z.string(), z.string()),
    }),
  }),
  propose: operation({
    method: 'post',
    path: '/workflows/{workflow_slug}/propose',
    maxBodyBytes: GRAPH_BODY_BYTES,
    status: 200,
    access: 'workflow.edit',
    summary: 'Ask a model for a change of a graph; the change is checked and handed over, nothing is saved',
    input: z.object({
      ...addressed,
      prompt: name(20_000).describe('What is to change, in plain words.'),
      nodes: z.array(graphNode).max(500).describe('The graph as it is now, saved or not.'),
      edges: z.array(graphEdge).max(2000),
      next_edge_id: z.int().min(1).max(1_000_000_000).default(1),
      llm_credential_id: rowId,
      model_name: name(200),
      proposal_id: z
        .uuid()
        .describe(
          'Of your choice. What is written meanwhile comes as `chat_delta` with it on `workflow:<slug>`.',
        ),
    }),
    output: z.object({
      summary: z.string(),
      commands: z.array(graphCommand),
      answers: z
        .int()
        .describe('How often the model was asked; more than one when it had to correct itself.'),
      usage: z.object({ input_tokens: z.int(), output_tokens: z.int(), cost_usd: z.number() }),
    }),
  }),
  export: operation({
    method: 'get',
    path: '/workflows/{workflow_slug}/export',
    status: 200,
    access: 'workflow.read',
    summary: 'The workflow as a document that `import` takes',
    input: z.object(addressed),
    output: workflowDocument,
  }),
} as const;
