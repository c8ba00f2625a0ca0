import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#server/db/template-database.ts';
import { ended, startTestEngine, storeWorkflow, type TestEngine, until } from './test-engine.ts';
import { graphOf } from './test-nodes.ts';

let database: TestDatabase;
let one: TestEngine;
beforeAll(async () => {
  database = await createTestDatabase();
  one = await startTestEngine(database.url, { drive: true });
});
afterAll(async () => {
  await one.close();
  await database.drop();
});

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

interface Kept {
  inline: string | null;
  body: string | null;
  hash: string | null;
  bytes: number | null;
}

async function outputOf(executionId: string, node: string): Promise<Kept> {
  const { rows } = await one.pool.query<Kept>(
    `select s.output::text as inline, b.body, encode(s.output_hash, 'hex') as hash, b.bytes
     from steps s left join blobs b on b.hash = s.output_hash where execution_id = $1 and node_id = $2`,
    [executionId, node],
  );
  return rows[0] as Kept;
}

const KIB = 1024;

it.each([1, 200, 256, 257, 1024, 5 * 1024, 9.9 * 1024].map((kib) => [kib]))(
  'keeps an output of %s KiB byte by byte, and passes it on whole',
  async (kib) => {
    const bytes = Math.round(kib * KIB);
    const graph = graphOf(
      [
        ['big', 'large', { bytes }],
        ['next', 'pass'],
        ['last', 'measure'],
      ],
      ['t -> big', 'big -> next', 'next -> last'],
    );
    const { executionId } = await one.engine.start(await storeWorkflow(one.pool, graph));
    const text = 'x'.repeat(bytes);
    expect(await ended(one.pool, executionId)).toMatchObject({
      status: 'completed',
      output: { node_outputs: { last: { out: { length: bytes, hash: sha(text) } } } },
    });
    const stored = await outputOf(executionId, 'big');
    const json = JSON.stringify({ out: text });
    const isLarge = json.length > 256 * KIB;
    expect(isLarge ? stored.body : stored.inline).toBe(json);
    expect(stored).toMatchObject(
      isLarge ? { inline: null, hash: sha(json), bytes: json.length } : { body: null, hash: null },
    );
  },
);

it('stores the same content once, whoever gives it', async () => {
  const bytes = 700_001;
  const graph = graphOf(
    [
      ['a', 'large', { bytes }],
      ['b', 'pass'],
      ['c', 'pass'],
    ],
    ['t -> a', 'a -> b', 'b -> c'],
  );
  const request = await storeWorkflow(one.pool, graph);
  const runs = await Promise.all([1, 2, 3].map(() => one.engine.start(request)));
  for (const { executionId } of runs) await ended(one.pool, executionId);
  const { rows } = await one.pool.query('select bytes from blobs where bytes between 700000 and 700100');
  // `{"out":…}` of three outputs and `{"in":…}` of two inputs, in three runs.
  expect(rows.map((row) => row.bytes).sort((a, b) => a - b)).toEqual([bytes + 9, bytes + 10]);
});

it('refuses more than 10 MiB with the size and the way out', async () => {
  const graph = graphOf([['big', 'large', { bytes: 10 * KIB * KIB + 1 }]], ['t -> big']);
  const { executionId } = await one.engine.start(await storeWorkflow(one.pool, graph));
  expect(await ended(one.pool, executionId)).toMatchObject({
    status: 'failed',
    error: { code: 'output_too_large', message: expect.stringMatching(/10\.0 MiB.*10 MiB/) },
  });
});

it('goes on with the whole value in another process', async () => {
  const bytes = 3 * KIB * KIB;
  const graph = graphOf(
    [
      ['big', 'large', { bytes }],
      ['rest', 'pause', { ms: 1500 }],
      ['last', 'measure'],
    ],
    ['t -> big', 'big -> rest', 'rest -> last'],
  );
  const first = await startTestEngine(database.url, { drive: true });
  await one.close();
  const { executionId } = await first.engine.start(await storeWorkflow(first.pool, graph));
  await until(5000, async () => {
    const { rows } = await first.pool.query(
      "select 1 from executions where id = $1 and status = 'waiting' and owner is null",
      [executionId],
    );
    return rows.length > 0;
  });
  await first.close();
  one = await startTestEngine(database.url, { drive: true });
  expect(await ended(one.pool, executionId)).toMatchObject({
    status: 'completed',
    output: { node_outputs: { last: { out: { length: bytes, hash: sha('x'.repeat(bytes)) } } } },
  });
});
