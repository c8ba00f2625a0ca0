import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#server/http/test-server.ts';
import { addPerson, enrol, passwordStep } from './test-mfa.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.setUp();
});
afterAll(() => server.close());

const script = fileURLToPath(new URL('../../launch/account.ts', import.meta.url));

/** Runs the command as an operator does, beside the running server. */
async function command(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, DATABASE_URL: server.databaseUrl };
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [script, ...args], { env })) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

test('lets somebody in again who lost their password', async () => {
  const { caller } = await addPerson(server, 'lost');
  for (let n = 0; n < 11; n += 1) await passwordStep(server, 'lost', `guess ${n}`);
  const { code, stdout } = await command('reset-password', 'LOST');
  expect(code).toBe(0);
  const password = stdout.split('\n')[1] ?? '';
  expect(password).toMatch(/^[\w-]{20}$/);
  expect((await caller.call('auth.me')).status).toBe(401);
  expect((await passwordStep(server, 'lost', password)).status).toBe(200);
});

test('lets somebody in again who lost their device', async () => {
  const { caller } = await enrol(await addPerson(server, 'device'));
  expect(await command('reset-mfa', 'device')).toMatchObject({ code: 0 });
  expect((await passwordStep(server, 'device')).body).toMatchObject({ requires_mfa: false });
  expect((await caller.call('auth.me')).status).toBe(401);
  const { rows } = await server.connection.pool.query(
    "select action, actor_address from audit_events where target = 'device'",
  );
  expect(rows).toEqual([{ action: 'mfa_reset', actor_address: 'command line' }]);
});

test('says what is wrong otherwise', async () => {
  expect(await command('reset-mfa', 'nobody')).toMatchObject({
    code: 1,
    stderr: 'There is no user nobody.\n',
  });
  expect((await command('reset-mfa')).code).toBe(2);
  expect((await command('drop', 'ada')).stderr).toContain('Usage');
});
