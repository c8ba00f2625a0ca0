import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';
import { addPerson, codeOf, earlyInStep, enrol, PASSWORD, passwordStep, wrongCode } from './test-mfa.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.setUp();
});
afterAll(() => server.close());

const refused = (status: number, detail: string) => ({ status, body: { detail } });

describe('turning MFA on', () => {
  test('changes nothing before the first code, which turns it on', async () => {
    const { caller } = await addPerson(server, 'enrol1');
    const begun = await caller.ok<{ secret: string; provisioning_uri: string }>('mfa.setup');
    expect(begun.secret).toMatch(/^[A-Z2-7]{32}$/);
    const uri = new URL(begun.provisioning_uri);
    expect(begun.provisioning_uri).toMatch(/^otpauth:\/\/totp\/Pipewright:enrol1\?/);
    expect(uri.searchParams.get('secret')).toBe(begun.secret);
    expect(uri.searchParams.get('issuer')).toBe('Pipewright');
    expect(await caller.ok('mfa.status')).toEqual({ mfa_enabled: false, recovery_codes_left: 0 });
    expect(await passwordStep(server, 'enrol1')).toMatchObject({ body: { requires_mfa: false } });

    const on = await caller.ok<{ recovery_codes: string[] }>('mfa.verify', { code: codeOf(begun.secret) });
    expect(on).toMatchObject({ mfa_enabled: true });
    expect(new Set(on.recovery_codes).size).toBe(10);
    for (const code of on.recovery_codes) expect(code).toMatch(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/);
    expect(await caller.ok('mfa.status')).toEqual({ mfa_enabled: true, recovery_codes_left: 10 });
    expect(await caller.ok('auth.me')).toMatchObject({ mfa_enabled: true });
    expect(await caller.ok('users.me')).toMatchObject({ mfa_enabled: true });
    expect((await passwordStep(server, 'enrol1')).body).toEqual({ key: '', requires_mfa: true });
  });

  test('each refusal has the documented words', async () => {
    const { caller } = await addPerson(server, 'enrol2');
    const verify = (code: unknown) => caller.call('mfa.verify', { code });
    expect(await verify('123456')).toMatchObject(refused(400, 'Call /mfa/setup/ first.'));
    const { secret } = await caller.ok<{ secret: string }>('mfa.setup');
    expect(await verify(wrongCode(secret))).toMatchObject(refused(400, 'Invalid TOTP code.'));
    for (const malformed of ['12345', '1234567', 'abcdef', '１２３４５６', '', 123456, null]) {
      expect((await verify(malformed)).status).toBe(422);
    }
    expect((await caller.call('mfa.verify')).status).toBe(422);
    expect(await caller.call('mfa.disable', { code: '123456' })).toMatchObject(
      refused(400, 'MFA is not enabled.'),
    );
    await caller.ok('mfa.verify', { code: codeOf(secret) });
    expect(await caller.call('mfa.setup')).toMatchObject(refused(400, 'MFA is already enabled.'));
    expect(await verify(codeOf(secret))).toMatchObject(refused(400, 'MFA is already enabled.'));
  });

  test('a new set-up replaces the one before, and one that waited 15 minutes is void', async () => {
    const { caller, id } = await addPerson(server, 'enrol3');
    const first = await caller.ok<{ secret: string }>('mfa.setup');
    const second = await caller.ok<{ secret: string }>('mfa.setup');
    expect(second.secret).not.toBe(first.secret);
    expect((await caller.call('mfa.verify', { code: codeOf(first.secret) })).status).toBe(400);
    await server.connection.pool.query(
      "update mfa_secrets set created_at = now() - interval '15 minutes 1 second' where user_id = $1",
      [id],
    );
    expect(await caller.call('mfa.verify', { code: codeOf(second.secret) })).toMatchObject(
      refused(400, 'Call /mfa/setup/ first.'),
    );
  });

  test('the secret and the recovery codes are nowhere readable', async () => {
    const { caller, secret, recoveryCodes } = await enrol(await addPerson(server, 'enrol4'));
    const tables = ['mfa_secrets', 'mfa_recovery_codes', 'mfa_attempts', 'audit_events', 'users'];
    for (const table of tables) {
      const { rows } = await server.connection.pool.query(`select ${table}::text as row from ${table}`);
      const text = JSON.stringify(rows);
      expect(rows.length).toBeGreaterThan(0);
      for (const one of [secret, Buffer.from(secret).toString('hex'), ...recoveryCodes]) {
        expect(text).not.toContain(one);
      }
    }
    for (const operation of ['mfa.status', 'auth.me', 'users.me', 'users.keys', 'sessions.list']) {
      expect(JSON.stringify((await caller.call(operation)).body)).not.toContain(secret);
    }
  });

  test('it signs out everywhere else, and an API key stays', async () => {
    const person = await addPerson(server, 'enrol5');
    const other = new Caller(
      server.base,
      ((await passwordStep(server, 'enrol5')).body as { key: string }).key,
    );
    const made = await person.caller.ok<{ key: string }>('users.createKey', { name: 'mine' });
    await enrol(person);
    expect((await other.call('auth.me')).status).toBe(401);
    await new Caller(server.base, made.key).ok('auth.me');
    await person.caller.ok('auth.me');
  });
});

