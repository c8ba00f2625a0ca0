import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OutputOf } from '#contract/contract.ts';
import { type Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';

type Credential = OutputOf<'credentials', 'get'>;
type Page = OutputOf<'credentials', 'list'>;

let server: TestServer;
let ada: Caller;
let bob: Caller;
let eve: Caller;
beforeAll(async () => {
  server = await startTestServer();
  ada = await server.setUp();
  bob = await server.addUser('bob');
  eve = await server.addUser('eve');
});
afterAll(() => server.close());

const make = (
  who: Caller,
  credential_type: string,
  detail: unknown = {},
  more: Record<string, unknown> = {},
) =>
  who.ok<Credential>('credentials.create', {
    name: `My ${credential_type}`,
    credential_type,
    detail,
    ...more,
  });
const patch = (who: Caller, credential_id: number, input: Record<string, unknown>) =>
  who.ok<Credential>('credentials.update', { credential_id, ...input });

describe('detail', () => {
  test('llm: defaults, masks, and everything else as it was given', async () => {
    expect((await make(bob, 'llm')).detail).toEqual({
      provider_type: 'openai_compatible',
      api_key: '****',
      base_url: '',
      organization_id: '',
      custom_headers: {},
    });
    const made = await make(bob, 'llm', {
      provider_type: 'openai',
      api_key: 'sk-1234567890abcd',
      custom_headers: { 'X-Team': 'blue-team-99', 'X-Short': 'abc' },
      organization_id: 'org',
      unknown: 'left out',
    });
    expect(made).toMatchObject({
      credential_type: 'llm',
      hosts: ['api.openai.com'],
      uses: ['llm', 'http'],
      testable: true,
      used_by: 0,
      last_used_at: null,
      last_test: null,
    });
    expect(made.detail).toEqual({
      provider_type: 'openai',
      api_key: 'sk-1****abcd',
      base_url: '',
      organization_id: 'org',
      custom_headers: { 'X-Team': 'blue****m-99', 'X-Short': '****' },
    });
  });

  test('git: keys are not even hinted at, and the webhook secret is gone', async () => {
    const made = await make(bob, 'git', {
      access_token: 'ghp_1234567890',
      ssh_private_key: '-----BEGIN',
      webhook_secret: 'hook-secret',
      username: 'bob',
    });
    expect(made.detail).toEqual({
      provider: 'github',
      credential_type: 'token',
      username: 'bob',
      ssh_private_key: '****',
      access_token: 'ghp_****7890',
    });
    expect((await make(bob, 'git')).detail).toMatchObject({ ssh_private_key: '', access_token: '' });
    expect(made.hosts).toEqual(['github.com', 'api.github.com']);
  });

  test('tool: what looks like a secret is masked, however deep', async () => {
    const config = {
      url: 'https://bob:hunter22@search.example.com',
      api_key: 'key-1234567890',
      nested: [{ 'X-Auth-Token': 'abc' }, { Authorization: { value: 'Bearer 1234567' } }],
      limit: 5,
      password: 1234567890,
      use_token: true,
    };
    const made = await make(bob, 'tool', { tool_type: 'searxng', config });
    expect(made.detail).toEqual({
      tool_type: 'searxng',
      is_preferred: false,
      config: {
        url: 'https://bob:****@search.example.com',
        api_key: 'key-****7890',
        nested: [{ 'X-Auth-Token': '****' }, { Authorization: { value: 'Bear****4567' } }],
        limit: 5,
        password: '1234****7890',
        use_token: true,
      },
    });
    expect(made).toMatchObject({ uses: [], hosts: ['search.example.com'], testable: false });
  });

  test.each([
    ['llm', { api_key: 5 }, ['body', 'detail', 'api_key']],
    ['llm', { custom_headers: { 'X-A': 'a\r\nX-B: b' } }, ['body', 'detail', 'custom_headers', 'X-A']],
    ['llm', { base_url: 'https://a:secretsecret@x.example' }, ['body', 'detail', 'base_url']],
    ['tool', { config: [] }, ['body', 'detail', 'config']],
    ['tool', { is_preferred: 'maybe' }, ['body', 'detail', 'is_preferred']],
    ['git', { access_token: 'x'.repeat(70_000) }, ['body', 'detail', 'access_token']],
  ])('%s refuses %j and repeats no value', async (credential_type, detail, loc) => {
    const answer = await bob.call('credentials.create', { name: 'x', credential_type, detail });
    expect(answer).toMatchObject({ status: 422, body: { detail: [{ loc }] } });
    expect(JSON.stringify(answer.body)).not.toContain('secretsecret');
  });

  test.each([
    [{ credential_type: 'llm' }],
    [{ name: '', credential_type: 'llm' }],
    [{ name: 'x', credential_type: 'ftp' }],
    [{ name: 'x', credential_type: 'llm', detail: 'text' }],
    [{ name: 'x', credential_type: 'llm', hosts: ['no host'] }],
    [{ name: 'x', credential_type: 'llm', hosts: ['a'.repeat(300)] }],
  ])('refuses %j', async (input) => {
    expect((await bob.call('credentials.create', input)).status).toBe(422);
  });
});

describe('changes', () => {
  test('overwrite key by key; echoed masks and absent keys change nothing', async () => {
    const { id, detail, updated_at } = await make(bob, 'llm', {
      api_key: 'sk-1234567890abcd',
      base_url: 'https://a.example',
    });
    const echoed = await patch(bob, id, { detail: { ...detail, base_url: 'https://b.example/v1' } });
    expect(echoed.detail).toEqual({ ...detail, base_url: 'https://b.example/v1' });
    expect(Date.parse(echoed.updated_at)).toBeGreaterThanOrEqual(Date.parse(updated_at));
    expect((await patch(bob, id, { detail: { api_key: 'sk-new-key-0000wxyz' } })).detail).toEqual({
      ...echoed.detail,
      api_key: 'sk-n****wxyz',
    });
    expect((await patch(bob, id, { name: 'Renamed' })).name).toBe('Renamed');
    expect((await patch(bob, id, { detail: { base_url: null } })).detail['base_url']).toBe('');
    const typed = await patch(bob, id, { credential_type: 'tool' });
    expect(typed.credential_type).toBe('llm');
    expect((await bob.call('credentials.update', { credential_id: id, name: null })).status).toBe(422);
  });

  test('the star of a tool keeps the secrets of its config', async () => {
    const config = { token: 'tok-1234567890', deep: { api_key: 'abcdefgh12345678' }, n: 1 };
    const { id, detail } = await make(bob, 'tool', { tool_type: 'http', config });
    const starred = await patch(bob, id, { detail: { ...detail, is_preferred: true } });
    expect(starred.detail).toEqual({ ...detail, is_preferred: true });
    const { sealed } = await server.connection.db
      .selectFrom('credentials')
      .select('sealed')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect(sealed?.includes('tok-1234567890')).toBe(false);
    // The mask did not become the secret: replacing one part leaves the other's hint as it was.
    const changed = await patch(bob, id, {
      detail: { config: { token: 'tok-9999999999', deep: { api_key: 'abcd****5678' } } },
    });
    expect(changed.detail['config']).toEqual({ token: 'tok-****9999', deep: { api_key: 'abcd****5678' } });
  });

  test('a kept secret goes nowhere new: a new address keeps the binding, new hosts take the secret', async () => {
    const key = 'sk-1234567890abcd';
    const { id, detail } = await make(bob, 'llm', { api_key: key, base_url: 'https://a.example' });
    const moved = await patch(bob, id, { detail: { ...detail, base_url: 'https://evil.example' } });
    expect(moved.detail['base_url']).toBe('https://evil.example');
    expect(moved.hosts).toEqual(['a.example']);
    const refused = async (body: Record<string, unknown>, loc: string[]) => {
      const answer = await bob.call('credentials.update', { credential_id: id, ...body });
      expect(answer).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', ...loc] }] } });
    };
    await refused({ hosts: ['evil.example'] }, ['hosts']);
    await refused({ hosts: ['*.example', 'a.example'] }, ['hosts']);
    await refused({ hosts: null }, ['hosts']);
    await refused({ hosts: null, detail: { base_url: 'https://c.example' } }, ['detail', 'base_url']);
    expect((await patch(bob, id, { hosts: [] })).hosts).toEqual([]);
    const renewed = await patch(bob, id, { detail: { api_key: 'sk-another-0000wxyz' } });
    expect(renewed.hosts).toEqual(['evil.example']);
    const named = { hosts: ['c.example'], detail: { api_key: 'sk-a-third-one-0000' } };
    expect((await patch(bob, id, named)).hosts).toEqual(['c.example']);
  });

  test('hosts: named, normalised, and back to the usual one', async () => {
    const { id } = await make(bob, 'llm', { provider_type: 'anthropic' });
    const hosts = [
      'https://Proxy.Example.com/v1',
      '*.example.com',
      'example.com:8443',
      'bücher.example',
      'example.com:8443',
    ];
    expect((await patch(bob, id, { hosts })).hosts).toEqual([
      'proxy.example.com',
      '*.example.com',
      'example.com:8443',
      'xn--bcher-kva.example',
    ]);
    expect((await patch(bob, id, { hosts: [] })).hosts).toEqual([]);
    expect((await patch(bob, id, { hosts: null })).hosts).toEqual(['api.anthropic.com']);
  });

  test('a detail that was moved to another row stays shut', async () => {
    const one = await make(bob, 'git', { access_token: 'aaaaaaaaaaaa' });
    const other = await make(bob, 'git', { access_token: 'bbbbbbbbbbbb' });
    const { db } = server.connection;
    const row = await db
      .selectFrom('credentials')
      .select(['sealed', 'key_id'])
      .where('id', '=', one.id)
      .executeTakeFirstOrThrow();
    await db.updateTable('credentials').set(row).where('id', '=', other.id).execute();
    const answer = await bob.call('credentials.update', {
      credential_id: other.id,
      detail: { username: 'x' },
    });
    expect(answer.status).toBe(409);
    expect((await bob.ok<Credential>('credentials.get', { credential_id: other.id })).name).toBe('My git');
  });
});

describe('list', () => {
  test('filters, sorts and pages in a fixed order', async () => {
    const zoe = await server.addUser('zoe');
    const ids: number[] = [];
    for (const [name, type, detail] of [
      ['beta', 'llm', { provider_type: 'glm' }],
      ['Alpha', 'tool', { tool_type: 'smtp', config: { host: 'mail.example.com' } }],
      ['gamma', 'tool', { tool_type: 'http' }],
      ['delta', 'git', { credential_type: 'ssh_key' }],
    ] as const) {
      ids.push((await make(zoe, type, detail, { name })).id);
    }
    const list = async (input: Record<string, unknown>) =>
      (await zoe.ok<Page>('credentials.list', input)).items.map(({ name }) => name);
    expect(await list({})).toEqual(['beta', 'Alpha', 'gamma', 'delta']);
    expect(await list({ sort: 'name' })).toEqual(['Alpha', 'beta', 'delta', 'gamma']);
    expect(await list({ sort: '-id' })).toEqual(['delta', 'gamma', 'Alpha', 'beta']);
    expect(await list({ type: 'tool' })).toEqual(['Alpha', 'gamma']);
    expect(await list({ type: 'nonsense' })).toEqual([]);
    expect(await list({ type: '', q: '', sort: '' })).toHaveLength(4);
    expect(await list({ q: 'GLM' })).toEqual(['beta']);
    expect(await list({ q: 'a%' })).toEqual([]);
    expect(await list({ use: 'http' })).toEqual(['beta', 'gamma']);
    expect(await list({ use: 'smtp' })).toEqual(['Alpha']);
    expect(await zoe.ok('credentials.list', { limit: 1, offset: 1 })).toMatchObject({
      items: [{ id: ids[1], hosts: ['mail.example.com'] }],
      total: 4,
    });
    expect(await zoe.ok('credentials.list', { limit: 0 })).toEqual({ items: [], total: 4 });
  });
});

describe('ownership', () => {
  test('is kept for every route, in the same words as what is absent', async () => {
    const { id } = await make(bob, 'llm', { api_key: 'sk-1234567890abcd' });
    for (const name of ['get', 'update', 'remove', 'test', 'models', 'activate', 'deactivate', 'uses']) {
      const foreign = await eve.call(`credentials.${name}`, { credential_id: id });
      const absent = await eve.call(`credentials.${name}`, { credential_id: 999_999 });
      expect(foreign.status, name).toBe(404);
      expect(foreign.body, name).toEqual(absent.body);
      expect((await server.nobody.call(`credentials.${name}`, { credential_id: id })).status, name).toBe(401);
    }
    await eve.ok('credentials.batchDelete', { ids: [id] });
    expect((await bob.call('credentials.get', { credential_id: id })).status).toBe(200);
    expect((await ada.call('credentials.get', { credential_id: id })).status).toBe(200);
    expect((await eve.ok<Page>('credentials.list')).total).toBe(0);
  });

  test('deleting', async () => {
    const ids = [(await make(eve, 'llm')).id, (await make(eve, 'git')).id, (await make(eve, 'tool')).id];
    await eve.ok('credentials.remove', { credential_id: ids[0] });
    expect(await eve.call('credentials.remove', { credential_id: ids[0] })).toMatchObject({
      status: 404,
      body: { detail: 'Credential not found.' },
    });
    await eve.ok('credentials.batchDelete', { ids: [...ids, 999_999] });
    expect((await eve.ok<Page>('credentials.list')).total).toBe(0);
    expect((await eve.call('credentials.batchDelete', { ids: ['x'] })).status).toBe(422);
  });
});

test('what happens is in the audit log, without values', async () => {
  const { id } = await make(bob, 'llm', { api_key: 'sk-audit-1234567890' }, { name: 'Audited' });
  await patch(bob, id, { detail: { api_key: 'sk-audit-other-67890' } });
  await bob.ok('credentials.remove', { credential_id: id });
  const rows = await server.connection.db
    .selectFrom('audit_events')
    .select(['action', 'target', 'detail'])
    .where('target', '=', 'Audited')
    .orderBy('id')
    .execute();
  expect(rows).toEqual([
    {
      action: 'credential_created',
      target: 'Audited',
      detail: { credential_id: id, credential_type: 'llm' },
    },
    { action: 'credential_changed', target: 'Audited', detail: { credential_id: id, fields: ['api_key'] } },
    { action: 'credential_deleted', target: 'Audited', detail: { credential_id: id } },
  ]);
});
