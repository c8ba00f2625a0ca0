import { z } from 'zod';
import { pageOf, paging } from '#domain/page.ts';
import { name, text } from '#domain/text.ts';
import {
  CHAT_BODY_BYTES,
  historyOut,
  historyPaging,
  MAX_MESSAGE,
  sendOptions,
  sentOut,
  stoppedOut,
} from './chat-message.ts';
import { chatPageIn, chatPageOut } from './chat-page.ts';
import { operation } from './operation.ts';

const inWorkflow = { workflow_slug: text(200) };
const thread = {
  thread_id: text(300).optional().describe('One of your other threads; your main one if left out.'),
};
const oneThread = { ...inWorkflow, thread_id: text(300) };

export const chatThreadOut = z
  .object({
    thread_id: z.string(),
    title: z.string().describe('As named, else the beginning of the first message; may be empty.'),
    is_main: z.boolean().describe('The one that is meant where no thread is named.'),
    created_at: z.string(),
    updated_at: z.string().describe('When the last message came.'),
  })
  .meta({ id: 'ChatThread' });

/** Your conversations with a workflow. Tokens as they are written: GET …/chat/stream, see chat-stream.ts. */
export const chat = {
  send: operation({
    method: 'post',
    path: '/workflows/{workflow_slug}/chat',
    status: 200,
    access: 'chat.use',
    summary: 'Say something to a workflow; starts a run. An Idempotency-Key makes repeating it safe',
    maxBodyBytes: CHAT_BODY_BYTES,
    maxText: CHAT_BODY_BYTES,
    input: z.object({
      ...inWorkflow,
      ...thread,
      text: text(MAX_MESSAGE),
      trigger_node_id: text(200).nullish().describe('The first chat trigger if left out.'),
      ...sendOptions,
    }),
    output: sentOut,
  }),
  stop: operation({
    method: 'post',
    path: '/workflows/{workflow_slug}/chat/stop',
    status: 200,
    access: 'chat.use',
    summary: 'Stop what is being answered in your conversation',
    input: z.object({ ...inWorkflow, ...thread }),
    output: stoppedOut,
  }),
  history: operation({
    method: 'get',
    path: '/workflows/{workflow_slug}/chat/history',
    status: 200,
    access: 'chat.use',
    summary: 'The last messages of your conversation, oldest first',
    input: z.object({ ...inWorkflow, ...thread, ...historyPaging }),
    output: historyOut,
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
  threads: operation({
    method: 'get',
    path: '/workflows/{workflow_slug}/chat/threads',
    status: 200,
    access: 'chat.use',
    summary: 'Your conversations with this workflow, the last used first',
    input: z.object({ ...inWorkflow, ...paging, q: text(200).optional().describe('Part of the title.') }),
    output: pageOf(chatThreadOut),
  }),
  createThread: operation({
    method: 'post',
    path: '/workflows/{workflow_slug}/chat/threads',
    status: 201,
    access: 'chat.use',
    summary: 'Begin another conversation',
    input: z.object({ ...inWorkflow, title: text(200).trim().default('') }),
    output: chatThreadOut,
  }),
  renameThread: operation({
    method: 'patch',
    path: '/workflows/{workflow_slug}/chat/threads/{thread_id}',
    status: 200,
    access: 'chat.use',
    summary: 'Name a conversation',
    input: z.object({ ...oneThread, title: name(200) }),
    output: chatThreadOut,
  }),
  deleteThread: operation({
    method: 'delete',
    path: '/workflows/{workflow_slug}/chat/threads/{thread_id}',
    status: 204,
    access: 'chat.use',
    summary: 'Delete a conversation, and what agents remember of it',
    input: z.object(oneThread),
    output: z.void(),
  }),
  page: operation({
    method: 'get',
    path: '/workflows/{workflow_slug}/chat/page',
    status: 200,
    access: 'workflow.read',
    summary: 'How this workflow chats with visitors: its hosted page and its widget',
    input: z.object(inWorkflow),
    output: chatPageOut,
  }),
  savePage: operation({
    method: 'put',
    path: '/workflows/{workflow_slug}/chat/page',
    status: 200,
    access: 'workflow.edit',
    summary: 'Set the hosted page and the widget; what is left out gets its default',
    input: z.object({ ...inWorkflow, ...chatPageIn }),
    output: chatPageOut,
  }),
} as const;