describe('turning MFA off', () => {
  test('takes a code, which is good for that only once, and wipes everything', async () => {
    await earlyInStep();
    const { caller, secret, id } = await enrol(await addPerson(server, 'off1'));
    expect(await caller.call('mfa.disable', { code: wrongCode(secret) })).toMatchObject(
      refused(400, 'Invalid TOTP code.'),
    );
    expect((await caller.call('mfa.disable', {})).status).toBe(422);
    expect(await caller.ok('mfa.disable', { code: codeOf(secret) })).toEqual({ mfa_enabled: false });
    const { rows } = await server.connection.pool.query(
      `select (select count(*)::int from mfa_secrets where user_id = $1) as secrets,
        (select count(*)::int from mfa_recovery_codes where user_id = $1) as codes`,
      [id],
    );
    expect(rows).toEqual([{ secrets: 0, codes: 0 }]);
    expect(await passwordStep(server, 'off1')).toMatchObject({ body: { requires_mfa: false } });
    const again = await enrol({ id, username: 'off1', caller });
    expect(again.secret).not.toBe(secret);
    await caller.ok('mfa.disable', { code: codeOf(again.secret) });
  });

  test('a recovery code will do', async () => {
    const { caller, recoveryCodes } = await enrol(await addPerson(server, 'off2'));
    await caller.ok('mfa.disable', { recovery_code: recoveryCodes[3]?.toUpperCase().replaceAll('-', ' ') });
    expect(await caller.ok('mfa.status')).toEqual({ mfa_enabled: false, recovery_codes_left: 0 });
  });

  test('from this machine it takes no code, unless something was forwarded', async () => {
    const { caller } = await enrol(await addPerson(server, 'off3'));
    const detail = 'MFA reset only allowed from localhost.';
    for (const name of ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via']) {
      const answer = await caller.send('POST', '/api/v1/auth/mfa/reset/', undefined, { [name]: '127.0.0.1' });
      expect(answer).toMatchObject(refused(403, detail));
    }
    expect(await caller.ok('mfa.status')).toMatchObject({ mfa_enabled: true });
    const empty = { 'content-type': 'application/json' };
    const done = await caller.send('POST', '/api/v1/auth/mfa/reset/', undefined, empty);
    expect(done).toMatchObject({ status: 200, body: { mfa_enabled: false } });
    expect((await passwordStep(server, 'off3')).body).toMatchObject({ requires_mfa: false });
  });

  test('with a trusted proxy nobody is sure to be on this machine', async () => {
    const proxied = await startTestServer({ PIPEWRIGHT_TRUST_PROXY: '10.0.0.1' });
    try {
      const ada = await proxied.setUp();
      expect(await ada.call('mfa.reset')).toMatchObject(
        refused(403, 'MFA reset only allowed from localhost.'),
      );
    } finally {
      await proxied.close();
    }
  });
});

describe('who may touch it', () => {
  test('a long-lived API key may not', async () => {
    const { caller } = await addPerson(server, 'key1');
    const made = await caller.ok<{ key: string }>('users.createKey', { name: 'stolen' });
    const thief = new Caller(server.base, made.key);
    const reauth = { status: 403, body: { reason: 'reauth_required' } };
    expect(await thief.call('mfa.setup')).toMatchObject(reauth);
    expect(await thief.call('mfa.setup', { password: PASSWORD })).toMatchObject(reauth);
    // Nor may it become somebody who may.
    expect(await thief.call('users.updateMe', { password: 'another password' })).toMatchObject(reauth);
    expect((await thief.call('users.updateMe', { first_name: 'Kay' })).status).toBe(200);
    const { secret } = await enrol({ id: 0, username: 'key1', caller });
    expect(await thief.call('mfa.disable', { code: codeOf(secret) })).toMatchObject(reauth);
    expect(await thief.call('mfa.renewRecoveryCodes', { code: codeOf(secret) })).toMatchObject(reauth);
  });

  test('a browser that signed in long ago shows the password again', async () => {
    const { id } = await addPerson(server, 'browser1');
    const signedIn = await server.nobody.call('auth.openSession', {
      username: 'browser1',
      password: PASSWORD,
    });
    const headers = { cookie: signedIn.headers.get('set-cookie')?.split(';')[0] ?? '', origin: server.base };
    const setUp = (body: object) => server.nobody.send('POST', '/api/v1/auth/mfa/setup/', body, headers);
    expect((await setUp({})).status).toBe(200);
    await server.connection.pool.query(
      "update sessions set created_at = now() - interval '11 minutes' where user_id = $1",
      [id],
    );
    const reauth = { status: 403, body: { reason: 'reauth_required' } };
    expect(await setUp({})).toMatchObject(reauth);
    expect(await setUp({ password: 'wrong' })).toMatchObject(reauth);
    expect((await setUp({ password: PASSWORD })).status).toBe(200);
  });
});
