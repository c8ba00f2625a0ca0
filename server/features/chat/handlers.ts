import type { Contract } from '#contract/contract.ts';
import type { Db } from '#server/db/connection.ts';
import { type HandlersOf, signedIn, type Viewer } from '../handler.ts';
import { clearHistory, placeOf, readHistory } from './history.ts';

export interface ChatOptions {
  readonly db: Db;
  /** @throws AppError `not_found`, also for what the viewer may not see. */
  readonly findWorkflow: (viewer: Viewer, slug: string) => Promise<{ readonly id: number }>;
}

/** Everybody's own conversations, administrators' included: nobody reads another's. */
export function chatHandlers({ db, findWorkflow }: ChatOptions): HandlersOf<Contract['chat']> {
  return {
    history: async (context, { workflow_slug, thread_id, ...request }) => {
      const viewer = signedIn(context);
      const { id } = await findWorkflow(viewer, workflow_slug);
      return readHistory(db, placeOf(viewer, id, thread_id), request);
    },
    clearHistory: async (context, { workflow_slug, thread_id }) => {
      const viewer = signedIn(context);
      const { id } = await findWorkflow(viewer, workflow_slug);
      await clearHistory(db, placeOf(viewer, id, thread_id));
    },
  };
}
