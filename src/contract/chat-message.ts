import { z } from 'zod';
import { text } from '#domain/text.ts';

/** The longest message of somebody who is signed in. */
export const MAX_MESSAGE = 200_000;
/** The longest message of a visitor of a hosted page. */
export const MAX_VISITOR_MESSAGE = 8_000;
export const MAX_ATTACHMENTS = 5;
/** Of one attachment. */
export const MAX_ATTACHMENT_BYTES = 2 * 1024 * 1024;
/** Five attachments in base64, and the longest message. */
export const CHAT_BODY_BYTES = 16 * 1024 * 1024;

/** A file that comes with a message. Text is put into the message; pictures go to the model as pictures. */
export const attachmentIn = z.object({
  filename: text(200).min(1),
  media_type: text(100).describe('Such as text/plain or image/png; text and common pictures are taken.'),
  data: z.string().max(CHAT_BODY_BYTES).describe('The content in base64; at most 2 MiB.'),
});
export type AttachmentIn = z.output<typeof attachmentIn>;

export const attachmentOut = z
  .object({
    id: z.string().describe('Its content: GET …/chat/attachments/{id}.'),
    filename: z.string(),
    media_type: z.string(),
    size_bytes: z.int(),
  })
  .meta({ id: 'ChatAttachment' });

export const chatMessageOut = z
  .object({
    id: z.string(),
    role: z.enum(['user', 'assistant']),
    text: z.string(),
    timestamp: z.string().nullable().describe('UTC, ISO 8601 with Z.'),
    execution_id: z.string().nullable(),
    error_code: z
      .string()
      .nullable()
      .describe(
        'Why there is no real answer, such as budget_exceeded; null for everything else. cancelled: it was stopped, and `text` is what it had said by then, if anything.',
      ),
    attachments: z.array(attachmentOut),
  })
  .meta({ id: 'ChatMessage' });

/** What sending says, to members and visitors alike. */
export const sentOut = z
  .object({
    execution_id: z.string(),
    status: z.literal('pending'),
    response: z.literal('').describe('The answer comes over the stream, the socket and the history.'),
    thread_id: z.string(),
    message_id: z.string().describe('Of the message as the history has it.'),
  })
  .meta({ id: 'ChatSent' });

export const stoppedOut = z
  .object({ execution_ids: z.array(z.string()).describe('The runs that were stopped; none if nothing ran.') })
  .meta({ id: 'ChatStopped' });

/** What may be said about a message besides its text. */
export const sendOptions = {
  attachments: z.array(attachmentIn).max(MAX_ATTACHMENTS).default([]),
  edit_of: text(30)
    .optional()
    .describe(
      'One of your earlier messages: it and everything after it is dropped, this one takes its place.',
    ),
  retry_of: text(30)
    .optional()
    .describe(
      'One of your earlier messages, or the answer to it: it is sent again as it was. `text` is not used then.',
    ),
};

/** How a page of a conversation is asked for. */
export const historyPaging = {
  limit: z.int().min(-1_000_000).max(1_000_000).default(10).describe('0 or less: all.'),
  before: text(100).optional().describe('Only what is strictly earlier; ISO 8601.'),
  before_id: text(30).optional().describe('Only what comes before this message: pages without gaps.'),
};

export const historyOut = z
  .object({ messages: z.array(chatMessageOut), thread_id: z.string(), has_more: z.boolean() })
  .meta({ id: 'ChatHistory' });
