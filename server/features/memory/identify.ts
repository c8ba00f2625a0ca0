import { sql, type Transaction } from 'kysely';
import type { Identified, IdentifyRequest } from '#domain/memory/request.ts';
import { StepError } from '#domain/node/executor.ts';
import { storable } from '#domain/text.ts';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';
import { openEpisode } from './episode.ts';
import type { MemoryPlace } from './place.ts';

const LONGEST_ID = 300;
const MOST_FACTS = 50;
const MOST_EPISODES = 5;
/** Whom the chat knows by itself. Nobody is one of them for saying so. */
const KNOWN_BY_CHAT = /^(user|visitor)$/;

/**
 * Finds or writes down who a run talks to, and gives what is known about them. Within one run the answer stays the
 * same, and the conversation counts once. Whom a model or a stranger merely says they are they do not become: the answer
 * is then about whom the run knows, else about nobody.
 * @param isTool a model asks, with what it was told
 * @throws StepError `bad_memory` when there is nothing to know them by
 */
export async function identify(
  db: Db,
  place: MemoryPlace,
  request: IdentifyRequest,
  isTool = false,
): Promise<Identified> {
  const said = whoOf(place, request);
  const isBelieved = said.canonicalId === place.personId || !(isTool || isUnproven(place));
  if (isBelieved) return known(db, place, said);
  const { canonicalId: claimed, displayName } = said;
  if (place.personId === null) return nobody(claimed, displayName);
  const found = await known(db, place, { ...ownOf(place.personId), displayName });
  return { ...found, context: { ...found.context, claims: claimed, verified: false } };
}

/** Visitors say what they like, and so does whoever calls an open webhook; of a bot the gateway says who it is. */
const isUnproven = ({ isVisit, isStranger, personId }: MemoryPlace): boolean =>
  isVisit || (isStranger && personId === null);

/** Somebody of whom only their own word is known: there is nothing about them, and nothing is written down. */
const nobody = (claimed: string, displayName: string | null): Identified => ({
  userId: `unverified:${claimed}`,
  isNew: true,
  context: {
    display_name: displayName,
    first_seen: null,
    total_conversations: 0,
    facts: {},
    recent_episodes: [],
    claims: claimed,
    verified: false,
  },
});

async function known(db: Db, place: MemoryPlace, who: Who): Promise<Identified> {
  return db.transaction().execute(async (trx) => {
    const lock = ['person', place.environmentId, who.canonicalId].join('\n');
    await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(trx);
    const user = await findOrAdd(trx, place, who);
    await openEpisode(trx, place);
    const talksTo = await trx
      .updateTable('memory_episodes')
      .set({ user_id: user.canonical_id })
      .where('execution_id', '=', place.executionId)
      .where(sql<boolean>`(detail ->> 'identified') is distinct from ${user.canonical_id}`)
      .returning('id')
      .executeTakeFirst();
    const conversations = user.total_conversations + (talksTo ? 1 : 0);
    if (talksTo) await countConversation(trx, { place, user, conversations });
    const context = await contextOf(trx, place, { ...user, total_conversations: conversations });
    return { userId: user.canonical_id, isNew: conversations === 1, context };
  });
}

type Trx = Transaction<Database>;

interface User {
  readonly id: string;
  readonly canonical_id: string;
  readonly display_name: string | null;
  readonly total_conversations: number;
  readonly created_at: Date;
}

interface Counted {
  readonly place: MemoryPlace;
  readonly user: User;
  readonly conversations: number;
}

/** Once for every run: that it was counted is noted with the episode. */
async function countConversation(trx: Trx, { place, user, conversations }: Counted): Promise<void> {
  await sql`update memory_episodes set detail = json_build_object(
      'identified', ${user.canonical_id}::text, 'procedures', detail -> 'procedures')
    where execution_id = ${place.executionId}::uuid`.execute(trx);
  await trx
    .updateTable('memory_users')
    .set({ total_conversations: conversations, last_seen_at: sql`now()` })
    .where('id', '=', user.id)
    .execute();
}

