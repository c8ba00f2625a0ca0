import { z } from 'zod';
import { text } from '#domain/text.ts';
import { operation } from './operation.ts';

const anyObject = z.record(z.string(), z.json());

const sender = z.object({
  id: text(200),
  username: text(200).nullish(),
  display_name: text(200).nullish(),
});

const attachment = z.object({
  filename: text(500),
  mime_type: text(200),
  size_bytes: z.int().min(0).default(0),
  download_url: text(4000).default(''),
});

/** Messages the gateway hands over, with a token of its own. */
export const inbound = {
  receive: operation({
    method: 'post',
    path: '/inbound',
    status: 202,
    otherStatus: { status: 200, when: 'task_id' },
    access: 'gateway',
    summary: 'Start a run for a message, or answer a question with it',
    input: z.object({
      route: anyObject.describe('`workflow_slug` and `trigger_node_id`.'),
      credential_id: text(200),
      source: z.object({
        protocol: text(100),
        chat_id: text(200),
        message_id: text(200).default('').describe('The same message again gets the same run.'),
        reply_to_message_id: text(200).nullish(),
        from: sender.nullish(),
      }),
      text: text(100_000),
      attachments: z.array(attachment).max(100).default([]),
      timestamp: text(100),
      extra_data: anyObject.nullish(),
    }),
    output: z.union([
      z.object({ execution_id: z.string(), status: z.literal('pending') }),
      z.object({
        status: z.enum(['confirmed', 'cancelled', 'expired', 'not_found']),
        task_id: z.string(),
      }),
    ]),
  }),
} as const;
