import { MAX_VISITOR_MESSAGE } from '#contract/chat-message.ts';
import type { Contract } from '#contract/contract.ts';
import { AppError } from '#domain/problem.ts';
import type { HandlersOf, RequestContext } from '../handler.ts';
import { readAttachments } from './attachment.ts';
import { readHistory } from './history.ts';
import { Newcomers } from './newcomer.ts';
import { type OpenPage, openPage } from './page.ts';
import { admitVisitor } from './page-budget.ts';
import { type SendOptions, send } from './send.ts';
import { endThread, stopAnswers } from './stop.ts';
import { placeOf, type ThreadPlace } from './thread.ts';
import { VISIT_SECONDS, type Visits } from './visitor.ts';

export interface VisitOptions extends SendOptions {
  readonly visits: Visits;
}

/** Where a visitor is: their one conversation with the page's workflow. */
export const visitedPlace = (page: OpenPage, visitorId: string): ThreadPlace =>
  placeOf({ speaker: { visitorId }, workflowId: page.workflow_id, environmentId: page.environment_id });

/** @throws AppError `unauthenticated` */
export function refuseStranger(): AppError {
  return new AppError('unauthenticated', 'Your visit is over. Reload the page to begin a new one.');
}

/** People without an account: each sees their own conversation and nothing else. */
export function visitHandlers(options: VisitOptions): HandlersOf<Contract['visits']> {
  const { db, visits } = options;
  const enter = async (context: RequestContext, pageId: string) => {
    const page = await openPage(db, pageId);
    const token = context.visit?.token(pageId) ?? null;
    const visit = token === null ? null : visits.read(pageId, token);
    if (!visit) throw refuseStranger();
    return { page, visitorId: visit.visitorId, place: visitedPlace(page, visit.visitorId) };
  };
  const newcomers = new Newcomers();
  return {
    page: async (_context, { page_id }) => {
      const page = await openPage(db, page_id);
      const { welcome, suggestions, attachments_enabled } = page;
      const title = page.title || page.name;
      return { title, welcome, suggestions, attachments_enabled, max_message: MAX_VISITOR_MESSAGE };
    },
    open: async (context, { page_id, mode }) => {
      const page = await openPage(db, page_id);
      const token = context.visit?.token(page_id) ?? null;
      const known = token === null ? null : visits.read(page_id, token);
      if (!known) newcomers.admit(page, visits.network(context.address));
      const issued = visits.issue(page_id, known?.visitorId);
      if (mode === 'cookie') context.visit?.keep(page_id, issued.token, VISIT_SECONDS);
      return {
        token: mode === 'token' ? issued.token : null,
        expires_at: new Date(issued.expiresAt).toISOString(),
      };
    },
    send: async (context, { page_id, text, attachments, edit_of, retry_of }) => {
      const { page, visitorId, place } = await enter(context, page_id);
      if (attachments.length > 0 && !page.attachments_enabled) {
        throw new AppError('unsupported_media', 'This chat takes no files.');
      }
      return send(options, {
        place,
        workflow: page,
        text,
        attachments: readAttachments(attachments),
        editOf: edit_of,
        retryOf: retry_of,
        startedBy: null,
        idempotencyKey: context.idempotencyKey,
        admit: (trx, executionId) => {
          const network = visits.network(context.address);
          return admitVisitor(trx, page, { visitorId, executionId, network });
        },
      });
    },
    history: async (context, { page_id, ...request }) =>
      readHistory(db, (await enter(context, page_id)).place, request),
    clear: async (context, { page_id }) => {
      await endThread(options, (await enter(context, page_id)).place);
    },
    stop: async (context, { page_id }) => stopAnswers(options, (await enter(context, page_id)).place),
  };
}
