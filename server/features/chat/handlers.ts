import type { Contract } from '#contract/contract.ts';
import type { Db } from '#server/db/connection.ts';
import { type HandlersOf, signedIn } from '../handler.ts';
import { findWorkflow } from '../workflows/store.ts';
import { clearHistory, placeOf, readHistory } from './history.ts';

/** Everybody's own conversations, administrators' included: nobody reads another's. */
export function chatHandlers(db: Db): HandlersOf<Contract['chat']> {
  return {
    history: async (context, { workflow_slug, thread_id, ...request }) => {
      const viewer = signedIn(context);
      const { id } = await findWorkflow(db, viewer, workflow_slug);
      return readHistory(db, placeOf(viewer, id, thread_id), request);
    },
    clearHistory: async (context, { workflow_slug, thread_id }) => {
      const viewer = signedIn(context);
      const { id } = await findWorkflow(db, viewer, workflow_slug);
      await clearHistory(db, placeOf(viewer, id, thread_id));
    },
  };
}
