import { isDeepStrictEqual } from 'node:util';
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import { type Message, message } from '#domain/chat/message.ts';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';
import type { StepPlace } from '#server/engine/interface.ts';
import { openEpisode } from './episode.ts';
import { type MemoryPlace, memoryPlace } from './place.ts';

/** Of one conversation; what is older is let go, from the beginning. */
const MOST_BYTES = 2_097_152;

const stateShape = z.object({ messages: z.array(message) });

interface State {
  readonly checkpointId: string | null;
  readonly step: number;
  readonly messages: readonly Message[];
}

const NOTHING: State = { checkpointId: null, step: 0, messages: [] };

export interface Conversations {
  load(name: string): Promise<readonly Message[]>;
  keep(name: string, messages: readonly Message[]): Promise<void>;
}

/**
 * The conversations of one step: the last state of each is one row, whatever its length. Beside it the state before
 * is kept, for a step that begins anew: it goes on from what was there when it first began, and writes the same row.
 */
export function createConversations(db: Db, step: StepPlace): Conversations {
  const loaded = new Map<string, State>();
  const own = [step.executionId, step.node, step.scope, step.call].filter((part) => part !== '').join('/');
  return {
    load: async (name) => {
      const place = await memoryPlace(db, step);
      await openEpisode(db, place);
      const state = await lastState(db, at(place, name), own);
      loaded.set(name, state);
      return state.messages;
    },
    keep: async (name, messages) => {
      const place = await memoryPlace(db, step);
      const row = at(place, name);
      await db.transaction().execute(async (trx) => {
        const lock = ['conversation', row.thread_id, row.checkpoint_ns].join('\n');
        await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(trx);
        const last = await lastState(trx, row, own);
        const next = fitting(joined(last, loaded.get(name), messages));
        const json = JSON.stringify({ messages: next });
        const state = {
          state: json,
          blob_size: Buffer.byteLength(json),
          parent_checkpoint_id: last.checkpointId,
        };
        await trx
          .insertInto('memory_checkpoints')
          .values({ ...row, checkpoint_id: own, step: last.step + 1, source: step.node, ...state })
          .onConflict((conflict) =>
            conflict
              .columns(['thread_id', 'checkpoint_ns', 'checkpoint_id'])
              .doUpdateSet({ ...state, step: last.step + 1, created_at: sql`now()` }),
          )
          .execute();
        await trx
          .deleteFrom('memory_checkpoints')
          .where('thread_id', '=', row.thread_id)
          .where('checkpoint_ns', '=', row.checkpoint_ns)
          .where('environment_id', '=', row.environment_id)
          .where('checkpoint_id', 'not in', last.checkpointId === null ? [own] : [own, last.checkpointId])
          .execute();
      });
    },
  };
}

/** Where a conversation is kept. Names are those of nodes, which only their own workflow tells apart. */
function at(place: MemoryPlace, name: string) {
  const namespace = place.workflowId === place.rootWorkflowId ? name : `${place.workflowId}/${name}`;
  return { environment_id: place.environmentId, thread_id: place.threadId, checkpoint_ns: namespace };
}

/** The newest state that another step has written. */
async function lastState(db: Kysely<Database>, row: ReturnType<typeof at>, own: string): Promise<State> {
  const found = await db
    .selectFrom('memory_checkpoints')
    .select(['checkpoint_id', 'step', 'state'])
    .where('thread_id', '=', row.thread_id)
    .where('checkpoint_ns', '=', row.checkpoint_ns)
    .where('environment_id', '=', row.environment_id)
    .where('checkpoint_id', '<>', own)
    .orderBy(sql`step desc nulls last`)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!found) return NOTHING;
  const read = stateShape.safeParse(found.state);
  // A state that another program wrote says nothing here.
  const messages = read.success ? read.data.messages : [];
  return { checkpointId: found.checkpoint_id, step: found.step ?? 0, messages };
}

/** What another run has added to the conversation, or forgotten of it, in the meantime counts as well. */
function joined(last: State, base: State | undefined, messages: readonly Message[]): readonly Message[] {
  if (!base || base.checkpointId === last.checkpointId) return messages;
  // An agent may have let go of the beginning of what it was given.
  for (let from = 0; from < base.messages.length; from += 1) {
    const rest = base.messages.slice(from);
    if (isDeepStrictEqual(messages.slice(0, rest.length), rest)) {
      return [...last.messages, ...messages.slice(rest.length)];
    }
  }
  return base.messages.length === 0 ? [...last.messages, ...messages] : messages;
}

const bytesOf = (one: Message): number => Buffer.byteLength(JSON.stringify(one));

/** What of a conversation is not too large. Pictures and files go first, then its beginning, up to a question. */
function fitting(messages: readonly Message[]): readonly Message[] {
  const kept = [...messages];
  const sizes = kept.map(bytesOf);
  let size = sizes.reduce((sum, one) => sum + one, 0);
  for (const [at, one] of messages.entries()) {
    if (size <= MOST_BYTES) return kept;
    const words = withoutFiles(one);
    kept[at] = words;
    size -= (sizes[at] ?? 0) - bytesOf(words);
    sizes[at] = bytesOf(words);
  }
  let from = 0;
  while (size > MOST_BYTES && from < kept.length) {
    do size -= sizes[from++] ?? 0;
    while (from < kept.length && kept[from]?.role !== 'user');
  }
  return kept.slice(from);
}

function withoutFiles(one: Message): Message {
  if (one.role !== 'user' || typeof one.content === 'string') return one;
  const content = one.content.map((part) => {
    if (part.type === 'text') return part;
    const what = part.type === 'image' ? 'a picture' : `the file ${part.filename ?? 'without a name'}`;
    return { type: 'text' as const, text: `(${what} that is no longer kept)` };
  });
  return { ...one, content };
}
