import { z } from 'zod';
import { pageOf, paging } from '#domain/page.ts';
import { EXECUTION_STATUSES } from '#domain/run/event.ts';
import { text } from '#domain/text.ts';
import { operation, rowId } from './operation.ts';
import { graphOut, stepInputs } from './workflow.ts';

const time = z.string().describe('UTC, ISO 8601 with Z.');
const one = { execution_id: text(200) };

const execution = {
  execution_id: z.string(),
  workflow_slug: z.string(),
  workflow_name: z.string(),
  status: z.enum(EXECUTION_STATUSES),
  error_message: z.string(),
  trigger_kind: z.string(),
  created_at: time,
  started_at: time.nullable(),
  completed_at: time.nullable(),
  total_tokens: z.int(),
  total_cost_usd: z.number(),
  llm_calls: z.int(),
};
export const executionOut = z.object(execution).meta({ id: 'Execution' });

const CUT =
  'What is larger than 256 KiB is `{ "$truncated": true, "bytes", "preview" }`, with how its JSON begins';

/** One attempt of a step. `input` and `output` are by port. */
export const stepLogOut = z
  .object({
    id: z.int(),
    node_id: z.string(),
    scope: z.string().describe('Which repetition of a loop, such as `/loop1:3`; empty outside loops.'),
    status: z.enum(['success', 'failed', 'skipped', 'waiting', 'cancelled']),
    input: z.json().describe(`By port. ${CUT}; \`steps/{step_id}/value/\` gives it in pages.`),
    output: z.json().describe('By port; cut like `input`.'),
    error: z.string(),
    error_code: z.string().nullable(),
    metadata: z.record(z.string(), z.json()).nullable(),
    duration_ms: z.int(),
    timestamp: time,
    attempt: z.int(),
    logs: z.array(z.string()),
  })
  .meta({ id: 'StepLog' });

/** Something a step did once in its life: an answer of a model, a call of a tool. */
export const stepCallOut = z
  .object({
    id: z.int(),
    node_id: z.string(),
    scope: z.string(),
    key: z.string().describe('Unique within the step.'),
    kind: z.string().describe('`model`, `tool` or `plan`.'),
    title: z.string().describe('The model or the function that was called.'),
    tool_node_id: z.string().nullable().describe('The node of the tool.'),
    request: z.json().describe(`What was asked. ${CUT}.`),
    result: z.json().describe('What came of it; cut like `request`.'),
    is_error: z.boolean(),
    started_at: time,
    duration_ms: z.int(),
    usage: z
      .object({
        input_tokens: z.int(),
        cached_tokens: z.int(),
        output_tokens: z.int(),
        cost_usd: z.number(),
      })
      .nullable()
      .describe('Of an answer of a model.'),
  })
  .meta({ id: 'StepCall' });

/** A part of a value: what is in it depends on `kind`. */
export const valuePage = z
  .object({
    kind: z.enum(['list', 'text', 'object', 'value']),
    path: z.string(),
    bytes: z.int().describe('Of the whole value at the path, as JSON.'),
    offset: z.int(),
    total: z.int().describe('Entries of a list, UTF-16 units of a text, keys of an object.'),
    items: z.array(z.json()).optional(),
    text: z.string().optional(),
    entries: z.array(z.object({ key: z.string(), value: z.json() })).optional(),
    value: z.json().optional(),
  })
  .meta({ id: 'ValuePage' });

const valueInput = {
  path: text(2000).default('').describe('Keys and indexes separated by dots, such as `output.rows.3`.'),
  offset: z.int().min(0).max(1_000_000_000).default(0),
  limit: z
    .int()
    .min(0)
    .transform((limit) => Math.min(limit, 100_000))
    .default(100)
    .describe('Entries of a list, keys of an object, or UTF-16 units of a text.'),
};

export const eventOut = z
  .object({
    seq: z.int(),
    type: z.string(),
    execution_id: z.string(),
    timestamp: z.number().describe('Unix seconds.'),
    data: z.record(z.string(), z.json()),
  })
  .meta({ id: 'RunEvent' });

