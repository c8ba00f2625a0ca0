import { sql } from 'kysely';
import { StepError } from '#domain/node/executor.ts';
import type { Db } from '#server/db/connection.ts';
import { uuidV7 } from '#server/engine/uuid-v7.ts';
import { type Embed, type Embedded, ownPlace } from '#server/model/embed-call.ts';
import type { ModelFailure } from '#server/model/model-failure.ts';
import { pauseSearch, resumeSearch, type SearchModel, searchModel } from './search-setting.ts';
import { vectorSpace } from './vector-space.ts';
import { type EmbeddedMemory, type PendingMemory, pendingMemories, storeVectors } from './vector-store.ts';

export interface PassOptions {
  readonly db: Db;
  readonly embed: Embed;
  /** The process ends. */
  readonly signal: AbortSignal;
}

/** Memories in one call. */
const BATCH = 32;
/** After so many calls other environments have their turn. */
const BATCHES_A_TURN = 20;
const TIMEOUT_MS = 60_000;
/** Longer than a call takes: then whoever had it is gone. */
const CLAIM_S = 120;

/** The environments that have something to embed, a model to do it with, and nobody who does it. */
export async function environmentsToEmbed(db: Db, limit: number): Promise<number[]> {
  const { rows } = await sql<{ environment_id: number }>`
    select s.environment_id from memory_search s
    where s.credential_id is not null and coalesce(s.paused_until <= now(), true)
      and coalesce(s.claimed_until <= now(), true)
      and (exists (select from memory_facts m
          where m.environment_id = s.environment_id and m.embedded < s.generation)
        or exists (select from memory_procedures m
          where m.environment_id = s.environment_id and m.embedded < s.generation)
        or exists (select from memory_episodes m
          where m.environment_id = s.environment_id and m.embedded < s.generation and m.ended_at is not null))
    order by s.claimed_until nulls first limit ${limit}`.execute(db);
  return rows.map((row) => row.environment_id);
}

/**
 * Embeds what an environment has without a vector, batch by batch, until nothing is left, its turn is over or the
 * provider fails. Whatever is left is found again the next time; a process that dies loses at most one batch.
 */
export async function embedEnvironment(options: PassOptions, environmentId: number): Promise<void> {
  const { db, signal } = options;
  if (!(await claim(db, environmentId))) return;
  const passId = uuidV7();
  try {
    for (let turn = 0; turn < BATCHES_A_TURN && !signal.aborted; turn += 1) {
      const model = await searchModel(db, environmentId);
      if (!model || model.isPaused) return;
      const waiting = await pendingMemories(db, model, BATCH);
      if (waiting.length === 0) return;
      if (!(await embedBatch(options, { model, waiting, passId }).catch(paused(db, model)))) return;
      await extend(db, environmentId);
    }
  } finally {
    await release(db, environmentId);
  }
}

/** What was paid for and cannot be kept is not paid for again every second. */
const paused =
  (db: Db, model: SearchModel) =>
  async (error: unknown): Promise<never> => {
    const message = 'The vectors of memories could not be kept. The log of the server says why.';
    const failure = { error: new StepError('memory_not_kept', message), retryable: true, waitMs: null };
    await pauseSearch(db, model, failure).catch(() => undefined);
    throw error;
  };

interface Batch {
  readonly model: SearchModel;
  readonly waiting: readonly PendingMemory[];
  readonly passId: string;
}

/** @returns whether to go on */
async function embedBatch(options: PassOptions, batch: Batch): Promise<boolean> {
  const { db, signal } = options;
  const { model, waiting } = batch;
  // What says nothing has no meaning.
  const silent = waiting.filter(({ text }) => text === '').map((memory) => ({ ...memory, vector: null }));
  const spoken = waiting.filter(({ text }) => text !== '');
  const made = await vectorsOf(options, batch, spoken);
  if (made.failure) {
    if (!signal.aborted) await pauseSearch(db, model, made.failure);
    return false;
  }
  const length = made.memories.find(({ vector }) => vector !== null)?.vector?.length;
  if (length !== undefined) await (await vectorSpace(db)).prepare(db, length);
  const isCurrent = await storeVectors(db, model, [...silent, ...made.memories]);
  await resumeSearch(db, model);
  return isCurrent;
}

type Made =
  | { readonly failure: ModelFailure }
  | { readonly failure: null; readonly memories: readonly EmbeddedMemory[] };

/** Where the provider refuses a batch for what is in it, the memories it refuses are found out, and skipped. */
async function vectorsOf(
  options: PassOptions,
  batch: Batch,
  memories: readonly PendingMemory[],
): Promise<Made> {
  if (memories.length === 0) return { failure: null, memories: [] };
  const whole = await call(
    options,
    batch,
    memories.map(({ text }) => text),
  );
  if (whole.ok) {
    const done = memories.map((memory, at) => ({ ...memory, vector: whole.vectors[at] ?? null }));
    return { failure: null, memories: done };
  }
  const isContent = ['model_bad_request', 'content_filtered'].includes(whole.failure.error.code);
  if (!isContent || !(await worksAtAll(options, batch))) return { failure: whole.failure };
  if (memories.length === 1) {
    return { failure: null, memories: memories.map((memory) => ({ ...memory, vector: null })) };
  }
  const half = Math.ceil(memories.length / 2);
  const first = await vectorsOf(options, batch, memories.slice(0, half));
  if (first.failure) return first;
  const second = await vectorsOf(options, batch, memories.slice(half));
  return second.failure ? second : { failure: null, memories: [...first.memories, ...second.memories] };
}

/** Whether it is the texts that the provider does not take, and not the model or its dimensions. */
async function worksAtAll(options: PassOptions, batch: Batch): Promise<boolean> {
  return (await call(options, batch, ['memory'])).ok;
}

const call = ({ embed, signal }: PassOptions, { model, passId }: Batch, texts: string[]): Promise<Embedded> =>
  embed({
    ...model,
    texts,
    place: ownPlace(model.environmentId, passId),
    signal,
    timeoutMs: TIMEOUT_MS,
  });

const until = sql<Date>`now() + ${CLAIM_S} * interval '1 second'`;

async function claim(db: Db, environmentId: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('memory_search')
    .set({ claimed_until: until })
    .where('environment_id', '=', environmentId)
    .where(sql<boolean>`coalesce(claimed_until <= now(), true)`)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

async function extend(db: Db, environmentId: number): Promise<void> {
  await db
    .updateTable('memory_search')
    .set({ claimed_until: until })
    .where('environment_id', '=', environmentId)
    .execute();
}

/** Others may go on; who had it last comes last. */
async function release(db: Db, environmentId: number): Promise<void> {
  await db
    .updateTable('memory_search')
    .set({ claimed_until: sql<Date>`now()` })
    .where('environment_id', '=', environmentId)
    .execute();
}
