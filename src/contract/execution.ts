import { z } from 'zod';
import { pageOf, paging } from '#domain/page.ts';
import { EXECUTION_STATUSES } from '#domain/run/event.ts';
import { text } from '#domain/text.ts';
import { operation } from './operation.ts';
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

/** One attempt of a step. `input` and `output` are by port. */
export const stepLogOut = z
  .object({
    id: z.int(),
    node_id: z.string(),
    scope: z.string().describe('Which repetition of a loop, such as `/loop1:3`; empty outside loops.'),
    status: z.enum(['success', 'failed', 'skipped', 'waiting', 'cancelled']),
    input: z.json(),
    output: z.json(),
    error: z.string(),
    error_code: z.string().nullable(),
    metadata: z.record(z.string(), z.json()).nullable(),
    duration_ms: z.int(),
    timestamp: time,
    attempt: z.int(),
    logs: z.array(z.string()),
  })
  .meta({ id: 'StepLog' });

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
    access: 'user',
    summary: 'List runs, newest first',
    input: z.object({ ...paging, workflow_slug: text(200).optional(), status: text(100).optional() }),
    output: pageOf(executionOut),
  }),
  batchDelete: operation({
    method: 'post',
    path: '/executions/batch-delete',
    status: 204,
    access: 'user',
    summary: 'Delete finished runs with their logs',
    input: z.object({ execution_ids: z.array(text(200)).max(1000) }),
    output: z.void(),
  }),
  get: operation({
    method: 'get',
    path: '/executions/{execution_id}',
    status: 200,
    access: 'user',
    summary: 'One run with its steps',
    input: z.object(one),
    output: z
      .object({
        ...execution,
        final_output: z.json(),
        trigger_payload: z.json(),
        trigger_node_id: z.string(),
        logs: z.array(stepLogOut),
      })
      .meta({ id: 'ExecutionDetail' }),
  }),
  status: operation({
    method: 'get',
    path: '/executions/{execution_id}/status',
    status: 200,
    access: 'user',
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
  graph: operation({
    method: 'get',
    path: '/executions/{execution_id}/graph',
    status: 200,
    access: 'user',
    summary: 'The graph the run is pinned to',
    input: z.object(one),
    output: graphOut,
  }),
  cancel: operation({
    method: 'post',
    path: '/executions/{execution_id}/cancel',
    status: 200,
    access: 'user',
    summary: 'Stop a run; a finished one is returned unchanged',
    input: z.object(one),
    output: executionOut,
  }),
  retry: operation({
    method: 'post',
    path: '/executions/{execution_id}/retry',
    status: 200,
    access: 'user',
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
    access: 'user',
    summary: 'The run’s events after a sequence number',
    input: z.object({ ...one, after_seq: z.int().min(0).default(0), limit: paging.limit }),
    output: z.object({ items: z.array(eventOut), last_seq: z.int() }),
  }),
} as const;
