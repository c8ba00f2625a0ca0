import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unitVector } from '#domain/memory/vector.ts';
import { connect, type Db } from '#server/db/connection.ts';
import { openPglite } from '#server/db/pglite-fixture.ts';
import { createTestDatabase } from '#server/db/template-database.ts';
import { createAccount } from '#server/features/accounts/setup.ts';
import type { MemoryPlace } from './place.ts';
import { recall } from './recall.ts';
import { learn, remember } from './remember.ts';
import { vectorSpace } from './vector-space.ts';
import { pendingMemories, storeVectors } from './vector-store.ts';

const GENERATION = 3;
const SIZE = 16;

interface Opened {
  readonly db: Db;
  close(): Promise<void>;
}

async function openArrays(): Promise<Opened> {
  const database = await createTestDatabase();
  const connection = connect(database.url, 4);
  return {
    db: connection.db,
    close: async () => {
      await connection.close();
      await database.drop();
    },
  };
}

/** The first letters of a text count in one place each: what begins alike is alike. */
function vectorOf(text: string): number[] {
  const vector = Array.from({ length: SIZE }, () => 0.01);
  const [first = ' ', second = ' '] = text.toLowerCase();
  for (const [weight, letter] of [[2, first] as const, [1, second] as const]) {
    const place = letter.charCodeAt(0) % SIZE;
    vector[place] = (vector[place] ?? 0) + weight;
  }
  return unitVector(vector) ?? [];
}

/** An environment with a model for its vectors. */
async function newEnvironment(db: Db, username = randomUUID().slice(0, 8)): Promise<number> {
  const account = { username, password_hash: '', role: 'normal' } as const;
  const { userId } = await db.transaction().execute((trx) => createAccount(trx, account));
  const { rows } = await sql<{ id: number }>`
    with mine as (select environment_id as id from memberships where user_id = ${userId}),
    key as (insert into credentials (environment_id, owner_id, name, type, sealed, key_id, public_detail)
      select id, ${userId}, 'Models', 'llm', ''::bytea, 'none', '{}' from mine returning id)
    insert into memory_search (environment_id, credential_id, model, generation)
    select mine.id, key.id, 'words', ${GENERATION} from mine, key returning environment_id as id`.execute(db);
  return rows[0]?.id ?? 0;
}

const placeIn = (environmentId: number, more: Partial<MemoryPlace> = {}): MemoryPlace => ({
  environmentId,
  workflowId: 1,
  executionId: randomUUID(),
  rootId: randomUUID(),
  triggerKind: 'manual',
  rootWorkflowId: 1,
  threadId: 'thread-1',
  agentId: 'workflow:1',
  personId: 'visitor:1',
  isVisit: false,
  isStranger: false,
  ...more,
});

const keep = (
  db: Db,
  place: MemoryPlace,
  key: string,
  scope: 'global' | 'agent' | 'user' | 'session' = 'global',
) =>
  remember(db, place, {
    kind: 'remember',
    key,
    value: 1,
    factType: 'world_knowledge',
    overwrite: true,
    scope,
  });

async function embedAll(db: Db, environmentId: number): Promise<number> {
  const owner = { environmentId, generation: GENERATION };
  const waiting = await pendingMemories(db, owner, 1_000);
  const vectors = waiting.map((memory) => ({ ...memory, vector: vectorOf(memory.text) }));
  expect(await storeVectors(db, owner, vectors)).toBe(true);
  return waiting.length;
}

const SPACES = [
  ['arrays', openArrays],
  ['pgvector', openPglite],
] as const;

