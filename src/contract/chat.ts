import { z } from 'zod';
import { text } from '#domain/text.ts';
import { operation } from './operation.ts';

const inWorkflow = { workflow_slug: text(200) };
const thread = {
  thread_id: text(300).optional().describe('One of your other threads; your main one if left out.'),
};

export const chatMessageOut = z
  .object({
    id: z.string(),
    role: z.enum(['user', 'assistant']),
    text: z.string(),
    timestamp: z.string().nullable().describe('UTC, ISO 8601 with Z.'),
    execution_id: z.string().nullable(),
  })
  .meta({ id: 'ChatMessage' });

/** Your conversation with a workflow. */
export const chat = {
  history: operation({
    method: 'get',
    path: '/workflows/{workflow_slug}/chat/history',
    status: 200,
    access: 'chat.use',
    summary: 'The last messages of your conversation, oldest first',
    input: z.object({
      ...inWorkflow,
      ...thread,
      limit: z.int().min(-1_000_000).max(1_000_000).default(10).describe('0 or less: all.'),
      before: text(100).optional().describe('Only what is strictly earlier; ISO 8601.'),
      before_id: text(30).optional().describe('Only what comes before this message: pages without gaps.'),
    }),
    output: z
      .object({
        messages: z.array(chatMessageOut),
        thread_id: z.string(),
        has_more: z.boolean(),
      })
      .meta({ id: 'ChatHistory' }),
  }),
  clearHistory: operation({
    method: 'delete',
    path: '/workflows/{workflow_slug}/chat/history',
    status: 204,
    access: 'chat.use',
    summary: 'Delete your conversation, and what agents remember of it',
    input: z.object({ ...inWorkflow, ...thread }),
    output: z.void(),
  }),
} as const;
