import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { OutputOf } from '#contract/contract.ts';
import { type Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';
import { type FakeGateway, startGateway } from './gateway-fixture.ts';

type Credential = OutputOf<'credentials', 'get'>;

let server: TestServer;
let gateway: FakeGateway;
let bob: Caller;
beforeAll(async () => {
  gateway = await startGateway();
  server = await startTestServer({
    PIPEWRIGHT_GATEWAY_URL: gateway.url,
    PIPEWRIGHT_GATEWAY_ADMIN_TOKEN: gateway.adminToken,
    PIPEWRIGHT_GATEWAY_TOKEN: 'gateway-inbound-token-1',
  });
  await server.setUp();
  bob = await server.addUser('bob');
});
afterAll(async () => {
  await server.close();
  await gateway.close();
});
beforeEach(() => {
  gateway.isBroken = false;
  gateway.keeps.clear();
});

const TOKEN = '123456:telegram-bot-token';
const make = (name: string, detail: Record<string, unknown> = {}, who = bob) =>
  who.ok<Credential>('credentials.create', {
    name,
    credential_type: 'gateway',
    detail: { adapter_type: 'telegram', token: TOKEN, config: { poll: true }, ...detail },
  });
const count = async () => (await bob.ok<{ total: number }>('credentials.list')).total;

test('the gateway keeps the token, and nothing else does', async () => {
  const made = await make('Support bot');
  expect(made.detail).toEqual({ gateway_credential_id: 'Support bot', adapter_type: 'telegram' });
  expect(gateway.known.get('Support bot')).toEqual({
    id: 'Support bot',
    adapter: 'telegram',
    token: TOKEN,
    config: { poll: true },
    active: true,
  });
  const row = await server.connection.db
    .selectFrom('credentials')
    .select(['sealed', 'key_id'])
    .where('id', '=', made.id)
    .executeTakeFirstOrThrow();
  expect(row).toEqual({ sealed: null, key_id: null });
});

test('the documented names of the fields do as well, masked', async () => {
  const made = await make('Docs bot', { token: undefined, api_key: TOKEN, allowed_user_ids: '1,2' });
  expect(made.detail).toEqual({
    gateway_credential_id: 'Docs bot',
    adapter_type: 'telegram',
    api_key: '1234****oken',
    allowed_user_ids: '1,2',
  });
  expect(gateway.known.get('Docs bot')).toMatchObject({ token: TOKEN, config: { allowed_user_ids: '1,2' } });
  const echoed = await bob.ok<Credential>('credentials.update', {
    credential_id: made.id,
    detail: made.detail,
  });
  expect(echoed.detail).toEqual(made.detail);
  expect(gateway.known.get('Docs bot')).toMatchObject({ token: TOKEN });
});

test('two of the same name do not get into each other’s way', async () => {
  const eve = await server.addUser('eve');
  const [mine, hers] = [await make('Same'), await make('Same', {}, eve)];
  expect(mine.detail['gateway_credential_id']).toBe('Same');
  expect(hers.detail['gateway_credential_id']).toMatch(/^Same-[0-9a-f]{8}$/);
  const tokens = Array.from({ length: 6 }, (_, n) => `token-of-number-${n}`);
  const atOnce = await Promise.all(
    tokens.map((token, n) => make('At once', { token }, n % 2 === 0 ? bob : eve)),
  );
  const kept = atOnce.map(({ detail }) => gateway.known.get(String(detail['gateway_credential_id'])));
  expect(kept.map((one) => one?.['token'])).toEqual(tokens);
});

test('a new token goes to the gateway; a new name stays here', async () => {
  const { id } = await make('Changing');
  await bob.ok('credentials.update', {
    credential_id: id,
    name: 'Changed',
    detail: { token: 'another-token-1' },
  });
  expect(gateway.known.get('Changing')).toMatchObject({ token: 'another-token-1', config: { poll: true } });
  gateway.isBroken = true;
  const refused = await bob.call('credentials.update', {
    credential_id: id,
    name: 'No',
    detail: { token: 't2' },
  });
  expect(refused).toMatchObject({ status: 502, body: { detail: 'The message gateway answered 500.' } });
  expect((await bob.ok<Credential>('credentials.get', { credential_id: id })).name).toBe('Changed');
});

test('what the gateway refuses is not stored', async () => {
  const before = await count();
  gateway.isBroken = true;
  const input = { name: 'Never', credential_type: 'gateway', detail: { token: TOKEN } };
  const answer = await bob.call('credentials.create', input);
  expect(answer.status).toBe(502);
  expect(JSON.stringify(answer.body)).not.toContain(TOKEN);
  expect(await count()).toBe(before);
});

test('health, activate and deactivate', async () => {
  const { id } = await make('Alive');
  const check = () => bob.ok('credentials.test', { credential_id: id });
  expect(await check()).toEqual({ ok: true, error: '', detail: { status: 'running' } });
  expect(await bob.ok('credentials.deactivate', { credential_id: id })).toEqual({ active: false });
  expect(await bob.ok('credentials.activate', { credential_id: id })).toEqual({ active: true });
  gateway.isBroken = true;
  expect(await check()).toEqual({ ok: false, error: 'The message gateway answered 500.', detail: null });
  expect((await bob.call('credentials.activate', { credential_id: id })).status).toBe(502);
  gateway.isBroken = false;
  gateway.known.delete('Alive');
  expect(await check()).toMatchObject({ ok: false, detail: 'not found in gateway' });
  const missing = { status: 404, body: { detail: 'Gateway credential not found.' } };
  expect(await bob.call('credentials.activate', { credential_id: id })).toMatchObject(missing);
  expect(await bob.call('credentials.activate', { credential_id: 999_999 })).toMatchObject(missing);
  const llm = await bob.ok<Credential>('credentials.create', { name: 'x', credential_type: 'llm' });
  expect(await bob.call('credentials.deactivate', { credential_id: llm.id })).toMatchObject(missing);
});

test('deleting happens at both or at neither', async () => {
  const [one, other] = [await make('Goes'), await make('Stays')];
  gateway.keeps.add('Stays');
  const before = await count();
  expect((await bob.call('credentials.batchDelete', { ids: [one.id, other.id] })).status).toBe(502);
  expect((await bob.call('credentials.remove', { credential_id: other.id })).status).toBe(502);
  expect(await count()).toBe(before);
  gateway.keeps.clear();
  await bob.ok('credentials.batchDelete', { ids: [one.id, other.id] });
  expect(await count()).toBe(before - 2);
  expect(gateway.known.has('Stays')).toBe(false);
});

test('without a gateway there is nothing to store, and what is left over can go', async () => {
  const alone = await startTestServer();
  try {
    const ada = await alone.setUp();
    const input = { name: 'x', credential_type: 'gateway', detail: { token: TOKEN } };
    const answer = await ada.call('credentials.create', input);
    expect(answer).toMatchObject({
      status: 502,
      body: { detail: expect.stringContaining('PIPEWRIGHT_GATEWAY_URL') },
    });
    expect(await ada.ok('credentials.list')).toEqual({ items: [], total: 0 });
  } finally {
    await alone.close();
  }
});