interface Who {
  readonly canonicalId: string;
  readonly channel: string;
  readonly externalId: string;
  readonly displayName: string | null;
}

const ownOf = (personId: string) => ({ canonicalId: personId, channel: '', externalId: personId });

function whoOf({ personId }: MemoryPlace, request: IdentifyRequest): Who {
  const channel = request.channel.trim().toLowerCase();
  const externalId = request.externalId.trim();
  const { displayName } = request;
  if (externalId === '' && personId !== null) {
    return { ...ownOf(personId), displayName };
  }
  const canonicalId = `${channel}:${externalId}`;
  if (KNOWN_BY_CHAT.test(channel) && canonicalId !== personId) {
    const message = `Who is ${channel}:${externalId.slice(0, 100)} only the chat itself can say. Leave “Their id” empty, or choose another channel.`;
    throw new StepError('bad_memory', message, { permanent: true });
  }
  if (channel !== '' && externalId !== '' && canonicalId.length <= LONGEST_ID) {
    return { canonicalId, channel, externalId, displayName };
  }
  const message =
    externalId === ''
      ? 'Nothing says who this is. Fill in “Their id”, for example {{ trigger.user_id }}.'
      : `To know somebody again it takes a channel and their id in it, together at most ${LONGEST_ID} characters.`;
  throw new StepError('bad_memory', message, { permanent: true });
}

async function findOrAdd(
  trx: Trx,
  place: MemoryPlace,
  { canonicalId, channel, externalId, displayName }: Who,
): Promise<User> {
  const telegram = channel === 'telegram' ? externalId : null;
  const email = channel === 'email' ? externalId : null;
  const known = await trx
    .selectFrom('memory_users')
    .select(['id', 'canonical_id', 'display_name', 'total_conversations', 'created_at'])
    .where('environment_id', '=', place.environmentId)
    .where((eb) =>
      eb.or([
        eb('canonical_id', '=', canonicalId),
        ...(telegram === null ? [] : [eb('telegram_id', '=', telegram)]),
        ...(email === null ? [] : [eb(sql`lower(email)`, '=', email.toLowerCase())]),
      ]),
    )
    .orderBy('id')
    .limit(1)
    .forUpdate()
    .executeTakeFirst();
  const name =
    storable(displayName ?? '')
      .trim()
      .slice(0, 200) || null;
  if (!known) {
    return trx
      .insertInto('memory_users')
      .values({
        environment_id: place.environmentId,
        canonical_id: canonicalId,
        display_name: name,
        telegram_id: telegram,
        email,
      })
      .returning(['id', 'canonical_id', 'display_name', 'total_conversations', 'created_at'])
      .executeTakeFirstOrThrow();
  }
  if (name === null || name === known.display_name) return known;
  await trx.updateTable('memory_users').set({ display_name: name }).where('id', '=', known.id).execute();
  return { ...known, display_name: name };
}

async function contextOf(trx: Trx, place: MemoryPlace, user: User): Promise<Identified['context']> {
  const facts = await trx
    .selectFrom('memory_facts')
    .select(['key', 'value'])
    .where('environment_id', '=', place.environmentId)
    .where('scope', '=', 'user')
    .where('user_id', '=', user.canonical_id)
    .orderBy('updated_at', 'desc')
    .limit(MOST_FACTS)
    .execute();
  const episodes = await trx
    .selectFrom('memory_episodes')
    .select(['started_at', 'success', 'summary'])
    .where('environment_id', '=', place.environmentId)
    .where('user_id', '=', user.canonical_id)
    .where('agent_id', '=', place.agentId)
    .where('ended_at', 'is not', null)
    .orderBy('started_at', 'desc')
    .limit(MOST_EPISODES)
    .execute();
  return {
    display_name: user.display_name,
    first_seen: user.created_at.toISOString(),
    total_conversations: user.total_conversations,
    facts: Object.fromEntries(facts.map(({ key, value }) => [key, value])),
    recent_episodes: episodes.map(({ started_at, success, summary }) => ({
      at: started_at.toISOString(),
      success,
      summary,
    })),
  };
}
