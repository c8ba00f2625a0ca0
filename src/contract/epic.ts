import { z } from 'zod';
import { EPIC_STATUSES, TASK_STATUSES } from '#domain/epic/status.ts';
import { pageOf, paging } from '#domain/page.ts';
import { name, text } from '#domain/text.ts';
import { operation, rowId } from './operation.ts';

const time = z.string().describe('UTC, ISO 8601 with Z.');
const oneEpic = { epic_id: text(200) };
const oneTask = { task_id: text(200) };
const longText = text(20_000);
const ids = z.array(text(200)).max(1000);
const anyObject = z.record(z.string(), z.json());
const tokens = z.int().min(0);
const money = z.number().min(0).max(1e12);
const search = {
  q: text(200).optional().describe('Part of the title or description.'),
  tags: text(2000).optional().describe('Separated by commas; what has any of them.'),
  status: text(100).optional(),
};

export const epicOut = z
  .object({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    tags: z.array(z.string()),
    created_by_node_id: z.string().nullable(),
    workflow_id: z.int().nullable(),
    user_profile_id: z.int().nullable(),
    status: z.enum(EPIC_STATUSES),
    priority: z.int().describe('1 is the highest.'),
    budget_tokens: z.int().nullable(),
    budget_usd: z.number().nullable(),
    spent_tokens: z.int(),
    spent_usd: z.number(),
    agent_overhead_tokens: z.int(),
    agent_overhead_usd: z.number(),
    total_tasks: z.int(),
    completed_tasks: z.int(),
    failed_tasks: z.int(),
    created_at: time,
    updated_at: time,
    completed_at: time.nullable(),
    result_summary: z.string().nullable(),
  })
  .meta({ id: 'Epic' });

export const taskOut = z
  .object({
    id: z.string(),
    epic_id: z.string(),
    title: z.string(),
    description: z.string(),
    tags: z.array(z.string()),
    created_by_node_id: z.string().nullable(),
    status: z.enum(TASK_STATUSES),
    priority: z.int().describe('1 is the highest.'),
    workflow_id: z.int().nullable(),
    workflow_slug: z.string().nullable(),
    execution_id: z.string().nullable(),
    workflow_source: z.string(),
    depends_on: z.array(z.string()),
    requirements: anyObject.nullable(),
    estimated_tokens: z.int().nullable(),
    actual_tokens: z.int(),
    actual_usd: z.number(),
    llm_calls: z.int(),
    tool_invocations: z.int(),
    duration_ms: z.int(),
    created_at: time,
    updated_at: time,
    started_at: time.nullable(),
    completed_at: time.nullable(),
    result_summary: z.string().nullable(),
    error_message: z.string().nullable(),
    retry_count: z.int(),
    max_retries: z.int(),
    notes: z.array(z.json()),
  })
  .meta({ id: 'Task' });

const tags = z.array(name(100)).max(100);
const epicFields = {
  title: name(255),
  description: longText,
  tags,
  priority: rowId.describe('1 is the highest, 5 the lowest.'),
  budget_tokens: tokens.nullable(),
  budget_usd: money.nullable(),
};
const taskFields = {
  title: name(255),
  description: longText,
  tags,
  priority: epicFields.priority,
  workflow_slug: text(200).nullable(),
};

