import { sql, type Transaction } from 'kysely';
import type { Contract, OutputOf } from '#contract/contract.ts';
import { isAnthropic } from '#domain/credential/detail.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import type { Database } from '#server/db/schema.ts';
import type { Embed } from '#server/model/embed-call.ts';
import { auditBy } from '../audit-log.ts';
import { type HandlersOf, signedIn } from '../handler.ts';
import { searchProgress } from './search-progress.ts';
import { tryModel } from './search-trial.ts';
import { SOURCE_TABLES, SOURCES } from './source.ts';
import { vectorSpace } from './vector-space.ts';

type Setting = OutputOf<'memorySearch', 'get'>;

export interface SearchOptions {
  readonly db: Db;
  readonly embed: Embed;
}

const USUAL_SIMILARITY = 0.25;

/** How the memories of the caller's environment are found. */
export function memorySearchHandlers({ db, embed }: SearchOptions): HandlersOf<Contract['memorySearch']> {
  return {
    get: (context) => shown(db, signedIn(context).environmentId),
    set: async (context, { credential_id, model, dimensions, min_similarity }) => {
      const { environmentId } = signedIn(context);
      const chosen = {
        credential_id,
        model: credential_id === null ? '' : (model ?? ''),
        dimensions: credential_id === null ? null : (dimensions ?? null),
        min_similarity: min_similarity ?? USUAL_SIMILARITY,
      };
      await db.transaction().execute(async (trx) => {
        if (credential_id !== null) await checkChoice(trx, environmentId, { credential_id, model });
        await choose(trx, environmentId, chosen);
        await auditBy(trx, context, {
          action: 'memory_search_changed',
          target: chosen.model === '' ? 'by words only' : chosen.model,
          detail: chosen,
        });
      });
      return shown(db, environmentId);
    },
    test: async (context, { credential_id, model, dimensions }) => {
      const { environmentId } = signedIn(context);
      await checkChoice(db, environmentId, { credential_id, model });
      const choice = { environmentId, credentialId: credential_id, model, dimensions: dimensions ?? null };
      return tryModel(embed, choice);
    },
    rebuild: async (context, { what }) => {
      const { environmentId } = signedIn(context);
      await db.transaction().execute(async (trx) => {
        await startAnew(trx, environmentId, what === 'everything');
        const target = `embedding of ${what}`;
        await auditBy(trx, context, { action: 'memory_search_changed', target, detail: {} });
      });
      return shown(db, environmentId);
    },
  };
}

interface Chosen {
  readonly credential_id: number | null;
  readonly model: string;
  readonly dimensions: number | null;
  readonly min_similarity: number;
}

/** Another model makes other vectors: what is there of the one before goes at once. */
async function choose(trx: Transaction<Database>, environmentId: number, chosen: Chosen): Promise<void> {
  const known = await lockSetting(trx, environmentId);
  const isSame =
    known !== undefined &&
    known.credential_id === chosen.credential_id &&
    known.model === chosen.model &&
    known.dimensions === chosen.dimensions;
  await trx
    .updateTable('memory_search')
    .set({ ...chosen, updated_at: sql`now()` })
    .where('environment_id', '=', environmentId)
    .execute();
  if (!isSame) await dropVectors(trx, environmentId);
}

async function lockSetting(trx: Transaction<Database>, environmentId: number) {
  await trx
    .insertInto('memory_search')
    .values({ environment_id: environmentId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return trx
    .selectFrom('memory_search')
    .select(['credential_id', 'model', 'dimensions', 'generation'])
    .where('environment_id', '=', environmentId)
    .forUpdate()
    .executeTakeFirst();
}

/** Whoever is embedding right now writes for a generation that counts no more. */
async function dropVectors(trx: Transaction<Database>, environmentId: number): Promise<void> {
  await trx
    .updateTable('memory_search')
    .set({ generation: sql<number>`generation + 1`, paused_until: null, failures: 0, last_error: null })
    .where('environment_id', '=', environmentId)
    .execute();
  await trx.deleteFrom('memory_vectors').where('environment_id', '=', environmentId).execute();
}

/** @throws AppError `conflict` where no model is chosen */
async function startAnew(
  trx: Transaction<Database>,
  environmentId: number,
  everything: boolean,
): Promise<void> {
  const known = await lockSetting(trx, environmentId);
  if (!known || known.credential_id === null) {
    throw new AppError('conflict', 'No embedding model is chosen. Choose one first.');
  }
  if (everything) return dropVectors(trx, environmentId);
  await trx
    .updateTable('memory_search')
    .set({ paused_until: null, failures: 0, last_error: null })
    .where('environment_id', '=', environmentId)
    .execute();
  for (const source of SOURCES) {
    const { table, column } = SOURCE_TABLES[source];
    await sql`update ${sql.table(table)} m set embedded = 0
      where environment_id = ${environmentId} and embedded = ${known.generation}
        and not exists (select from memory_vectors v where v.${sql.ref(column)} = m.id
          and v.generation = ${known.generation})`.execute(trx);
  }
}

interface Choice {
  readonly credential_id: number;
  readonly model: string | null | undefined;
}

/** @throws AppError `not_found` for what is no LLM credential here, `invalid` for what cannot embed */
async function checkChoice(
  db: Db | Transaction<Database>,
  environmentId: number,
  { credential_id, model }: Choice,
): Promise<void> {
  const found = await db
    .selectFrom('credentials')
    .select(['type', 'public_detail'])
    .where('id', '=', credential_id)
    .where('environment_id', '=', environmentId)
    .executeTakeFirst();
  if (found?.type !== 'llm') throw new AppError('not_found', 'LLM credential not found.');
  if (isAnthropic(found.public_detail as Record<string, unknown>)) {
    throw invalid('credential_id', 'This provider has no embedding models.', credential_id);
  }
  if (!model) throw invalid('model', 'Name the embedding model.', model ?? null);
}

const invalid = (field: string, msg: string, input: unknown): AppError =>
  new AppError('invalid', [{ type: 'value_error', loc: ['body', field], msg, input }]);

async function shown(db: Db, environmentId: number): Promise<Setting> {
  const row = await db
    .selectFrom('memory_search as s')
    .leftJoin('credentials as c', 'c.id', 's.credential_id')
    .select(['s.credential_id', 'c.name', 's.model', 's.dimensions', 's.min_similarity', 's.last_error'])
    .select([
      's.updated_at',
      sql<Date | null>`case when s.paused_until > now() then s.paused_until end`.as('paused'),
    ])
    .where('s.environment_id', '=', environmentId)
    .executeTakeFirst();
  const memories = await searchProgress(db, environmentId);
  const isOn = row !== undefined && row.credential_id !== null;
  return {
    credential_id: row?.credential_id ?? null,
    credential_name: row?.name ?? null,
    model: row?.model || null,
    dimensions: row?.dimensions ?? null,
    min_similarity: row?.min_similarity ?? USUAL_SIMILARITY,
    storage: isOn ? (await vectorSpace(db)).storage : null,
    memories: isOn ? memories : { ...memories, embedded: 0, pending: 0, skipped: 0 },
    paused_until: isOn ? (row.paused?.toISOString() ?? null) : null,
    last_error: isOn ? row.last_error : null,
    updated_at: row?.updated_at.toISOString() ?? null,
  };
}
