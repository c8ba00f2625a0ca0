import type { Kysely } from 'kysely';
import type { Database } from '#server/db/schema.ts';

export type Store = Kysely<Database>;

/** Who talks: somebody with an account, or a visitor of a hosted page. */
export type Speaker = { readonly userId: number } | { readonly visitorId: string };

/** A conversation: whose, with which workflow, and what clients call it. */
export interface ThreadPlace {
  readonly speaker: Speaker;
  readonly workflowId: number;
  readonly environmentId: number;
  readonly threadId: string;
}
