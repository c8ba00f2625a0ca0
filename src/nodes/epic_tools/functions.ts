import { z } from 'zod';
import { EPIC_STATUSES } from '#domain/epic/status.ts';
import { toolFunction } from '#domain/node/tool.ts';

const epic = { epic_id: z.string().min(1).max(200).describe('Such as ep-0123456789ab.') };
const fields = {
  description: z.string().max(20_000).nullish(),
  tags: z.array(z.string().min(1).max(100)).max(100).nullish(),
  priority: z.int().min(1).max(5).nullish().describe('1 is the highest.'),
  budget_tokens: z.int().min(0).nullish().describe('Tokens all its tasks may use together.'),
  budget_usd: z.number().min(0).nullish().describe('Dollars all its tasks may use together.'),
};

export const epicFunctions = [
  toolFunction({
    name: 'create_epic',
    description: 'Makes an epic: a large piece of work that tasks are made for.',
    parameters: z.object({ title: z.string().trim().min(1).max(255), ...fields }),
  }),
  toolFunction({
    name: 'epic_status',
    description: 'Tells how an epic stands, with its tasks.',
    parameters: z.object(epic),
  }),
  toolFunction({
    name: 'update_epic',
    description: 'Changes an epic. Cancelling it cancels its open tasks.',
    parameters: z.object({
      ...epic,
      title: z.string().trim().min(1).max(255).nullish(),
      status: z.enum(EPIC_STATUSES).nullish(),
      result_summary: z.string().max(20_000).nullish().describe('What came of it.'),
      ...fields,
    }),
    destructive: true,
  }),
  toolFunction({
    name: 'search_epics',
    description: 'Finds epics, newest first.',
    parameters: z.object({
      query: z.string().max(200).nullish().describe('Part of the title or description.'),
      status: z.enum(EPIC_STATUSES).nullish(),
      tags: z.array(z.string().max(100)).max(20).nullish().describe('What has any of them.'),
      limit: z.int().min(1).max(100).default(20),
    }),
  }),
];
