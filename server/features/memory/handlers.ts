import type { Transaction } from 'kysely';
import type { Contract } from '#contract/contract.ts';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';
import { audit } from '../audit-log.ts';
import { type HandlersOf, type RequestContext, signedIn } from '../handler.ts';
import { listCheckpoints, listEpisodes, listFacts, listProcedures, listUsers } from './list.ts';
import { nearIds } from './near-memory.ts';
import type { MeaningOf } from './question.ts';
import type { Source } from './source.ts';

type Memories = HandlersOf<Contract['memories']>;
type ById = 'memory_facts' | 'memory_episodes' | 'memory_procedures' | 'memory_users';

const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

/** What agents of every environment have kept; only administrators get here. */
export function memoryHandlers(db: Db, meaningOf: MeaningOf): Memories {
  /** Texts are looked for by their meaning as well, within the environment of whoever asks. */
  const near = (
    context: RequestContext,
    source: Source,
    input: { q?: string | undefined; meaning?: boolean | undefined },
  ) => nearIds(db, meaningOf, { ...input, source, environmentId: signedIn(context).environmentId });
  const forget =
    (table: ById) =>
    async (context: RequestContext, { ids }: { ids: string[] }): Promise<undefined> => {
      const known = ids.filter((id) => UUID.test(id));
      if (known.length === 0) return;
      await recorded(db, context, table, async (trx) => {
        const { numDeletedRows } = await trx.deleteFrom(table).where('id', 'in', known).executeTakeFirst();
        return Number(numDeletedRows);
      });
    };
  return {
    facts: async (context, input) => listFacts(db, { ...input, near: await near(context, 'facts', input) }),
    deleteFacts: forget('memory_facts'),
    episodes: async (context, input) =>
      listEpisodes(db, { ...input, near: await near(context, 'episodes', input) }),
    deleteEpisodes: forget('memory_episodes'),
    procedures: async (context, input) =>
      listProcedures(db, { ...input, near: await near(context, 'procedures', input) }),
    deleteProcedures: forget('memory_procedures'),
    users: (_context, input) => listUsers(db, input),
    deleteUsers: forget('memory_users'),
    checkpoints: (_context, input) => listCheckpoints(db, input),
    deleteCheckpoints: async (context, { thread_ids, checkpoint_ids }) => {
      const threads = thread_ids ?? [];
      const states = checkpoint_ids ?? [];
      if (threads.length + states.length === 0) return;
      await recorded(db, context, 'memory_checkpoints', async (trx) => {
        const { numDeletedRows } = await trx
          .deleteFrom('memory_checkpoints')
          .where((eb) =>
            eb.or([
              eb('thread_id', '=', eb.fn.any(eb.val(threads))),
              eb('checkpoint_id', '=', eb.fn.any(eb.val(states))),
            ]),
          )
          .executeTakeFirst();
        const cleared = await clearThreads(trx, threads);
        return Number(numDeletedRows) + cleared;
      });
    },
  };
}

/** A conversation that is forgotten is not left behind in its chat either. @returns how many messages went. */
async function clearThreads(trx: Transaction<Database>, threads: readonly string[]): Promise<number> {
  const { numDeletedRows } = await trx
    .deleteFrom('chat_messages')
    .where('chat_thread_id', 'in', (eb) =>
      eb
        .selectFrom('chat_threads')
        .select('id')
        .where('thread_id', '=', eb.fn.any(eb.val([...threads]))),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

async function recorded(
  db: Db,
  context: RequestContext,
  target: string,
  remove: (trx: Transaction<Database>) => Promise<number>,
): Promise<void> {
  const { userId, environmentId } = signedIn(context);
  await db.transaction().execute(async (trx) => {
    const count = await remove(trx);
    if (count === 0) return;
    await audit(trx, {
      action: 'memory_deleted',
      actorId: userId,
      environmentId,
      address: context.address,
      target,
      detail: { count },
    });
  });
}
