import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OutputOf } from '#contract/contract.ts';
import { inDatabase } from '#server/db/database-url.ts';
import { audit } from '#server/features/audit-log.ts';
import { type Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';
import { pruneAudit } from './retention.ts';
import { verifyAudit } from './verify.ts';

type Page = OutputOf<'audit', 'list'>;
type Verdict = OutputOf<'audit', 'verify'>;

let server: TestServer;
let ada: Caller;
let bob: Caller;
beforeAll(async () => {
  server = await startTestServer();
  ada = await server.setUp();
  bob = await server.addUser('bob');
});
afterAll(() => server.close());

const write = (target: string, address = '10.0.0.1') =>
  audit(server.connection.db, {
    action: 'key_created',
    actorId: 1,
    address,
    target,
    detail: { keys: ['a'] },
  });
const list = (input: Record<string, unknown> = {}) => ada.ok<Page>('audit.list', input);
const verify = (input: Record<string, unknown> = {}) => ada.ok<Verdict>('audit.verify', input);
/** Tampers as somebody could who owns the database. */
const tamper = (text: string) =>
  inDatabase(server.databaseUrl, (client) =>
    client.query(`set session_replication_role = replica; ${text}; set session_replication_role = origin`),
  );

test('is for administrators', async () => {
  for (const name of ['audit.list', 'audit.verify']) {
    expect(await bob.call(name)).toMatchObject({ status: 403, body: { detail: 'Admin access required.' } });
    expect((await server.nobody.call(name)).status).toBe(401);
  }
});

test('lists newest first, filters and pages', async () => {
  for (const target of ['one', 'two', 'per%cent']) await write(target);
  await audit(server.connection.db, { action: 'sign_in_failed', actorId: null, address: '203.0.113.9' });
  const { items, total } = await list();
  expect(total).toBeGreaterThanOrEqual(5);
  expect(items[0]).toMatchObject({ action: 'sign_in_failed', actor_username: null, address: '203.0.113.9' });
  expect(items[1]).toMatchObject({ target: 'per%cent', actor_username: 'ada', detail: { keys: ['a'] } });
  expect(items.every((one) => /^[0-9a-f]{64}$/.test(one.hash))).toBe(true);
  expect((await list({ action: 'sign_in_failed,setup' })).items.map((one) => one.action)).toEqual([
    'sign_in_failed',
    'setup',
  ]);
  expect(await list({ action: 'nothing_of_this' })).toEqual({ items: [], total: 0 });
  expect((await list({ q: 'r%c' })).items.map((one) => one.target)).toEqual(['per%cent']);
  expect((await list({ actor: 'ADA', action: 'key_created' })).total).toBe(3);
  expect((await list({ actor: 'nobody' })).total).toBe(0);
  expect((await list({ q: '203.0.113' })).total).toBe(1);
  const first = await list({ limit: 2, sort: 'created_at' });
  const second = await list({ limit: 2, offset: 2, sort: 'created_at' });
  expect(new Set([...first.items, ...second.items].map((one) => one.id)).size).toBe(4);
  expect((await list({ limit: 0 })).items).toEqual([]);
  const today = new Date().toISOString().slice(0, 10);
  expect((await list({ from: today, to: today })).total).toBe(total);
  expect((await list({ to: '2020-01-01' })).total).toBe(0);
  expect((await ada.call('audit.list', { from: 'yesterday' })).status).toBe(422);
});

test('is only added to: the database refuses everything else', async () => {
  for (const text of [
    'update audit_events set target = null',
    'delete from audit_events',
    'truncate audit_events',
    'update audit_chain set n = n + 1',
    'delete from audit_chain',
    'truncate audit_chain',
  ]) {
    const refused = inDatabase(server.databaseUrl, (client) => client.query(text));
    await expect(refused, text).rejects.toMatchObject({ code: '42501' });
  }
});

test('hundreds at once, some of them undone, give one chain without a gap', async () => {
  const { db } = server.connection;
  const before = await verify();
  await Promise.all(
    Array.from({ length: 200 }, (_, n) =>
      db
        .transaction()
        .execute(async (trx) => {
          await audit(trx, { action: 'key_revoked', actorId: 1, address: '::1', target: String(n) });
          await audit(trx, { action: 'key_created', actorId: 1, address: '::1', target: String(n) });
          if (n % 4 === 0) throw new Error('undone');
        })
        .catch((error: Error) => expect(error.message).toBe('undone')),
    ),
  );
  const after = await verify();
  expect(after).toMatchObject({ valid: true, broken: null, checked: before.checked + 300, pruned: 0 });
  expect(after.head?.n).toBe(after.checked);
});

test('what was noted as its head shows that the end was cut off', async () => {
  const { head } = await verify();
  await write('later');
  const noted = { head_n: head?.n, head_hash: head?.hash };
  expect((await verify(noted)).valid).toBe(true);
  expect(await verify({ ...noted, head_hash: '0'.repeat(64) })).toMatchObject({
    valid: false,
    broken: { n: head?.n, reason: 'head' },
  });
});

test('events older than a year go, and the chain still holds', async () => {
  await inDatabase(server.databaseUrl, async (client) => {
    await client.query('create table kept as select * from audit_events');
    await client.query('create table kept_chain as select * from audit_chain');
  });
  // A log that began long ago.
  await tamper('delete from audit_events; delete from audit_chain');
  const { db } = server.connection;
  const old = (days: number) =>
    db
      .insertInto('audit_events')
      .values({
        action: 'sign_in',
        detail: '{}',
        created_at: new Date(Date.now() - days * 86_400_000).toISOString(),
        actor_id: null,
        actor_address: null,
        environment_id: null,
        target: null,
      })
      .execute();
  for (const days of [900, 500, 366, 364, 500, 1]) await old(days);
  expect(await verifyAudit(db)).toMatchObject({ valid: true, checked: 6, pruned: 0 });
  expect(await pruneAudit(db)).toBe(3);
  expect(await pruneAudit(db)).toBe(0);
  expect(await verifyAudit(db)).toMatchObject({ valid: true, checked: 3, pruned: 3 });
  // The fifth is old enough to be removed by hand, but then there is a hole.
  await inDatabase(server.databaseUrl, (client) =>
    client.query("delete from audit_events where created_at < now() - interval '400 days'"),
  );
  expect(await verifyAudit(db)).toMatchObject({ valid: false, broken: { n: 5, reason: 'missing' } });
  await tamper(`delete from audit_events; delete from audit_chain;
    insert into audit_events overriding system value select * from kept; insert into audit_chain select * from kept_chain`);
  expect((await verify()).valid).toBe(true);
});

test('every kind of tampering is found, where it was done', async () => {
  const { items } = await list({ limit: 3 });
  const victim = items[1];
  const { rows } = await inDatabase(server.databaseUrl, (client) =>
    client.query<{ n: string }>('select n from audit_chain where event_id = $1', [victim?.id]),
  );
  const n = Number(rows[0]?.n);
  await tamper(`update audit_events set target = 'mallory' where id = ${victim?.id}`);
  expect(await verify()).toMatchObject({ valid: false, broken: { n, id: victim?.id, reason: 'changed' } });
  await tamper(`update audit_events set target = '${victim?.target}' where id = ${victim?.id}`);
  expect((await verify()).valid).toBe(true);
  await tamper("insert into audit_events (action, detail) values ('sign_in', '{}')");
  expect(await verify()).toMatchObject({ valid: false, broken: { reason: 'unchained' } });
  await tamper(`delete from audit_events where id = (select max(id) from audit_events)`);
  expect((await verify()).valid).toBe(true);
  await tamper(`delete from audit_events where id = ${victim?.id}`);
  expect(await verify()).toMatchObject({ valid: false, broken: { n, reason: 'missing' } });
  await tamper(`delete from audit_chain where n = ${n}`);
  expect(await verify()).toMatchObject({ valid: false, broken: { n: n + 1 } });
});