export const epics = {
  list: operation({
    method: 'get',
    path: '/epics',
    status: 200,
    access: 'epic.read',
    summary: 'List epics, newest first',
    input: z.object({
      ...paging,
      ...search,
      sort: text(50)
        .optional()
        .describe('`-created_at` (default), `created_at`, `-updated_at`, `title` or `priority`.'),
    }),
    output: pageOf(epicOut),
  }),
  create: operation({
    method: 'post',
    path: '/epics',
    status: 201,
    access: 'epic.edit',
    summary: 'Make an epic',
    input: z.object({
      ...z.object(epicFields).partial().shape,
      title: epicFields.title,
      workflow_id: rowId.nullish(),
    }),
    output: epicOut,
  }),
  batchDelete: operation({
    method: 'post',
    path: '/epics/batch-delete',
    status: 204,
    access: 'epic.edit',
    summary: 'Delete epics with their tasks',
    input: z.object({ epic_ids: ids }),
    output: z.void(),
  }),
  get: operation({
    method: 'get',
    path: '/epics/{epic_id}',
    status: 200,
    access: 'epic.read',
    summary: 'One epic',
    input: z.object(oneEpic),
    output: epicOut,
  }),
  update: operation({
    method: 'patch',
    path: '/epics/{epic_id}',
    status: 200,
    access: 'epic.edit',
    summary: 'Change an epic; cancelling it cancels its open tasks',
    input: z.object({
      ...oneEpic,
      ...z
        .object({ ...epicFields, status: z.enum(EPIC_STATUSES), result_summary: longText.nullable() })
        .partial().shape,
    }),
    output: epicOut,
  }),
  remove: operation({
    method: 'delete',
    path: '/epics/{epic_id}',
    status: 204,
    access: 'epic.edit',
    summary: 'Delete an epic with its tasks',
    input: z.object(oneEpic),
    output: z.void(),
  }),
  tasks: operation({
    method: 'get',
    path: '/epics/{epic_id}/tasks',
    status: 200,
    access: 'epic.read',
    summary: 'The tasks of an epic, newest first',
    input: z.object({ ...oneEpic, ...paging }),
    output: pageOf(taskOut),
  }),
} as const;

export const tasks = {
  list: operation({
    method: 'get',
    path: '/tasks',
    status: 200,
    access: 'epic.read',
    summary: 'List tasks, newest first',
    input: z.object({
      ...paging,
      ...search,
      epic_id: text(200).optional(),
      sort: text(50)
        .optional()
        .describe('`-created_at` (default), `created_at`, `-updated_at`, `title` or `priority`.'),
    }),
    output: pageOf(taskOut),
  }),
  create: operation({
    method: 'post',
    path: '/tasks',
    status: 201,
    access: 'epic.edit',
    summary: 'Add a task to an epic; it is blocked until everything it depends on is completed',
    input: z.object({
      ...z.object(taskFields).partial().shape,
      epic_id: text(200),
      title: taskFields.title,
      priority: taskFields.priority.nullish(),
      depends_on: z.array(text(200)).max(200).default([]),
      estimated_tokens: tokens.nullish(),
      max_retries: z.int().min(0).max(1000).default(2),
      requirements: anyObject.nullish(),
    }),
    output: taskOut,
  }),
  batchDelete: operation({
    method: 'post',
    path: '/tasks/batch-delete',
    status: 204,
    access: 'epic.edit',
    summary: 'Delete tasks',
    input: z.object({ task_ids: ids }),
    output: z.void(),
  }),
  get: operation({
    method: 'get',
    path: '/tasks/{task_id}',
    status: 200,
    access: 'epic.read',
    summary: 'One task',
    input: z.object(oneTask),
    output: taskOut,
  }),
  update: operation({
    method: 'patch',
    path: '/tasks/{task_id}',
    status: 200,
    access: 'epic.edit',
    summary: 'Change a task; completing it unblocks what waits for it only',
    input: z.object({
      ...oneTask,
      ...z
        .object({
          ...taskFields,
          status: z.enum(TASK_STATUSES),
          execution_id: text(200).nullable(),
          result_summary: longText.nullable(),
          error_message: longText.nullable(),
          notes: z.array(z.json()).max(1000),
        })
        .partial().shape,
    }),
    output: taskOut,
  }),
  setDependencies: operation({
    method: 'put',
    path: '/tasks/{task_id}/dependencies',
    status: 200,
    access: 'epic.edit',
    summary: 'Replace what a task depends on; it is blocked or pending accordingly, unless it was started',
    input: z.object({ ...oneTask, depends_on: z.array(text(200)).max(200) }),
    output: taskOut,
  }),
  remove: operation({
    method: 'delete',
    path: '/tasks/{task_id}',
    status: 204,
    access: 'epic.edit',
    summary: 'Delete a task; nothing depends on it any more',
    input: z.object(oneTask),
    output: z.void(),
  }),
} as const;
