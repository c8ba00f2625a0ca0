import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#server/db/template-database.ts';
import { startQueue } from './queue.ts';
import { until } from './test-engine.ts';

let database: TestDatabase;
let direct: pg.Pool;
let behindDoor: pg.Pool;
let door: Server;
let isOpen = false;
let refused = 0;
const sockets = new Set<Socket>();

/** The test database's own address, TCP or a file. */
function address(): { host: string; port: number } | { path: string } {
  const { host, port } = new pg.Client({ connectionString: database.url });
  return host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
}

beforeAll(async () => {
  database = await createTestDatabase();
  direct = new pg.Pool({ connectionString: database.url, max: 2 });
  door = createServer((near) => {
    near.on('error', () => undefined);
    if (!isOpen) {
      refused += 1;
      near.destroy();
      return;
    }
    const far = dial(address());
    far.on('error', () => near.destroy());
    for (const one of [near, far]) {
      sockets.add(one);
      one.on('close', () => sockets.delete(one));
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const { user, password, database: name } = new pg.Client({ connectionString: database.url });
  const { port } = door.address() as { port: number };
  behindDoor = new pg.Pool({ host: '127.0.0.1', port, user, password, database: name, max: 4 });
  behindDoor.on('error', () => undefined);
});
afterAll(async () => {
  await behindDoor.end();
  for (const one of sockets) one.destroy();
  door.close();
  await direct.end();
  await database.drop();
});

it('fetches jobs although the database was away at its first fetch', { timeout: 40_000 }, async () => {
  const driven: string[] = [];
  const queue = startQueue({
    pool: behindDoor,
    concurrency: 2,
    afterRun: () => Promise.resolve(),
    drive: async (id) => {
      driven.push(id);
    },
    onIds: () => undefined,
    log: () => undefined,
  });
  await until(10_000, async () => refused > 12);
  isOpen = true;
  await direct.query("select graphile_worker.add_job('drive', json_build_object('id', 'one'))");
  await until(20_000, async () => driven.length > 0);
  await queue.stop();
  expect(driven).toEqual(['one']);
});
