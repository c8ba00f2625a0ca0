import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OutputOf } from '#contract/contract.ts';
import { type Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';
import { type Provider, startProvider } from './provider-fixture.ts';

type Credential = OutputOf<'credentials', 'get'>;
type Verdict = OutputOf<'credentials', 'test'>;

let server: TestServer;
let provider: Provider;
let elsewhere: Provider;
let ada: Caller;
beforeAll(async () => {
  [provider, elsewhere] = await Promise.all([startProvider(), startProvider()]);
  server = await startTestServer({ PIPEWRIGHT_EGRESS_ALLOW: `${provider.host},${elsewhere.host}` });
  ada = await server.setUp();
});
afterAll(async () => {
  await server.close();
  await Promise.all([provider.close(), elsewhere.close()]);
});
beforeEach(() => {
  provider.seen.length = 0;
  elsewhere.seen.length = 0;
  provider.reply = () => ({ body: { data: [] } });
});

const KEY = 'sk-secret-1234567890';
async function make(
  credential_type: string,
  detail: unknown,
  more: Record<string, unknown> = {},
): Promise<number> {
  const input = { name: 'x', credential_type, detail, ...more };
  return (await ada.ok<Credential>('credentials.create', input)).id;
}
const llm = (detail: Record<string, unknown> = {}) =>
  make('llm', { api_key: KEY, base_url: `${provider.url}/v1/`, ...detail });
const check = (credential_id: number) => ada.ok<Verdict>('credentials.test', { credential_id });

describe('testing an LLM credential', () => {
  test('asks its provider for the models, signed', async () => {
    const id = await llm({ organization_id: 'org-1', custom_headers: { 'X-Team': 'blue' } });
    expect(await check(id)).toEqual({ ok: true, error: '', detail: null });
    expect(provider.seen).toHaveLength(1);
    expect(provider.seen[0]).toMatchObject({
      method: 'GET',
      url: '/v1/models',
      headers: { authorization: `Bearer ${KEY}`, 'openai-organization': 'org-1', 'x-team': 'blue' },
    });
    const stored = await ada.ok<Credential>('credentials.get', { credential_id: id });
    expect(stored.last_test).toMatchObject({ ok: true, error: '' });
  });

  test('speaks to Anthropic as it wants to be spoken to', async () => {
    expect(await check(await llm({ provider_type: 'anthropic', base_url: provider.url }))).toMatchObject({
      ok: true,
    });
    expect(provider.seen[0]).toMatchObject({
      url: '/v1/models',
      headers: { 'x-api-key': KEY, 'anthropic-version': '2023-06-01' },
    });
    expect(provider.seen[0]?.headers.authorization).toBeUndefined();
  });

  test.each([401, 403])('status %i is a wrong key', async (status) => {
    provider.reply = () => ({ status, body: `who is ${KEY}?` });
    const verdict = { ok: false, error: 'Authentication failed - invalid API key', detail: null };
    const id = await llm();
    expect(await check(id)).toEqual(verdict);
    const { last_test } = await ada.ok<Credential>('credentials.get', { credential_id: id });
    expect(last_test).toMatchObject({ ok: false, error: verdict.error });
  });

  test('whatever else goes wrong is told without the words of the other side', async () => {
    provider.reply = ({ headers }) => ({ status: 500, body: `you said ${headers.authorization}` });
    expect(await check(await llm())).toEqual({
      ok: false,
      error: 'The provider answered 500.',
      detail: null,
    });
    expect((await check(await llm({ base_url: 'http://127.0.0.1:9' }))).error).toContain('is not allowed');
    expect((await check(await llm({ base_url: 'https://nowhere.invalid' }))).error).toMatch(
      /nowhere\.invalid/,
    );
    expect((await check(await llm({ base_url: '' }))).error).toContain('enter the base_url');
    const long = await check(
      await llm({ base_url: `https://${'a'.repeat(60)}.invalid/${'b'.repeat(2000)}` }),
    );
    expect(long.error.length).toBeLessThanOrEqual(500);
  });

  test('sends nothing to a host it is not bound to, and nothing after a redirect', async () => {
    const id = await make('llm', { api_key: KEY, base_url: provider.url }, { hosts: ['api.example.com'] });
    expect((await check(id)).error).toContain(`is not sent to ${provider.host}`);
    expect(provider.seen).toEqual([]);
    provider.reply = () => ({ status: 302, headers: { location: `${elsewhere.url}/models` } });
    await check(await llm());
    expect(elsewhere.seen).toHaveLength(1);
    expect(JSON.stringify(elsewhere.seen)).not.toContain(KEY);
  });
});

describe('models', () => {
  const models = (credential_id: number) => ada.call('credentials.models', { credential_id });

  test('are sorted, as a list or in an envelope', async () => {
    provider.reply = () => ({
      body: { data: [{ id: 'z' }, { id: 'a', display_name: 'Alpha' }, {}, { id: 5 }] },
    });
    expect((await models(await llm())).body).toEqual([
      { id: 'a', name: 'Alpha' },
      { id: 'z', name: 'z' },
    ]);
    provider.reply = () => ({ body: [{ id: 'b' }, 'a'] });
    expect((await models(await llm())).body).toEqual([
      { id: 'a', name: 'a' },
      { id: 'b', name: 'b' },
    ]);
  });

  test.each([{ status: 500 }, { body: 'no json' }, { body: { data: 'x' } }, { body: 'null' }])(
    'are empty when the provider answers %j, and known by heart for Anthropic',
    async (reply) => {
      provider.reply = () => reply;
      expect(await models(await llm())).toMatchObject({ status: 200, body: [] });
      const native = await models(await llm({ provider_type: 'anthropic' }));
      expect((native.body as unknown[]).length).toBeGreaterThan(0);
    },
  );

  test('are of LLM credentials only', async () => {
    const missing = { status: 404, body: { detail: 'LLM credential not found.' } };
    expect(await models(await make('git', {}))).toMatchObject(missing);
    expect(await models(999_999)).toMatchObject(missing);
  });
});

describe('testing other credentials', () => {
  test('404 where nothing can be found out', async () => {
    const missing = { status: 404, body: { detail: 'LLM credential not found.' } };
    for (const [type, detail] of [
      ['tool', { tool_type: 'searxng', config: { url: provider.url } }],
      ['git', {}],
    ] as const) {
      expect(await ada.call('credentials.test', { credential_id: await make(type, detail) })).toMatchObject(
        missing,
      );
    }
    expect(await ada.call('credentials.test', { credential_id: 999_999 })).toMatchObject({
      status: 404,
      body: { detail: 'Credential not found.' },
    });
  });

  test.each([
    [{ auth: 'bearer', token: KEY }, { authorization: `Bearer ${KEY}` }, '/'],
    [{ auth: 'header', name: 'X-Api-Key', token: KEY }, { 'x-api-key': KEY }, '/'],
    [
      { auth: 'basic', username: 'ada', password: KEY },
      { authorization: `Basic ${Buffer.from(`ada:${KEY}`).toString('base64')}` },
      '/',
    ],
    [{ auth: 'query', name: 'key', token: KEY }, {}, `/?key=${KEY}`],
  ])('an HTTP credential signs with %j', async (config, headers, url) => {
    const id = await make('tool', { tool_type: 'http', config }, { hosts: [provider.host] });
    expect(await check(id)).toMatchObject({ ok: true });
    expect(provider.seen[0]).toMatchObject({ headers, url });
    provider.reply = () => ({ status: 401 });
    expect(await check(id)).toMatchObject({ ok: false, error: 'Authentication failed - invalid API key' });
  });

  test('a git token asks its server who it is', async () => {
    provider.reply = ({ url }) => ({ status: url === '/api/v1/user' ? 200 : 404 });
    const detail = { provider: 'gitea', access_token: KEY };
    expect(await check(await make('git', detail, { hosts: [provider.host] }))).toMatchObject({ ok: true });
    expect(provider.seen[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  });

  test('a private key is read', async () => {
    const { privateKey } = generateKeyPairSync('ed25519', {
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const ssh = (ssh_private_key: string) => make('git', { credential_type: 'ssh_key', ssh_private_key });
    expect(await check(await ssh(privateKey))).toMatchObject({ ok: true });
    const broken = await check(await ssh(privateKey.slice(0, 60)));
    expect(broken).toMatchObject({ ok: false, error: expect.stringContaining('no private key') });
    const openssh = Buffer.from('openssh-key-v1\0 and then nothing').toString('base64');
    const damaged = `-----BEGIN OPENSSH PRIVATE KEY-----\n${openssh}\n-----END OPENSSH PRIVATE KEY-----`;
    expect((await check(await ssh(damaged))).error).toContain('damaged');
  });
});