describe.each(SPACES)('by %s', (storage, open) => {
  let opened: Opened;
  let db: Db;
  let environmentId: number;
  beforeAll(async () => {
    opened = await open();
    db = opened.db;
  }, 120_000);
  afterAll(() => opened?.close());
  beforeEach(async () => {
    environmentId = await newEnvironment(db);
  });

  /** What a place finds that begins like a text; its words are in none of them. */
  async function near(text: string, place: MemoryPlace, more: { memory?: 'all' | 'procedures' } = {}) {
    const found = await recall(
      db,
      place,
      {
        kind: 'recall',
        memory: 'facts',
        key: null,
        query: `${text}?`,
        limit: 10,
        minConfidence: 0.1,
        ...more,
      },
      () =>
        Promise.resolve({
          environmentId: place.environmentId,
          generation: GENERATION,
          vector: vectorOf(text),
          minSimilarity: 0.9,
        }),
    );
    return found.map(({ key }) => key);
  }

  it('is what the database offers', async () => {
    expect((await vectorSpace(db)).storage).toBe(storage);
  });

  it('finds the nearest first, of every kind, and nothing that is too far', async () => {
    const here = placeIn(environmentId);
    await keep(db, here, 'abacus');
    await keep(db, here, 'azure');
    await keep(db, here, 'moon');
    await learn(db, here, { kind: 'learn', name: 'abseil', description: 'Down the wall', content: ['rope'] });
    expect(await embedAll(db, environmentId)).toBe(4);
    expect(await near('abxx', here)).toEqual(['abacus']);
    expect(await near('abxx', here, { memory: 'all' })).toHaveLength(2);
    expect(await near('abxx', here, { memory: 'procedures' })).toEqual(['abseil']);
    expect(await near('rrrr', here)).toEqual([]);
  });

  it('shows a fact to nobody by its meaning who may not see it', async () => {
    const other = await newEnvironment(db);
    const writer = placeIn(environmentId);
    await keep(db, writer, 'zz of everybody', 'global');
    await keep(db, writer, 'zz of the workflow', 'agent');
    await keep(db, writer, 'zz of the person', 'user');
    await keep(db, writer, 'zz of the talk', 'session');
    await keep(db, placeIn(other), 'zz of elsewhere', 'global');
    await embedAll(db, environmentId);
    await embedAll(db, other);
    const sorted = async (place: MemoryPlace) => (await near('zzxx', place)).toSorted();
    const all = ['zz of everybody', 'zz of the person', 'zz of the talk', 'zz of the workflow'];
    expect(await sorted(writer)).toEqual(all);
    expect(await sorted(placeIn(environmentId, { personId: 'visitor:2' }))).toEqual(
      all.filter((key) => key !== 'zz of the person'),
    );
    expect(await sorted(placeIn(environmentId, { personId: null, threadId: 'thread-2' }))).toEqual([
      'zz of everybody',
      'zz of the workflow',
    ]);
    expect(await sorted(placeIn(environmentId, { agentId: 'workflow:2' }))).toEqual(
      all.filter((key) => key !== 'zz of the workflow'),
    );
    expect(await sorted(placeIn(other))).toEqual(['zz of elsewhere']);
  });

  it('shows episodes to their own workflow only, and only those of whom it talks to', async () => {
    const episode = (agent: string, user: string | null, summary: string) =>
      sql`insert into memory_episodes (environment_id, agent_id, user_id, trigger_type, success, summary,
          started_at, ended_at)
        values (${environmentId}, ${agent}, ${user}, ${summary}, true, ${summary}, now(), now())`.execute(db);
    await episode('workflow:1', null, 'qq anybody');
    await episode('workflow:1', 'visitor:1', 'qq one');
    await episode('workflow:1', 'visitor:2', 'qq two');
    await episode('workflow:2', null, 'qq other');
    await embedAll(db, environmentId);
    const seen = async (more: Partial<MemoryPlace>) =>
      (await near('qqxx', placeIn(environmentId, more), { memory: 'all' })).toSorted();
    expect(await seen({})).toEqual(['qq anybody', 'qq one']);
    expect(await seen({ personId: null })).toEqual(['qq anybody']);
    expect(await seen({ personId: 'visitor:2', agentId: 'workflow:2' })).toEqual(['qq other']);
  });

  it('loses its vectors with the memory, and does not count those of what has changed', async () => {
    const here = placeIn(environmentId);
    await keep(db, here, 'kk1');
    await keep(db, here, 'kk2');
    await embedAll(db, environmentId);
    expect(await near('kkxx', here)).toHaveLength(2);
    const again = {
      kind: 'remember',
      key: 'kk1',
      factType: 'world_knowledge',
      overwrite: true,
      scope: 'global',
    } as const;
    await remember(db, here, { ...again, value: 'else' });
    expect(await near('kkxx', here)).toEqual(['kk2']);
    expect(await embedAll(db, environmentId)).toBe(1);
    expect(await near('kkxx', here)).toHaveLength(2);
    await db.deleteFrom('memory_facts').where('environment_id', '=', environmentId).execute();
    const left = db.selectFrom('memory_vectors').select('id').where('environment_id', '=', environmentId);
    expect(await left.execute()).toEqual([]);
  });

  it('keeps no vector of a text that has changed meanwhile, nor of a model that is no longer chosen', async () => {
    const here = placeIn(environmentId);
    await keep(db, here, 'ii');
    const owner = { environmentId, generation: GENERATION };
    const [read] = await pendingMemories(db, owner, 10);
    if (!read) throw new Error('Nothing waits.');
    await db.updateTable('memory_facts').set({ value: '"new"' }).where('id', '=', read.id).execute();
    const vector = vectorOf(read.text);
    expect(await storeVectors(db, owner, [{ ...read, vector }])).toBe(true);
    expect(await near('iixx', here)).toEqual([]);
    expect(await pendingMemories(db, owner, 10)).toHaveLength(1);
    expect(await storeVectors(db, { ...owner, generation: GENERATION - 1 }, [{ ...read, vector }])).toBe(
      false,
    );
  });

  it('finds one among a thousand', async () => {
    const [first] = await pendingMemories(db, { environmentId, generation: GENERATION }, 1);
    expect(first).toBeUndefined();
    await sql`insert into memory_facts (environment_id, scope, key, value, fact_type)
      select ${environmentId}, 'global', 'hh' || n, '1', 'world_knowledge' from generate_series(1, 999) n`.execute(
      db,
    );
    await keep(db, placeIn(environmentId), 'wolf');
    const space = await vectorSpace(db);
    await space.prepare(db, SIZE);
    while ((await embedAll(db, environmentId)) > 0);
    expect(await near('woxx', placeIn(environmentId))).toEqual(['wolf']);
    // With what only its own talk may see, among all the others that are as near.
    await keep(db, placeIn(environmentId, { threadId: 'alone' }), 'hh mine', 'session');
    await embedAll(db, environmentId);
    const question = { environmentId, generation: GENERATION, vector: vectorOf('hhxx'), minSimilarity: 0.9 };
    const visible = sql<boolean>`session_id = 'alone'`;
    const query = space.nearest({ source: 'facts', question, visible, limit: 5 });
    const { rows } = await space.run(db, (within) => sql<{ near_id: string }>`${query}`.execute(within));
    expect(rows).toHaveLength(1);
  });

  it('can go by an index where there is one, whatever else is asked of a row', async () => {
    const space = await vectorSpace(db);
    await space.prepare(db, SIZE);
    const question = { environmentId, generation: GENERATION, vector: vectorOf('hh'), minSimilarity: 0 };
    const query = space.nearest({
      source: 'facts',
      question,
      visible: sql<boolean>`scope = 'global'`,
      limit: 5,
    });
    const plan = await space.run(db, async (within) => {
      await sql`set local enable_seqscan = off`.execute(within);
      await sql`set local enable_sort = off`.execute(within);
      return (await sql<Record<string, string>>`explain ${query}`.execute(within)).rows;
    });
    const goesByIndex = JSON.stringify(plan).includes(`Index Scan using memory_vectors_nearest_${SIZE}`);
    expect(goesByIndex).toBe(storage === 'pgvector');
  });
});
