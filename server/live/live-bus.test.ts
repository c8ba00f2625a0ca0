import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Connection, connect } from '#server/db/connection.ts';
import { createTestDatabase, type TestDatabase } from '#server/db/template-database.ts';
import { until } from '#server/http/test-server.ts';
import { type LiveBus, openLiveBus } from './live-bus.ts';
import { type LivePiece, merged, runTopic, workflowTopic } from './live-piece.ts';

let database: TestDatabase;
let connection: Connection;
/** As two processes have them. */
let here: LiveBus;
let there: LiveBus;
let runs = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  connection = connect(database.url, 4);
  const options = { pool: connection.pool, url: database.url };
  [here, there] = await Promise.all([openLiveBus(options), openLiveBus(options)]);
});
afterAll(async () => {
  await Promise.all([here.close(), there.close()]);
  await connection.close();
  await database.drop();
});

const run = (): string => `run-${(runs += 1)}`;
const piece = (executionId: string, text: string, more: Partial<LivePiece> = {}): LivePiece => ({
  executionId,
  workflowId: 7,
  node: 'agent',
  scope: '',
  kind: 'text',
  turn: 1,
  text,
  ...more,
});
/** What a reader has on its screen in the end. */
const shown = (pieces: readonly LivePiece[]): string =>
  pieces.reduce((text, one) => (one.kind === 'restart' ? '' : text + one.text), '');

it('brings what is written to readers of the run and of the workflow, in this process at once', () => {
  const id = run();
  const seen: LivePiece[] = [];
  const stops = [runTopic(id), workflowTopic(7), runTopic('other')].map((topic) =>
    here.read(topic, (one) => seen.push(one)),
  );
  here.write(piece(id, 'a'));
  expect(seen.map((one) => one.text)).toEqual(['a', 'a']);
  for (const stop of stops) stop();
  here.write(piece(id, 'b'));
  expect(seen).toHaveLength(2);
});

it('shows a late reader what is unfinished, and nothing that is over', () => {
  const id = run();
  here.write(piece(id, 'thinking', { kind: 'reasoning' }));
  here.write(piece(id, 'Hel'));
  here.write(piece(id, 'lo'));
  expect(here.unfinished(runTopic(id)).map(({ kind, text }) => [kind, text])).toEqual([
    ['restart', ''],
    ['reasoning', 'thinking'],
    ['text', 'Hello'],
  ]);
  here.write(piece(id, '', { kind: 'restart' }));
  expect(here.unfinished(runTopic(id))).toEqual([]);
  here.write(piece(id, 'again'));
  here.write(piece(id, 'next', { turn: 2 }));
  expect(shown(here.unfinished(runTopic(id)))).toBe('next');
  here.write(piece(id, '', { kind: 'end', turn: 2 }));
  expect(here.unfinished(runTopic(id))).toEqual([]);
});

it('brings everything to another process, from the beginning, in order, however long and odd', async () => {
  const id = run();
  here.write(piece(id, 'before anybody reads; '));
  const seen: LivePiece[] = [];
  const stop = there.read(runTopic(id), (one) => seen.push(one));
  await until(async () => shown(seen).includes('before'));
  const long = '"\\\n\u{1F600}é'.repeat(5000);
  let expected = 'before anybody reads; ';
  for (let n = 0; n < 300; n += 1) {
    const text = n === 150 ? long : `${n} `;
    here.write(piece(id, text));
    expected += text;
  }
  here.write(piece(id, '', { kind: 'end' }));
  await until(async () => seen.at(-1)?.kind === 'end');
  expect(shown(seen)).toBe(expected);
  expect(seen.length).toBeLessThan(250);
  stop();
});

it('loses pieces rather than keep them all while the database does not answer', async () => {
  const narrow = connect(database.url, 1);
  const slow = await openLiveBus({ pool: narrow.pool, url: database.url });
  const id = run();
  const seen: string[] = [];
  const stop = there.read(runTopic(id), (one) => seen.push(one.text));
  await until(async () => {
    slow.write(piece(id, 'begun'));
    return seen.includes('begun');
  });
  const client = await narrow.pool.connect();
  for (let round = 0; round < 20; round += 1) {
    for (let n = 0; n < 1000; n += 1) slow.write(piece(id, 'x', { turn: round * 1000 + n }));
    // Longer than pieces are collected for.
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  client.release();
  await until(async () => {
    slow.write(piece(id, 'over', { turn: 100_000 }));
    return seen.includes('over');
  });
  expect(seen.length).toBeLessThan(8000);
  stop();
  await slow.close();
  await narrow.close();
});

it('forgets the oldest writing that nobody ends', () => {
  const id = run();
  for (let n = 0; n < 12_000; n += 1) here.write(piece(id, 'x', { node: `n${n}` }));
  const left = here.unfinished(runTopic(id)).filter(({ kind }) => kind === 'text');
  expect(left.length).toBeLessThanOrEqual(10_000);
  expect(left.at(-1)?.node).toBe('n11999');
});

it('tells the other process nothing that nobody reads there', async () => {
  const heard: string[] = [];
  const client = await connection.pool.connect();
  client.on('notification', ({ payload }) => heard.push(payload ?? ''));
  await client.query('listen pipewright_live');
  const id = run();
  here.write(piece(id, 'secret'));
  const stop = there.read(runTopic(`${id}-b`), () => undefined);
  await until(async () => {
    here.write(piece(`${id}-b`, 'heard', { kind: 'text' }));
    await client.query('select 1');
    return heard.some((one) => one.includes('heard'));
  });
  expect(heard.join()).not.toContain('secret');
  stop();
  client.release(true);
});

it('puts pieces that follow on one another together, and no others', () => {
  const pieces = [
    piece('a', '1'),
    piece('b', 'x'),
    piece('a', '2'),
    piece('a', '', { kind: 'end' }),
    piece('a', '3'),
  ];
  expect(merged(pieces).map(({ executionId, kind, text }) => [executionId, kind, text])).toEqual([
    ['a', 'text', '12'],
    ['b', 'text', 'x'],
    ['a', 'end', ''],
    ['a', 'text', '3'],
  ]);
});
