import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '#server/config.ts';
import { Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';
import { Sealer } from '#server/sealing/sealer.ts';
import { startPipewright } from '#server/start.ts';
import { MfaFactor } from './mfa-factor.ts';
import {
  addPerson,
  codeOf,
  type Enrolled,
  earlyInStep,
  enrol,
  PASSWORD,
  passwordStep,
  wrongCode,
} from './test-mfa.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.setUp();
});
afterAll(() => server.close());

const invalidCode = { status: 401, body: { detail: 'Invalid TOTP code.' } };
const invalidCredentials = { status: 401, body: { detail: 'Invalid credentials.' } };
const verify = (username: string, code: unknown) => server.nobody.call('mfa.loginVerify', { username, code });
const query = (text: string, id: number) => server.connection.pool.query(text, [id]);
const forgetSteps = (id: number) => query('update mfa_attempts set login_step = 0 where user_id = $1', id);

/** Both steps. */
async function signIn({ username }: Enrolled, code: string) {
  await passwordStep(server, username);
  return verify(username, code);
}

describe('signing in with MFA', () => {
  test('takes both steps; the code of the enrolment may sign in as well', async () => {
    await earlyInStep();
    const ann = await enrol(await addPerson(server, 'ann'));
    expect((await passwordStep(server, 'ann')).body).toEqual({ key: '', requires_mfa: true });
    const answer = await verify('ann', codeOf(ann.secret));
    expect(answer).toMatchObject({ status: 200, body: { requires_mfa: false } });
    const { key } = answer.body as { key: string };
    expect(await new Caller(server.base, key).ok('auth.me')).toMatchObject({ username: 'ann' });
  });

  test('a code without the password is nothing, for nobody', async () => {
    const bea = await enrol(await addPerson(server, 'bea'));
    await addPerson(server, 'plain');
    expect(await verify('bea', codeOf(bea.secret))).toMatchObject(invalidCredentials);
    expect(await verify('nobody', '123456')).toMatchObject(invalidCredentials);
    await passwordStep(server, 'plain');
    expect(await verify('plain', '123456')).toMatchObject(invalidCredentials);
    await passwordStep(server, 'bea', 'wrong');
    expect(await verify('bea', codeOf(bea.secret))).toMatchObject(invalidCredentials);
    for (const malformed of ['12345', 'abcdef', 123456, null, undefined]) {
      expect((await verify('bea', malformed)).status).toBe(422);
    }
  });

  test('the password step is good for one sign-in, five minutes and one address', async () => {
    await earlyInStep();
    const cy = await enrol(await addPerson(server, 'cy'));
    expect((await signIn(cy, codeOf(cy.secret))).status).toBe(200);
    expect(await verify('cy', codeOf(cy.secret, 1))).toMatchObject(invalidCredentials);
    await passwordStep(server, 'cy');
    await query("update mfa_grants set expires_at = now() - interval '1 second' where user_id = $1", cy.id);
    expect(await verify('cy', codeOf(cy.secret, 1))).toMatchObject(invalidCredentials);
    await passwordStep(server, 'cy');
    await query("update mfa_grants set address = '192.0.2.1' where user_id = $1", cy.id);
    expect(await verify('cy', codeOf(cy.secret, 1))).toMatchObject(invalidCredentials);
    await passwordStep(server, 'cy');
    expect((await verify('cy', codeOf(cy.secret, 1))).status).toBe(200);
  });

  test('codes of the step before, this one and the next are taken, others are not', async () => {
    await earlyInStep();
    const dan = await enrol(await addPerson(server, 'dan'));
    for (const [steps, status] of [
      [-2, 401],
      [2, 401],
      [-1, 200],
      [0, 200],
      [1, 200],
    ] as const) {
      expect([steps, (await signIn(dan, codeOf(dan.secret, steps))).status]).toEqual([steps, status]);
    }
  });

  test('a code signs in once, and no older one after it', async () => {
    await earlyInStep();
    const eli = await enrol(await addPerson(server, 'eli'));
    const code = codeOf(eli.secret);
    expect((await signIn(eli, code)).status).toBe(200);
    expect(await signIn(eli, code)).toMatchObject(invalidCode);
    expect(await signIn(eli, codeOf(eli.secret, -1))).toMatchObject(invalidCode);
    expect((await signIn(eli, codeOf(eli.secret, 1))).status).toBe(200);
  });

  test('of 20 who send one code at once exactly one gets in', async () => {
    const fay = await enrol(await addPerson(server, 'fay'));
    await passwordStep(server, 'fay');
    const code = codeOf(fay.secret);
    const answers = await Promise.all(Array.from({ length: 20 }, () => verify('fay', code)));
    const statuses = answers.map((one) => one.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 401)).toHaveLength(19);
    const { rows } = await query(
      "select count(*)::int as keys from api_keys where user_id = $1 and name = 'session' and is_active",
      fay.id,
    );
    expect(rows).toEqual([{ keys: 2 }]);
  });

  test('it is the code that decides, too, not only the password step', async () => {
    const flo = await enrol(await addPerson(server, 'flo'));
    const factor = new MfaFactor(new Sealer(['x'.repeat(40)]));
    const proof = { kind: 'code', code: codeOf(flo.secret) } as const;
    const proved = await Promise.all(
      Array.from({ length: 20 }, () =>
        server.connection.db.transaction().execute((trx) => factor.prove(trx, flo.id, 'login', proof)),
      ),
    );
    expect(proved.filter(Boolean)).toHaveLength(1);
    expect((await signIn(flo, codeOf(flo.secret, 1))).status).toBe(200);
  });

  test('a browser gets its cookie after the code', async () => {
    const gus = await enrol(await addPerson(server, 'gus'));
    const open = await server.nobody.call('auth.openSession', { username: 'gus', password: PASSWORD });
    expect(open.body).toEqual({ requires_mfa: true });
    expect(open.headers.get('set-cookie')).toBeNull();
    const wrong = await server.nobody.call('mfa.openSession', {
      username: 'gus',
      code: wrongCode(gus.secret),
    });
    expect(wrong).toMatchObject(invalidCode);
    expect(wrong.headers.get('set-cookie')).toBeNull();
    const right = await server.nobody.call('mfa.openSession', { username: 'gus', code: codeOf(gus.secret) });
    expect(right).toMatchObject({ status: 200, body: { requires_mfa: false } });
    const cookie = right.headers.get('set-cookie')?.split(';')[0] ?? '';
    const me = await server.nobody.send('GET', '/api/v1/auth/me/', undefined, { cookie });
    expect(me.body).toMatchObject({ username: 'gus', mfa_enabled: true });
  });

  test('tRPC asks for the code as well', async () => {
    await enrol(await addPerson(server, 'hal'));
    const rpc = (name: string, body: object) => server.nobody.send('POST', `/trpc/${name}`, body);
    const answer = await rpc('auth.token', { username: 'hal', password: PASSWORD });
    expect(answer.body).toMatchObject({ result: { data: { key: '', requires_mfa: true } } });
    const open = await rpc('auth.openSession', { username: 'hal', password: PASSWORD });
    expect(open.headers.get('set-cookie')).toBeNull();
    expect((await rpc('auth.setup', { username: 'hal', password: PASSWORD })).status).toBe(409);
  });
});

