import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Connection, connect } from './db/connection.ts';
import { createTestDatabase } from './db/template-database.ts';
import { createAccount } from './features/accounts/setup.ts';
import { type Rotation, rewrap, rotate, status } from './key-rotation.ts';
import { openKeyring } from './keyring.ts';
import { rewrapAll } from './sealing/rewrap.ts';
import { SEALED_COLUMNS } from './sealing/sealed-column.ts';
import type { Sealer } from './sealing/sealer.ts';
import { writeSecretKeys } from './secret-key.ts';
import { openDetail, sealNew } from './vault/secret-row.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let connection: Connection;
let dataDir = '';
let environmentId = 0;
let ownerId = 0;
const said: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  connection = connect(database.url, 6);
  const { userId } = await connection.db
    .transaction()
    .execute((trx) => createAccount(trx, { username: 'ada', password_hash: '', role: 'admin' }));
  ownerId = userId;
  const row = await connection.db.selectFrom('environments').select('id').executeTakeFirstOrThrow();
  environmentId = row.id;
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'key-rotation-'));
});
afterEach(async () => {
  said.length = 0;
  await connection.db.deleteFrom('credentials').execute();
  await connection.db.deleteFrom('sealing_checks').execute();
  await rm(dataDir, { recursive: true });
});

const inFile = () => ({ secretKey: null, previousSecretKeys: [] as string[], dataDir });
const rotation = (config: Rotation['config'] = inFile()) => ({
  config,
  db: connection.db,
  say: (line: string) => said.push(line),
  settleMs: 0,
});
const keyLines = async () => (await readFile(join(dataDir, 'secret.key'), 'utf8')).trim().split('\n');

async function store(sealer: Sealer, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, n) => ({
    environment_id: environmentId,
    owner_id: ownerId,
    name: `n${n}`,
    type: 'llm' as const,
    public_detail: '{}',
    ...sealNew(sealer, environmentId, { api_key: `secret ${n}` }),
  }));
  await connection.db.insertInto('credentials').values(rows).execute();
}

async function readAll(sealer: Sealer): Promise<string[]> {
  const rows = await connection.db.selectFrom('credentials').selectAll().orderBy('id').execute();
  return rows.map((row) => String(openDetail(sealer, row)['api_key']));
}

test('the registry knows every sealed column of the database', async () => {
  const { rows } = await sql<{ found: string }>`
    select table_name || '.' || column_name as found from information_schema.columns
    where table_schema = 'public' and data_type = 'bytea' and column_name like '%sealed%'
      and table_name <> 'sealing_checks' order by 1
  `.execute(connection.db);
  const known = SEALED_COLUMNS.map(({ table, sealed }) => `${table}.${sealed}`).sort();
  expect(rows.map(({ found }) => found)).toEqual(known);
});

describe('a start', () => {
  test('makes a key where nothing is stored, and takes any other while nothing is', async () => {
    await openKeyring(inFile(), connection.db);
    expect(await keyLines()).toHaveLength(1);
    await openKeyring({ ...inFile(), secretKey: 'another key of thirty-two letters' }, connection.db);
  });

  test('without the key is refused while something is stored, and makes none', async () => {
    const { sealer } = await openKeyring(inFile(), connection.db);
    await store(sealer, 1);
    const [key = ''] = await keyLines();
    await rm(join(dataDir, 'secret.key'));
    await expect(openKeyring(inFile(), connection.db)).rejects.toThrow('need their key, and there is none');
    await expect(readFile(join(dataDir, 'secret.key'))).rejects.toThrow('ENOENT');
    const wrong = { ...inFile(), secretKey: 'a wrong key of at least 32 characters' };
    await expect(openKeyring(wrong, connection.db)).rejects.toThrow(
      'not the one credentials were stored with',
    );
    const moved = { ...inFile(), secretKey: wrong.secretKey, previousSecretKeys: [key] };
    expect(await readAll((await openKeyring(moved, connection.db)).sealer)).toEqual(['secret 0']);
  });
});

