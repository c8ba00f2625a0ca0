import { z } from 'zod';
import { text } from '#domain/text.ts';
import {
  CHAT_BODY_BYTES,
  historyOut,
  historyPaging,
  MAX_VISITOR_MESSAGE,
  sendOptions,
  sentOut,
  stoppedOut,
} from './chat-message.ts';
import { operation } from './operation.ts';

const onPage = { page_id: text(64).describe('Of the hosted page.') };

/**
 * The hosted chat page and its widget, for people without an account. A visit begins with `open`; from then on the
 * visitor shows the cookie it set (page) or the token it gave, as `Authorization: Bearer` (widget). A page that is
 * switched off, and a visit that is none, are 404 and 401.
 */
export const visits = {
  page: operation({
    method: 'get',
    path: '/chat/{page_id}',
    status: 200,
    access: 'public',
    summary: 'What a hosted chat page shows before the first message',
    input: z.object(onPage),
    output: z
      .object({
        title: z.string(),
        welcome: z.string(),
        suggestions: z.array(z.string()),
        attachments_enabled: z.boolean(),
        max_message: z.int().describe('Characters.'),
      })
      .meta({ id: 'VisitedPage' }),
  }),
  open: operation({
    method: 'post',
    path: '/chat/{page_id}/session',
    status: 200,
    access: 'public',
    summary: 'Begin or go on with a visit',
    input: z.object({
      ...onPage,
      mode: z
        .enum(['cookie', 'token'])
        .default('cookie')
        .describe('cookie: the page itself. token: the widget in another site, where cookies do not reach.'),
    }),
    output: z
      .object({
        token: z.string().nullable().describe('With mode token: show it as `Authorization: Bearer`.'),
        expires_at: z.string(),
      })
      .meta({ id: 'Visit' }),
  }),
  send: operation({
    method: 'post',
    path: '/chat/{page_id}/messages',
    status: 200,
    access: 'visitor',
    summary: 'Say something as a visitor',
    maxBodyBytes: CHAT_BODY_BYTES,
    maxText: CHAT_BODY_BYTES,
    input: z.object({ ...onPage, text: text(MAX_VISITOR_MESSAGE), ...sendOptions }),
    output: sentOut,
  }),
  history: operation({
    method: 'get',
    path: '/chat/{page_id}/messages',
    status: 200,
    access: 'visitor',
    summary: 'The visitor’s own conversation, oldest first',
    input: z.object({ ...onPage, ...historyPaging }),
    output: historyOut,
  }),
  clear: operation({
    method: 'delete',
    path: '/chat/{page_id}/messages',
    status: 204,
    access: 'visitor',
    summary: 'Forget the visitor’s conversation',
    input: z.object(onPage),
    output: z.void(),
  }),
  stop: operation({
    method: 'post',
    path: '/chat/{page_id}/stop',
    status: 200,
    access: 'visitor',
    summary: 'Stop what is being answered',
    input: z.object(onPage),
    output: stoppedOut,
  }),
} as const;