describe('guessing codes', () => {
  test('five tries a password step, of which the last may be right', async () => {
    const ida = await enrol(await addPerson(server, 'ida'));
    await passwordStep(server, 'ida');
    const wrong = wrongCode(ida.secret);
    for (let n = 0; n < 4; n += 1) expect(await verify('ida', wrong)).toMatchObject(invalidCode);
    expect((await verify('ida', codeOf(ida.secret))).status).toBe(200);

    await passwordStep(server, 'ida');
    for (let n = 0; n < 5; n += 1) expect(await verify('ida', wrong)).toMatchObject(invalidCode);
    expect(await verify('ida', codeOf(ida.secret, 1))).toMatchObject(invalidCredentials);
  });

  test('after five failures within a minute even the right code is refused, until the minute is over', async () => {
    const jo = await enrol(await addPerson(server, 'jo'));
    await passwordStep(server, 'jo');
    for (let n = 0; n < 5; n += 1) await verify('jo', wrongCode(jo.secret));
    expect(await signIn(jo, codeOf(jo.secret))).toMatchObject(invalidCode);
    await query(
      "update mfa_attempts set window_started_at = now() - interval '61 seconds' where user_id = $1",
      jo.id,
    );
    expect((await signIn(jo, codeOf(jo.secret))).status).toBe(200);
  });

  test('ten in a row lock for 15 minutes, also after a restart, and then it is over', async () => {
    const kim = await enrol(await addPerson(server, 'kim'));
    for (let n = 0; n < 10; n += 1)
      expect(await signIn(kim, wrongCode(kim.secret))).toMatchObject(invalidCode);
    const later =
      "update mfa_attempts set window_started_at = now() - interval '2 minutes' where user_id = $1";
    await query(later, kim.id);
    expect(await signIn(kim, codeOf(kim.secret))).toMatchObject(invalidCode);
    expect(await kim.caller.call('mfa.disable', { code: codeOf(kim.secret) })).toMatchObject({
      status: 400,
      body: { detail: 'Invalid TOTP code.' },
    });
    expect(await signInElsewhere(kim)).toMatchObject(invalidCode);
    const { rows } = await query(
      'select extract(epoch from locked_until - now())::int as left from mfa_attempts where user_id = $1',
      kim.id,
    );
    expect(rows[0].left).toBeGreaterThan(14 * 60);
    await query(
      "update mfa_attempts set locked_until = now() - interval '1 second' where user_id = $1",
      kim.id,
    );
    expect((await signIn(kim, codeOf(kim.secret))).status).toBe(200);
  });

  test('who has no password cannot lock anybody', async () => {
    const lea = await enrol(await addPerson(server, 'lea'));
    for (let n = 0; n < 12; n += 1) await verify('lea', wrongCode(lea.secret));
    expect((await signIn(lea, codeOf(lea.secret))).status).toBe(200);
  });

  test('who has no password does not even wait for the account', async () => {
    const { id } = await enrol(await addPerson(server, 'lou'));
    const client = await server.connection.pool.connect();
    try {
      await client.query('begin');
      await client.query('select from mfa_attempts where user_id = $1 for update', [id]);
      expect(await verify('lou', '123456')).toMatchObject(invalidCredentials);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  test('a minute of failures leaves one line in the audit log', async () => {
    const moe = await enrol(await addPerson(server, 'moe'));
    await passwordStep(server, 'moe');
    for (let n = 0; n < 4; n += 1) await verify('moe', wrongCode(moe.secret));
    const { rows } = await server.connection.pool.query(
      "select count(*)::int, count(distinct date_trunc('minute', created_at))::int as minutes from audit_events where action = 'mfa_failed' and target = 'moe'",
    );
    expect(rows[0].count).toBe(rows[0].minutes);
  });
});

describe('recovery codes', () => {
  const recover = (username: string, recovery_code: unknown) =>
    server.nobody.call('mfa.loginVerify', { username, recovery_code });

  test('sign in once each, however they are written', async () => {
    const nan = await enrol(await addPerson(server, 'nan'));
    const [first = '', second = ''] = nan.recoveryCodes;
    await passwordStep(server, 'nan');
    expect((await recover('nan', first)).status).toBe(200);
    await passwordStep(server, 'nan');
    expect(await recover('nan', first)).toMatchObject(invalidCode);
    expect((await recover('nan', ` ${second.toUpperCase().replaceAll('-', '')} `)).status).toBe(200);
    expect(await nan.caller.ok('mfa.status')).toMatchObject({ recovery_codes_left: 8 });
    const { rows } = await query(
      "select count(*)::int from audit_events where action = 'recovery_code_used' and actor_id = $1",
      nan.id,
    );
    expect(rows[0].count).toBe(2);
  });

  test('of 20 who send one at once exactly one gets in', async () => {
    const ola = await enrol(await addPerson(server, 'ola'));
    await passwordStep(server, 'ola');
    const answers = await Promise.all(Array.from({ length: 20 }, () => recover('ola', ola.recoveryCodes[0])));
    expect(answers.filter((one) => one.status === 200)).toHaveLength(1);
  });

  test('they need the password first, and the wrong ones count', async () => {
    const pia = await enrol(await addPerson(server, 'pia'));
    expect(await recover('pia', pia.recoveryCodes[0])).toMatchObject(invalidCredentials);
    await passwordStep(server, 'pia');
    for (let n = 0; n < 5; n += 1) expect(await recover('pia', 'aaaa-bbbb')).toMatchObject(invalidCode);
    await passwordStep(server, 'pia');
    expect(await recover('pia', pia.recoveryCodes[0])).toMatchObject(invalidCode);
  });

  test('new ones void the old ones, and cost a code', async () => {
    await earlyInStep();
    const ray = await enrol(await addPerson(server, 'ray'));
    const renew = (code: string) => ray.caller.call('mfa.renewRecoveryCodes', { code });
    expect(await renew(wrongCode(ray.secret))).toMatchObject({ status: 400 });
    const { recovery_codes } = await ray.caller.ok<{ recovery_codes: string[] }>('mfa.renewRecoveryCodes', {
      code: codeOf(ray.secret),
    });
    expect(recovery_codes.filter((code) => ray.recoveryCodes.includes(code))).toEqual([]);
    expect(await renew(codeOf(ray.secret))).toMatchObject({ status: 400 });
    await passwordStep(server, 'ray');
    expect(await recover('ray', ray.recoveryCodes[0])).toMatchObject(invalidCode);
    expect((await recover('ray', recovery_codes[0])).status).toBe(200);
    await forgetSteps(ray.id);
    expect((await signIn(ray, codeOf(ray.secret))).status).toBe(200);
  });
});

/** On another process with the same database: what a restart comes to. */
async function signInElsewhere({ username, secret }: Enrolled) {
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
    const caller = new Caller(`http://127.0.0.1:${other.port}`, null);
    await caller.call('auth.token', { username, password: PASSWORD });
    return await caller.call('mfa.loginVerify', { username, code: codeOf(secret) });
  } finally {
    await other.stop({ graceMs: 500 });
  }
}