describe('rotation of the key file', () => {
  test('leaves everything readable all the while, for processes that run too', async () => {
    const running = await openKeyring(inFile(), connection.db);
    const [old = ''] = await keyLines();
    await store(running.sealer, 450);
    const expected = await readAll(running.sealer);
    let isOver = false;
    const reading = (async () => {
      let reads = 0;
      while (!isOver) {
        expect(await readAll(running.sealer)).toEqual(expected);
        reads += 1;
      }
      return reads;
    })();
    await rotate(rotation()).finally(() => {
      isOver = true;
    });
    expect(await reading).toBeGreaterThan(0);
    const keys = await keyLines();
    expect(keys).toHaveLength(1);
    expect(keys[0]).not.toBe(old);
    // A process that was there before stores under the new key, and one that comes later reads all of it.
    await store(running.sealer, 1);
    const later = await openKeyring(inFile(), connection.db);
    expect(await readAll(later.sealer)).toEqual([...expected, 'secret 0']);
    expect(await rewrapAll(connection.db as never, later.sealer)).toEqual({ done: 0, shut: [] });
    await status(rotation());
    expect(said.at(-1)).toBe(
      `the current key is ${later.sealer.currentKeyId}; 0 stored values are under an older one`,
    );
    expect(said.join(' ')).not.toContain(keys[0]);
  });

  test('goes on where it was interrupted', async () => {
    const { sealer } = await openKeyring(inFile(), connection.db);
    await store(sealer, 5);
    const [old = ''] = await keyLines();
    const fresh = 'f'.repeat(43);
    await writeSecretKeys(dataDir, [fresh, old]);
    await rotate(rotation());
    expect(await keyLines()).toEqual([fresh]);
    expect(await readAll((await openKeyring(inFile(), connection.db)).sealer)).toHaveLength(5);
  });

  test('takes along what was sealed before the new key was there and is stored much later', async () => {
    const { sealer } = await openKeyring(inFile(), connection.db);
    await store(sealer, 3);
    const row = {
      environment_id: environmentId,
      owner_id: ownerId,
      name: 'late',
      type: 'llm' as const,
      public_detail: '{}',
      ...sealNew(sealer, environmentId, { api_key: 'secret late' }),
    };
    // Everything stored so far is under the new key by now.
    let late: Promise<unknown> = Promise.resolve();
    const say = (line: string): void => {
      if (line.startsWith('3 stored values')) {
        late = new Promise((resolve) => setTimeout(resolve, 200)).then(() =>
          connection.db.insertInto('credentials').values(row).execute(),
        );
      }
    };
    await rotate({ ...rotation(), say, settleMs: 1500 });
    await late;
    expect(await keyLines()).toHaveLength(1);
    const later = await openKeyring(inFile(), connection.db);
    expect(await readAll(later.sealer)).toEqual(['secret 0', 'secret 1', 'secret 2', 'secret late']);
  });

  test('keeps the old key while something cannot be opened', async () => {
    const { sealer } = await openKeyring(inFile(), connection.db);
    await store(sealer, 2);
    await sql`update credentials set sealed = overlay(sealed placing '\\x00'::bytea from 20) where name = 'n1'`.execute(
      connection.db,
    );
    await expect(rotate(rotation())).rejects.toThrow('1 stored values cannot be opened');
    expect(await keyLines()).toHaveLength(2);
  });

  test('is refused when the key is in the environment', async () => {
    const config = { ...inFile(), secretKey: 'k'.repeat(40) };
    await expect(rotate(rotation(config))).rejects.toThrow('PIPEWRIGHT_SECRET_KEY_PREVIOUS');
  });
});

test('a key of the environment: both are set, rewrap, and the earlier one is not needed any more', async () => {
  const [old, fresh] = ['o'.repeat(40), 'n'.repeat(40)];
  const before = await openKeyring({ ...inFile(), secretKey: old }, connection.db);
  await store(before.sealer, 3);
  await rewrap(rotation({ ...inFile(), secretKey: fresh, previousSecretKeys: [old] }));
  const after = await openKeyring({ ...inFile(), secretKey: fresh }, connection.db);
  expect(await readAll(after.sealer)).toEqual(['secret 0', 'secret 1', 'secret 2']);
  const { rows } = await sql<{
    action: string;
  }>`select action from audit_events where action = 'keys_rotated'`.execute(connection.db);
  expect(rows.length).toBeGreaterThan(0);
});
