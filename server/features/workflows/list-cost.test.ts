import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '#server/db/schema.ts';
import { createTestDatabase, type TestDatabase } from '#server/db/template-database.ts';
import type { Viewer } from '../handler.ts';
import { listWorkflows } from './store.ts';

let database: TestDatabase;
let db: Kysely<Database>;
let queries = 0;
let viewer: Viewer;

beforeAll(async () => {
  database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    log: () => {
      queries += 1;
    },
  });
  const { rows } = await pool.query<{ user_id: number; environment_id: number }>(
    `with u as (insert into users (username, role) values ('bob', 'normal') returning id),
     w as (insert into workspaces (name) values ('w') returning id),
     e as (insert into environments (workspace_id, name) select id, 'e' from w returning id)
     select u.id as user_id, e.id as environment_id from u, e`,
  );
  const { user_id: userId = 0, environment_id: environmentId = 0 } = rows[0] ?? {};
  viewer = {
    userId,
    username: 'bob',
    role: 'normal',
    memberRole: 'owner',
    environmentId,
    credential: { kind: 'key', id: 1 },
  };
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

/** So many workflows more, with three nodes and two edges each. */
async function grow(count: number, from: number): Promise<void> {
  const { userId, environmentId } = viewer;
  for (let n = from; n < from + count; n += 1) {
    const { id } = await db
      .insertInto('workflows')
      .values({ name: `W ${n}`, slug: `w${n}`, environment_id: environmentId, owner_id: userId })
      .returning('id')
      .executeTakeFirstOrThrow();
    const node = { workflow_id: id, x: 0, y: 0, config: '{}', settings: '{}', api_fields: '{}' };
    const edge = { workflow_id: id, source_port: 'a', target_port: 'b', priority: 0, api_fields: '{}' };
    await db
      .insertInto('nodes')
      .values(
        ['trigger_manual', 'set', 'set'].map((type, at) => ({
          ...node,
          type,
          node_id: `n${at}`,
          label: null,
        })),
      )
      .execute();
    await db
      .insertInto('edges')
      .values([1, 2].map((at) => ({ ...edge, id: at, source: `n${at - 1}`, target: `n${at}` })))
      .execute();
  }
}

async function cost(input: { q?: string; sort?: string; limit: number; offset: number }) {
  queries = 0;
  const page = await listWorkflows(db, viewer, input);
  return { queries, ...page };
}

test('the list takes as many queries for 200 workflows as for one', async () => {
  await grow(1, 0);
  const one = await cost({ limit: 50, offset: 0 });
  expect(one.items).toMatchObject([{ node_count: 3, edge_count: 2, trigger_count: 1 }]);
  await grow(199, 1);
  for (const input of [
    { limit: 50, offset: 0 },
    { limit: 1000, offset: 0 },
    { limit: 50, offset: 150 },
    { limit: 50, offset: 0, q: 'W 1', sort: 'name' },
  ]) {
    const many = await cost(input);
    expect(many.queries).toBe(one.queries);
    expect(many.items.length).toBeGreaterThanOrEqual(50);
    expect(many.items.every((item) => item.trigger_count === 1)).toBe(true);
  }
  expect(one.queries).toBeLessThanOrEqual(2);
});
