import { z } from 'zod';
import { TASK_STATUSES } from '#domain/epic/status.ts';
import { toolFunction } from '#domain/node/tool.ts';

const task = { task_id: z.string().min(1).max(200).describe('Such as tk-0123456789ab.') };
const ids = z.array(z.string().min(1).max(200)).max(200);
const fields = {
  description: z.string().max(20_000).nullish(),
  tags: z.array(z.string().min(1).max(100)).max(100).nullish(),
  priority: z.int().min(1).max(5).nullish().describe('1 is the highest.'),
  workflow_slug: z.string().max(200).nullish().describe('The workflow that does it.'),
};

export const taskFunctions = [
  toolFunction({
    name: 'create_task',
    description: 'Adds a task to an epic. It is blocked until everything it depends on is completed.',
    parameters: z.object({
      epic_id: z.string().min(1).max(200),
      title: z.string().trim().min(1).max(255),
      depends_on: ids.nullish().describe('Ids of tasks that have to be completed before.'),
      ...fields,
    }),
  }),
  toolFunction({
    name: 'list_tasks',
    description: 'Lists tasks, newest first.',
    parameters: z.object({
      epic_id: z.string().max(200).nullish(),
      status: z.enum(TASK_STATUSES).nullish(),
      tags: z.array(z.string().max(100)).max(20).nullish().describe('What has any of them.'),
      limit: z.int().min(1).max(100).default(20),
    }),
  }),
  toolFunction({
    name: 'update_task',
    description: 'Changes a task. Completing it unblocks those that wait for it alone.',
    parameters: z.object({
      ...task,
      title: z.string().trim().min(1).max(255).nullish(),
      status: z.enum(TASK_STATUSES).nullish(),
      result_summary: z.string().max(20_000).nullish().describe('What came of it.'),
      error_message: z.string().max(20_000).nullish().describe('Why it failed.'),
      ...fields,
    }),
    destructive: true,
  }),
  toolFunction({
    name: 'cancel_task',
    description: 'Cancels a task; what depends on it stays blocked.',
    parameters: z.object({ ...task, reason: z.string().max(2000).nullish() }),
    destructive: true,
  }),
];
