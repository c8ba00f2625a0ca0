import { may } from '#domain/access/permission.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import type { Viewer } from '../handler.ts';
import { openPage } from './page.ts';
import { type Talk, threadRows } from './thread.ts';
import { refuseStranger } from './visit-handlers.ts';
import type { Visits } from './visitor.ts';

export interface StreamAccessOptions {
  readonly db: Db;
  readonly visits: Visits;
  /** @throws AppError `not_found`, also for what the viewer may not see. */
  readonly findWorkflow: (
    viewer: Viewer,
    slug: string,
  ) => Promise<{ readonly id: number; readonly environment_id: number }>;
}

/** Whose conversations with what a request may reach. */
export interface StreamAccess {
  /** @throws AppError `not_found`, `forbidden` */
  member(viewer: Viewer, slug: string): Promise<Talk>;
  /** @throws AppError `not_found`, `unauthenticated` */
  visitor(pageId: string, token: string | null): Promise<Talk>;
  /** @throws AppError `not_found` for a run that is none of these conversations */
  refuseForeignRun(talk: Talk, executionId: string): Promise<void>;
  /** @throws AppError `not_found` */
  attachment(talk: Talk, id: string): Promise<{ filename: string; mediaType: string; content: Buffer }>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function createStreamAccess({ db, visits, findWorkflow }: StreamAccessOptions): StreamAccess {
  return {
    member: async (viewer, slug) => {
      if (!may(viewer, 'chat.use')) throw new AppError('forbidden', 'You may not chat with this workflow.');
      const { id, environment_id } = await findWorkflow(viewer, slug);
      return { speaker: { userId: viewer.userId }, workflowId: id, environmentId: environment_id };
    },
    visitor: async (pageId, token) => {
      const page = await openPage(db, pageId);
      const visit = token === null ? null : visits.read(pageId, token);
      if (!visit) throw refuseStranger();
      const { visitorId } = visit;
      return { speaker: { visitorId }, workflowId: page.workflow_id, environmentId: page.environment_id };
    },
    refuseForeignRun: async (talk, executionId) => {
      const missing = new AppError('not_found', 'Execution not found.');
      if (!UUID.test(executionId)) throw missing;
      const row = await threadRows(db, talk)
        .innerJoin('chat_messages as m', 'm.chat_thread_id', 'chat_threads.id')
        .select('m.id')
        .where('m.execution_id', '=', executionId)
        .executeTakeFirst();
      if (!row) throw missing;
    },
    attachment: async (talk, id) => {
      const missing = new AppError('not_found', 'File not found.');
      if (!UUID.test(id)) throw missing;
      const row = await db
        .selectFrom('chat_attachments as a')
        .innerJoin('chat_messages as m', 'm.id', 'a.chat_message_id')
        .select(['a.filename', 'a.media_type', 'a.content'])
        .where('a.id', '=', id)
        .where('m.chat_thread_id', 'in', threadRows(db, talk).select('id'))
        .executeTakeFirst();
      if (!row) throw missing;
      return { filename: row.filename, mediaType: row.media_type, content: row.content };
    },
  };
}