export const executions = {
  list: operation({
    method: 'get',
    path: '/executions',
    status: 200,
    access: 'execution.read',
    summary: 'List runs, newest first',
    input: z.object({ ...paging, workflow_slug: text(200).optional(), status: text(100).optional() }),
    output: pageOf(executionOut),
  }),
  batchDelete: operation({
    method: 'post',
    path: '/executions/batch-delete',
    status: 204,
    access: 'execution.delete',
    summary: 'Delete finished runs with their logs',
    input: z.object({ execution_ids: z.array(text(200)).max(1000) }),
    output: z.void(),
  }),
  get: operation({
    method: 'get',
    path: '/executions/{execution_id}',
    status: 200,
    access: 'execution.read',
    summary: 'One run with its steps',
    input: z.object(one),
    output: z
      .object({
        ...execution,
        final_output: z.json().describe(`${CUT}; \`value/\` gives it in pages and \`status/\` as a whole.`),
        trigger_payload: z.json().describe('Cut like `final_output`.'),
        trigger_node_id: z.string(),
        logs: z
          .array(stepLogOut)
          .describe('At most 1,000: of more, those outside repetitions and then the earliest.'),
        logs_total: z.int(),
        logs_truncated: z.boolean().describe('There are more: see `logs/`.'),
      })
      .meta({ id: 'ExecutionDetail' }),
  }),
  status: operation({
    method: 'get',
    path: '/executions/{execution_id}/status',
    status: 200,
    access: 'execution.read',
    summary: 'Where a run stands',
    input: z.object(one),
    output: z.object({
      execution_id: z.string(),
      workflow: z.string(),
      status: z.enum(EXECUTION_STATUSES),
      started_at: time.nullable(),
      completed_at: time.nullable(),
      final_output: z.json(),
      error_message: z.string().nullable(),
    }),
  }),
  logs: operation({
    method: 'get',
    path: '/executions/{execution_id}/logs',
    status: 200,
    access: 'execution.read',
    summary: 'The run’s steps in the order they were recorded',
    input: z.object({
      ...one,
      ...paging,
      node_id: text(64).optional(),
      scope: text(1000)
        .optional()
        .describe('One repetition, such as `/loop:3`; empty for what is outside repetitions.'),
      status: text(100).optional(),
    }),
    output: pageOf(stepLogOut),
  }),
  calls: operation({
    method: 'get',
    path: '/executions/{execution_id}/calls',
    status: 200,
    access: 'execution.read',
    summary: 'What steps asked of models and tools, in the order it was recorded',
    input: z.object({
      ...one,
      ...paging,
      node_id: text(64).optional(),
      scope: text(1000).optional().describe('One repetition; empty for what is outside repetitions.'),
      kind: text(20).optional(),
      tool_node_id: text(64).optional().describe('Only calls of this tool.'),
    }),
    output: pageOf(stepCallOut),
  }),
  stepValue: operation({
    method: 'get',
    path: '/executions/{execution_id}/steps/{step_id}/value',
    status: 200,
    access: 'execution.read',
    summary: 'A page of what a step was given or gave',
    input: z.object({
      ...one,
      step_id: rowId.describe('The id of its log.'),
      side: z.enum(['output', 'input']).default('output'),
      ...valueInput,
    }),
    output: valuePage,
  }),
  value: operation({
    method: 'get',
    path: '/executions/{execution_id}/value',
    status: 200,
    access: 'execution.read',
    summary: 'A page of what the run was given or gave',
    input: z.object({ ...one, side: z.enum(['output', 'trigger']).default('output'), ...valueInput }),
    output: valuePage,
  }),
  graph: operation({
    method: 'get',
    path: '/executions/{execution_id}/graph',
    status: 200,
    access: 'execution.read',
    summary: 'The graph the run is pinned to',
    input: z.object(one),
    output: graphOut,
  }),
  cancel: operation({
    method: 'post',
    path: '/executions/{execution_id}/cancel',
    status: 200,
    access: 'execution.run',
    summary: 'Stop a run; a finished one is returned unchanged',
    input: z.object(one),
    output: executionOut,
  }),
  retry: operation({
    method: 'post',
    path: '/executions/{execution_id}/retry',
    status: 200,
    access: 'execution.run',
    summary: 'Run a failed run again from where it failed; steps that succeeded are taken over',
    input: z.object({
      ...one,
      from_node_id: text(64).nullish().describe('This node and all behind it run anew.'),
      inputs: stepInputs.nullish(),
    }),
    output: z.object({ execution_id: z.string(), status: z.literal('pending') }),
  }),
  events: operation({
    method: 'get',
    path: '/executions/{execution_id}/events',
    status: 200,
    access: 'execution.read',
    summary: 'The run’s events after a sequence number',
    input: z.object({ ...one, after_seq: z.int().min(0).default(0), limit: paging.limit }),
    output: z.object({ items: z.array(eventOut), last_seq: z.int() }),
  }),
} as const;
