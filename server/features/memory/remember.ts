import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import type {
  LearnRequest,
  MemoryAnswer,
  MemoryScope,
  Remembered,
  RememberRequest,
} from '#domain/memory/request.ts';
import { StepError } from '#domain/node/executor.ts';
import { storable } from '#domain/text.ts';
import type { Db } from '#server/db/connection.ts';
import type { MemoryPlace } from './place.ts';
import { folded } from './visible.ts';

const LONGEST_KEY = 200;
const MOST_BYTES = 65_536;
/** Of something heard once; a correction is sure. */
const FIRST = 0.8;
/** How much of the remaining doubt each confirmation takes. */
const CONFIRMING = 0.3;

/**
 * Keeps a fact.
 * @throws StepError `bad_memory` for a key or value that cannot be kept
 */
export async function remember(db: Db, place: MemoryPlace, request: RememberRequest): Promise<Remembered> {
  const key = readKey(request.key, 'key');
  const value = readValue(request.value);
  const scope = scopeOf(request, place);
  const owner = {
    agent_id: scope === 'agent' ? place.agentId : null,
    user_id: scope === 'user' ? place.personId : null,
    session_id: scope === 'session' ? place.threadId : null,
  };
  const whose = owner.agent_id ?? owner.user_id ?? owner.session_id ?? '';
  return db.transaction().execute(async (trx) => {
    // Keys that fold to the same one are one, which no index says.
    const lock = ['fact', place.environmentId, scope, whose, folded(key)].join('\n');
    await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(trx);
    const known = await trx
      .selectFrom('memory_facts')
      .select(['id', 'value', 'confidence', 'times_confirmed'])
      .where('environment_id', '=', place.environmentId)
      .where('scope', '=', scope)
      .where(sql<string>`coalesce(agent_id, user_id, session_id, '')`, '=', whose)
      .where('folded_key', '=', folded(key))
      .orderBy('updated_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    const fresh = request.factType === 'correction' ? 1 : FIRST;
    const said = { value, fact_type: request.factType };
    if (!known) {
      const row = { environment_id: place.environmentId, scope, ...owner, key, ...said, confidence: fresh };
      await trx.insertInto('memory_facts').values(row).execute();
      return { outcome: 'created', created: true, timesConfirmed: 1 };
    }
    const change = changeOf(known, { value: JSON.parse(value), overwrite: request.overwrite }, fresh);
    if (change.outcome !== 'kept') {
      const { confidence, timesConfirmed } = change;
      await trx
        .updateTable('memory_facts')
        .set({ ...said, confidence, times_confirmed: timesConfirmed, updated_at: sql`now()` })
        .$if(change.outcome === 'replaced', (update) => update.set({ embedded: 0 }))
        .where('id', '=', known.id)
        .execute();
    }
    return { outcome: change.outcome, created: false, timesConfirmed: change.timesConfirmed };
  });
}

interface Known {
  readonly value: unknown;
  readonly confidence: number;
  readonly times_confirmed: number;
}

function changeOf(
  known: Known,
  { value, overwrite }: Pick<RememberRequest, 'value' | 'overwrite'>,
  fresh: number,
) {
  if (isDeepStrictEqual(known.value, value)) {
    const confidence = Math.min(1, known.confidence + (1 - known.confidence) * CONFIRMING);
    return { outcome: 'confirmed', confidence, timesConfirmed: known.times_confirmed + 1 } as const;
  }
  if (overwrite) return { outcome: 'replaced', confidence: fresh, timesConfirmed: 1 } as const;
  return { outcome: 'kept', confidence: known.confidence, timesConfirmed: known.times_confirmed } as const;
}

function scopeOf({ scope, factType }: RememberRequest, { personId, isStranger }: MemoryPlace): MemoryScope {
  if (scope === 'user' && personId === null) {
    const message =
      'Nobody knows who this run talks to, so nothing can be kept for them. Put an Identify user node before it, or choose another scope.';
    throw new StepError('bad_memory', message, { permanent: true });
  }
  if (scope !== 'auto') return scope;
  const isPersonal = isStranger || factType === 'user_preference' || factType === 'relationship';
  return isPersonal && personId !== null ? 'user' : 'global';
}

/** Keeps a way of doing something, for the workflow that has found it. @throws StepError `bad_memory`, also for strangers who may not teach */
export async function learn(
  db: Db,
  place: MemoryPlace,
  request: LearnRequest,
): Promise<MemoryAnswer<LearnRequest>> {
  if (place.isStranger && !request.fromStrangers) {
    const message =
      'What visitors explain is not kept as a procedure, since it would be followed for others, too. Do it that way this time.';
    throw new StepError('bad_memory', message, { permanent: true });
  }
  const name = readKey(request.name, 'name');
  const said = {
    description: storable(request.description.slice(0, 2_000)),
    content: readValue(request.content),
  };
  return db.transaction().execute(async (trx) => {
    const row = { environment_id: place.environmentId, agent_id: place.agentId, name };
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('memory_procedures')
      .values({ ...row, ...said, procedure_type: 'learned' })
      .onConflict((conflict) => conflict.columns(['environment_id', 'agent_id', 'name']).doNothing())
      .executeTakeFirst();
    const created = (numInsertedOrUpdatedRows ?? 0n) > 0n;
    if (!created) {
      await trx
        .updateTable('memory_procedures')
        .set({ ...said, is_active: true, updated_at: sql`now()`, embedded: 0 })
        .where('environment_id', '=', row.environment_id)
        .where('agent_id', '=', row.agent_id)
        .where('name', '=', name)
        .execute();
    }
    return { created };
  });
}

function readKey(given: string, what: string): string {
  const key = storable(given).trim();
  if (folded(key) !== '' && key.length <= LONGEST_KEY) return key;
  const message = `Give the ${what} to remember it by: 1 to ${LONGEST_KEY} characters, such as “favourite drink”.`;
  throw new StepError('bad_memory', message, { permanent: true });
}

function readValue(value: unknown): string {
  const text = JSON.stringify(value ?? null, storableValue) ?? 'null';
  if (Buffer.byteLength(text) <= MOST_BYTES) return text;
  const message = 'This is too much to remember: at most 64 kB. Remember a summary of it.';
  throw new StepError('bad_memory', message, { permanent: true });
}

function storableValue(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return storable(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [storable(key), one]));
}
