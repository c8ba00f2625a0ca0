import type { Contract } from '#contract/contract.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { auditBy } from '../audit-log.ts';
import { type HandlersOf, type RequestContext, signedIn, type Viewer } from '../handler.ts';
import { readAttachments } from './attachment.ts';
import { readHistory } from './history.ts';
import { readPage, savePage } from './page.ts';
import { type SendOptions, send, type TalkingWorkflow } from './send.ts';
import { endThread, stopAnswers } from './stop.ts';
import {
  createThread,
  findThread,
  listThreads,
  placeOf,
  renameThread,
  type Talk,
  threadMissing,
} from './thread.ts';

export interface ChatOptions extends SendOptions {
  readonly db: Db;
  /** @throws AppError `not_found`, also for what the viewer may not see. */
  readonly findWorkflow: (viewer: Viewer, slug: string) => Promise<TalkingWorkflow>;
}

/** Everybody's own conversations, administrators' included: nobody reads another's. */
export function chatHandlers(options: ChatOptions): HandlersOf<Contract['chat']> {
  const { db } = options;
  const open = async (context: RequestContext, slug: string) => {
    const viewer = signedIn(context);
    const workflow = await options.findWorkflow(viewer, slug);
    const talk: Talk = {
      speaker: { userId: viewer.userId },
      workflowId: workflow.id,
      environmentId: workflow.environment_id,
    };
    return { viewer, workflow, talk };
  };
  const talkOf = async (context: RequestContext, slug: string): Promise<Talk> =>
    (await open(context, slug)).talk;
  return {
    send: async (context, input) => {
      const { viewer, workflow, talk } = await open(context, input.workflow_slug);
      return send(options, {
        place: placeOf(talk, input.thread_id),
        workflow,
        text: input.text,
        attachments: readAttachments(input.attachments),
        editOf: input.edit_of,
        retryOf: input.retry_of,
        triggerNodeId: input.trigger_node_id,
        startedBy: viewer.userId,
        origin: context.origin,
        idempotencyKey: context.idempotencyKey,
      });
    },
    stop: async (context, { workflow_slug, thread_id }) =>
      stopAnswers(options, placeOf(await talkOf(context, workflow_slug), thread_id)),
    history: async (context, { workflow_slug, thread_id, ...request }) =>
      readHistory(db, placeOf(await talkOf(context, workflow_slug), thread_id), request),
    clearHistory: async (context, { workflow_slug, thread_id }) => {
      await endThread(options, placeOf(await talkOf(context, workflow_slug), thread_id));
    },
    threads: async (context, { workflow_slug, ...request }) =>
      listThreads(db, await talkOf(context, workflow_slug), request),
    createThread: async (context, { workflow_slug, title }) =>
      createThread(db, await talkOf(context, workflow_slug), title),
    renameThread: async (context, { workflow_slug, thread_id, title }) =>
      renameThread(db, named(await talkOf(context, workflow_slug), thread_id), title),
    deleteThread: async (context, { workflow_slug, thread_id }) => {
      const place = named(await talkOf(context, workflow_slug), thread_id);
      // What is named is there or it is not; the main one that has not begun is not.
      if ((await findThread(db, place)) === null) throw threadMissing();
      await endThread(options, place);
    },
    page: async (context, { workflow_slug }) =>
      readPage(db, (await talkOf(context, workflow_slug)).workflowId),
    savePage: async (context, { workflow_slug, ...wish }) => {
      const { workflow } = await open(context, workflow_slug);
      if (wish.embed_enabled && wish.allowed_origins.length === 0) {
        throw new AppError('invalid', 'Name the sites that may show the chat in their pages.');
      }
      const { enabled, embed_enabled, allowed_origins } = wish;
      return db.transaction().execute(async (trx) => {
        const detail = { enabled, embed_enabled, allowed_origins };
        await auditBy(trx, context, { action: 'chat_page_changed', target: workflow_slug, detail });
        return savePage(trx, workflow, wish);
      });
    },
  };
}

/** A conversation that is named in the address; an empty name is none. */
const named = (talk: Talk, threadId: string) => ({ ...talk, threadId });
