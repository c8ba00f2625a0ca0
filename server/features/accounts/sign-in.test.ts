import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '#server/config.ts';
import { Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';
import { startPipewright } from '#server/start.ts';
import { addPerson, PASSWORD, passwordStep } from './test-mfa.ts';

let server: TestServer;
let ada: Caller;
beforeAll(async () => {
  server = await startTestServer();
  ada = await server.setUp();
});
afterAll(() => server.close());

const forgetFailures = () => server.connection.pool.query('delete from login_throttles');

describe('passwords people choose', () => {
  const tooCommon = (msg: RegExp) => ({
    status: 422,
    body: { detail: [{ loc: ['body', 'password'], msg: expect.stringMatching(msg) }] },
  });

  test('common ones and the username are refused in the browser, wherever one is set', async () => {
    const signIn = async (username: string, password: string) => {
      const { headers } = await server.nobody.send('POST', '/api/v1/auth/session/', { username, password });
      return { cookie: headers.get('set-cookie')?.split(';')[0] ?? '', origin: server.base };
    };
    const admin = await signIn('ada', 'lovelace');
    const create = (username: string, password: string) =>
      server.nobody.send('POST', '/api/v1/users/', { username, password }, admin);
    for (const password of ['password', 'Password1', '12345678', ' QwertyUiop ']) {
      expect(await create('chooser', password)).toMatchObject(tooCommon(/most common/));
    }
    expect(await create('Chooser-One', 'chooser-one')).toMatchObject(tooCommon(/username/));
    const { caller, id } = await addPerson(server, 'chooser');
    const weak = { password: 'iloveyou' };
    const own = await signIn('chooser', PASSWORD);
    expect(await server.nobody.send('PATCH', '/api/v1/users/me', weak, own)).toMatchObject(
      tooCommon(/most common/),
    );
    expect(await server.nobody.send('PATCH', `/api/v1/users/${id}`, weak, admin)).toMatchObject(
      tooCommon(/most common/),
    );
    expect((await passwordStep(server, 'chooser')).status).toBe(200);
    expect((await caller.call('users.updateMe', weak)).status).toBe(200);
    expect((await ada.call('users.create', { username: 'Program', password: '12345678' })).status).toBe(201);
  });

  test('they have 8 to 256 characters, however many bytes those take', async () => {
    const { caller } = await addPerson(server, 'counter');
    const set = async (password: string) => (await caller.call('users.updateMe', { password })).status;
    expect(await set('seven 7')).toBe(422);
    expect(await set('🔑'.repeat(7))).toBe(422);
    expect(await set('x'.repeat(257))).toBe(422);
    expect(await set('🔑'.repeat(256))).toBe(200);
    expect((await passwordStep(server, 'counter', '🔑'.repeat(256))).status).toBe(200);
    const long = `${'y'.repeat(79)}a${'y'.repeat(120)}`;
    expect(await set(long)).toBe(200);
    expect((await passwordStep(server, 'counter', long)).status).toBe(200);
    expect((await passwordStep(server, 'counter', long.replace('a', 'b'))).status).toBe(401);
    await forgetFailures();
  });
});

describe('failed sign-ins', () => {
  test('the account stays locked after a restart, for the right password as well', async () => {
    await addPerson(server, 'locked');
    for (let n = 0; n < 10; n += 1)
      expect((await passwordStep(server, 'locked', `no ${n}`)).status).toBe(401);
    expect((await passwordStep(server, 'locked', 'no')).status).toBe(429);
    const config = loadConfig(
      {
        HOST: '127.0.0.1',
        PORT: '0',
        DATABASE_URL: server.databaseUrl,
        PIPEWRIGHT_SECRET_KEY: 'x'.repeat(40),
      },
      [],
    );
    const other = await startPipewright({ config, log: pino({ level: 'silent' }), screens: false });
    try {
      const elsewhere = new Caller(`http://127.0.0.1:${other.port}`, null);
      const answer = await elsewhere.call('auth.token', { username: 'locked', password: PASSWORD });
      expect(answer.status).toBe(429);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    } finally {
      await other.stop({ graceMs: 500 });
      await forgetFailures();
    }
  });

  test('a name that the database takes for the same one is locked with it', async () => {
    await addPerson(server, 'miriam');
    expect((await passwordStep(server, 'mİriam')).status).toBe(200);
    for (let n = 0; n < 10; n += 1) await passwordStep(server, n % 2 ? 'mİriam' : 'MIRIAM', 'wrong');
    for (const name of ['miriam', 'mİriam', 'mirİam']) {
      expect((await passwordStep(server, name)).status).toBe(429);
    }
    await forgetFailures();
  });

  test('what was counted is removed once it is over, a lock not before', async () => {
    const { pool } = server.connection;
    await pool.query(`insert into login_throttles (subject, failures, window_started_at, locked_until) values
      ('user:over', 9, now() - interval '16 minutes', null),
      ('user:still locked', 12, now() - interval '16 minutes', now() + interval '1 minute'),
      ('user:recent', 3, now() - interval '14 minutes', null)`);
    await passwordStep(server, 'somebody', 'wrong');
    const { rows } = await pool.query<{ subject: string }>('select subject from login_throttles');
    const subjects = rows.map(({ subject }) => subject);
    expect(subjects).toEqual(expect.arrayContaining(['user:still locked', 'user:recent', 'user:somebody']));
    expect(subjects).not.toContain('user:over');
    await forgetFailures();
  });

  test('a minute of them is one line in the audit log, without what was typed for a name', async () => {
    await addPerson(server, 'watched');
    for (let n = 0; n < 3; n += 1) await passwordStep(server, 'watched', 'wrong');
    for (let n = 0; n < 3; n += 1) await passwordStep(server, `hunter2-${n}`, 'wrong');
    const { rows } = await server.connection.pool.query<{ target: string; lines: number; minutes: number }>(
      `select target, count(*)::int as lines, count(distinct date_trunc('minute', created_at))::int as minutes
       from audit_events where action = 'sign_in_failed' group by target`,
    );
    expect(rows.map(({ target }) => target)).toEqual(
      expect.arrayContaining(['watched', 'address 127.0.0.1']),
    );
    for (const { lines, minutes } of rows) expect(lines).toBe(minutes);
    expect(JSON.stringify(rows)).not.toContain('hunter2');
    await forgetFailures();
  });

  test('an unknown name, a wrong password and a disabled account take equally long', async () => {
    await addPerson(server, 'known');
    const off = await addPerson(server, 'off');
    await ada.ok('users.disable', { user_id: off.id });
    const kinds = {
      unknown: () => passwordStep(server, 'nobody-at-all'),
      wrong: () => passwordStep(server, 'known', 'wrong'),
      disabled: () => passwordStep(server, 'off'),
    };
    const times = { unknown: [] as number[], wrong: [] as number[], disabled: [] as number[] };
    const bodies = new Set<string>();
    for (let round = 0; round < 25; round += 1) {
      await forgetFailures();
      for (const kind of ['unknown', 'wrong', 'disabled'] as const) {
        const from = performance.now();
        const answer = await kinds[kind]();
        times[kind].push(performance.now() - from);
        bodies.add(`${answer.status} ${JSON.stringify(answer.body)}`);
      }
    }
    expect([...bodies]).toEqual(['401 {"detail":"Invalid credentials.","code":"unauthenticated"}']);
    const medians = Object.values(times).map((one) => one.toSorted((a, b) => a - b)[12] ?? 0);
    expect(Math.max(...medians) / Math.min(...medians)).toBeLessThan(1.5);
  });
});

test('200 who sign in at once leave the rest of the server answering', async () => {
  await addPerson(server, 'crowd');
  const signIns = Array.from({ length: 200 }, () => passwordStep(server, 'crowd'));
  let over = false;
  const all = Promise.all(signIns).finally(() => {
    over = true;
  });
  const times: number[] = [];
  while (!over) {
    const from = performance.now();
    expect((await server.nobody.send('GET', '/health')).status).toBe(200);
    times.push(performance.now() - from);
  }
  const statuses = (await all).map((one) => one.status);
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(30);
  expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
  const p95 = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0;
  expect(p95).toBeLessThan(200);
});
