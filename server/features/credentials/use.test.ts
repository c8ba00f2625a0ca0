import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OutputOf } from '#contract/contract.ts';
import { type Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';
import { type Provider, startProvider } from './provider-fixture.ts';
import { draw, logOf, runOf } from './run-fixture.ts';

type Credential = OutputOf<'credentials', 'get'>;
type Checked = OutputOf<'workflows', 'validate'>;

let server: TestServer;
let provider: Provider;
let elsewhere: Provider;
let ada: Caller;
let bob: Caller;
beforeAll(async () => {
  [provider, elsewhere] = await Promise.all([startProvider(), startProvider()]);
  server = await startTestServer({ PIPEWRIGHT_EGRESS_ALLOW: '127.0.0.0/8' });
  ada = await server.setUp();
  bob = await server.addUser('bob');
});
afterAll(async () => {
  await server.close();
  await Promise.all([provider.close(), elsewhere.close()]);
});
beforeEach(() => {
  provider.seen.length = 0;
  elsewhere.seen.length = 0;
  provider.reply = () => ({ body: { fine: true } });
});

const TOKEN = 'tok-secret-1234567890';
const make = (who: Caller, more: Record<string, unknown> = {}) =>
  who.ok<Credential>('credentials.create', {
    name: 'Shop',
    credential_type: 'tool',
    detail: { tool_type: 'http', config: { auth: 'bearer', token: TOKEN } },
    hosts: [provider.host],
    ...more,
  });
const call = (credential: unknown, more: Record<string, unknown> = {}) => ({
  id: 'call',
  type: 'http_request',
  config: { url: `${provider.url}/items`, credential, ...more },
});

describe('a request', () => {
  test('is signed when it leaves, and whatever comes back is cleaned', async () => {
    provider.reply = ({ headers }) => ({
      headers: { 'x-echo': String(headers.authorization) },
      body: {
        you: headers.authorization,
        again: Buffer.from(String(headers.authorization)).toString('base64'),
      },
    });
    const { id } = await make(bob);
    const run = await runOf(bob, await draw(bob, 'Signed', [call(id)]));
    expect(run.status).toBe('completed');
    expect(provider.seen[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(logOf(run, 'call')?.output).toMatchObject({
      body: { you: 'Bearer [redacted]' },
      response: { headers: { 'x-echo': 'Bearer [redacted]' } },
    });
    const used = await until(async () => {
      const one = await bob.ok<Credential>('credentials.get', { credential_id: id });
      return one.last_used_at ? one : null;
    });
    expect(used.used_by).toBe(1);
    expect(await bob.ok('credentials.uses', { credential_id: id })).toMatchObject({
      items: [{ workflow_slug: 'signed', node_id: 'call' }],
      total: 1,
    });
  });

  test('that fails with the secret in its words fails without it', async () => {
    provider.reply = ({ headers }) => ({
      status: 400,
      body: `unknown token ${headers.authorization?.slice(7)}`,
    });
    const { id } = await make(bob);
    const run = await runOf(bob, await draw(bob, 'Refused', [call(id)]));
    expect(run).toMatchObject({ status: 'failed' });
    expect(run.error_message).toContain('unknown token [redacted]');
  });

  test('later steps learn nothing either, even from servers that got it from somewhere else', async () => {
    elsewhere.reply = () => ({ body: { leaked: `it was ${TOKEN}` } });
    const { id } = await make(bob);
    const plain = { id: 'later', type: 'http_request', config: { url: elsewhere.url } };
    const run = await runOf(bob, await draw(bob, 'Later', [{ ...call(id), out: 'body' }, plain]));
    expect(logOf(run, 'later')?.output).toMatchObject({ body: { leaked: 'it was [redacted]' } });
  });

  test('goes nowhere it is not bound to', async () => {
    const { id } = await make(bob, { hosts: ['api.example.com'] });
    const run = await runOf(bob, await draw(bob, 'Unbound', [call(id)]));
    expect(logOf(run, 'call')).toMatchObject({ status: 'failed', error_code: 'credential_denied' });
    expect(run.error_message).toContain(`is not sent to ${provider.host}. It is bound to api.example.com.`);
    expect(provider.seen).toEqual([]);
    const unbound = await make(bob, { hosts: null });
    const other = await runOf(bob, await draw(bob, 'Unbound too', [call(unbound.id)]));
    expect(other.error_message).toContain('bound to no host yet');
  });

  test('drops it on a redirect to another origin and keeps it on the same one', async () => {
    const { id } = await make(bob, { hosts: [provider.host, elsewhere.host] });
    provider.reply = ({ url }) =>
      url === '/items'
        ? { status: 307, headers: { location: '/same' } }
        : { status: 307, headers: { location: `${elsewhere.url}/other` } };
    expect((await runOf(bob, await draw(bob, 'Moved', [call(id)]))).status).toBe('completed');
    expect(provider.seen.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${TOKEN}`,
      `Bearer ${TOKEN}`,
    ]);
    expect(elsewhere.seen).toHaveLength(1);
    expect(JSON.stringify(elsewhere.seen)).not.toContain(TOKEN);
  });

  test('keeps a key of the query out of the address it hands on', async () => {
    const config = { auth: 'query', name: 'key', token: TOKEN };
    const { id } = await make(bob, { detail: { tool_type: 'http', config } });
    const run = await runOf(bob, await draw(bob, 'Query', [call(id, { query: { page: 2 } })]));
    expect(provider.seen[0]?.url).toBe(`/items?page=2&key=${TOKEN}`);
    expect(logOf(run, 'call')?.output).toMatchObject({ response: { url: `${provider.url}/items?page=2` } });
  });

  test('cannot be signed by what holds no key for requests', async () => {
    const { id } = await make(bob, { detail: { tool_type: 'api', config: { token: TOKEN } } });
    const run = await runOf(bob, await draw(bob, 'Wrong kind', [call(id)]));
    expect(logOf(run, 'call')).toMatchObject({ error_code: 'credential_denied' });
  });
});

describe('a reference', () => {
  test('to somebody else’s credential, an unknown one, or a computed one is refused wherever it is saved', async () => {
    const { id } = await make(ada);
    const { slug } = await bob.ok<{ slug: string }>('workflows.create', {
      name: 'References',
      slug: 'references',
    });
    for (const credential of [id, 999_999, 0, '{{ trigger.id }}', { id }]) {
      const extra_config = { url: provider.url, credential };
      const input = { workflow_slug: slug, component_type: 'http_request', config: { extra_config } };
      expect(await bob.call('nodes.create', input)).toMatchObject({
        status: 422,
        body: { detail: [{ loc: ['body', 'config', 'extra_config', 'credential'] }] },
      });
    }
    const node = {
      id: 'call',
      type: 'http_request',
      label: null,
      x: 0,
      y: 0,
      config: { credential: id },
      settings: {},
    };
    const commands = [{ kind: 'add_node', node }];
    const graph = { workflow_slug: slug, base_revision: 0, commands };
    expect((await bob.call('workflows.changeGraph', graph)).status).toBe(422);
    await bob.ok('nodes.create', { workflow_slug: slug, component_type: 'http_request', node_id: 'call' });
    for (const config of [{ extra_config: { credential: id } }]) {
      expect((await bob.call('nodes.update', { workflow_slug: slug, node: 'call', config })).status).toBe(
        422,
      );
    }
    const model = { workflow_slug: slug, component_type: 'trigger_manual', config: { credential_id: id } };
    expect(await bob.call('nodes.create', model)).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body', 'config', 'credential_id'] }] },
    });
    expect((await ada.ok<Credential>('credentials.get', { credential_id: id })).used_by).toBe(0);
  });

  test('to a deleted credential is empty: validate lists it, the editor is told, runs fail clearly', async () => {
    const { id } = await make(bob, { name: 'Old shop' });
    const slug = await draw(bob, 'Deleted', [call(id)]);
    await runOf(bob, slug);
    await bob.ok('nodes.create', {
      workflow_slug: slug,
      node_id: 'second',
      component_type: 'trigger_manual',
      config: { credential_id: id },
    });
    await bob.ok('credentials.remove', { credential_id: id });
    const nodes = await bob.ok<{ node_id: string; config: Record<string, unknown> }[]>('nodes.list', {
      workflow_slug: slug,
    });
    const configs = Object.fromEntries(nodes.map((node) => [node.node_id, node.config]));
    expect(configs['call']?.['extra_config']).toMatchObject({ credential: { missing: 'Old shop' } });
    expect(configs['second']?.['credential_id']).toBe(null);
    const checked = await bob.ok<Checked>('workflows.validate', { workflow_slug: slug });
    expect(checked.problems).toContainEqual(
      expect.objectContaining({ code: 'credential_missing', node_id: 'call', field: 'credential' }),
    );
    const run = await runOf(bob, slug, {});
    expect(logOf(run, 'call')).toMatchObject({ status: 'failed', error_code: 'credential_denied' });
    expect(run.error_message).toContain('“Old shop” is not here');
    // An earlier version comes back with the reference empty, since what it named is gone.
    await bob.ok('versions.restore', { workflow_slug: slug, n: 1 });
    const restored = await bob.ok<OutputOf<'workflows', 'graph'>>('workflows.graph', { workflow_slug: slug });
    expect(restored.nodes.find((node) => node.id === 'call')?.config['credential']).toEqual({
      missing: `credential ${id}`,
    });
  });

  test('is checked again at use: whose workflow may not use it any more', async () => {
    const { id } = await make(bob);
    const slug = await draw(bob, 'Left', [call(id)]);
    const { db } = server.connection;
    const bobId = (
      await db.selectFrom('users').select('id').where('username', '=', 'bob').executeTakeFirstOrThrow()
    ).id;
    await db.updateTable('memberships').set({ role: 'viewer' }).where('user_id', '=', bobId).execute();
    try {
      const run = await runOf(ada, slug);
      expect(logOf(run, 'call')).toMatchObject({ error_code: 'credential_denied' });
      expect(provider.seen).toEqual([]);
    } finally {
      await db.updateTable('memberships').set({ role: 'owner' }).where('user_id', '=', bobId).execute();
    }
  });

  test('leaves as a name and comes back as what the importer says', async () => {
    const { id } = await make(bob, { name: 'Exported' });
    const step = {
      id: 'mail',
      type: 'notify',
      in: 'message',
      config: { smtp_user: 'u', smtp_password: 'old-password' },
    };
    const slug = await draw(bob, 'Export', [{ ...call(id), out: 'body' }, step]);
    const document = await bob.ok<Record<string, unknown>>('workflows.export', { workflow_slug: slug });
    expect(document['nodes']).toContainEqual(
      expect.objectContaining({
        id: 'call',
        config: expect.objectContaining({ credential: { missing: 'Exported' } }),
      }),
    );
    expect(JSON.stringify(document)).not.toContain('old-password');
    const graphOf = async (who: Caller, workflow_slug: string) =>
      (await who.ok<OutputOf<'workflows', 'graph'>>('workflows.graph', { workflow_slug })).nodes.find(
        (node) => node.id === 'call',
      )?.config['credential'];
    const silent = await ada.ok<{ slug: string }>('workflows.import', { document });
    expect(await graphOf(ada, silent.slug)).toEqual({ missing: 'Exported' });
    const mine = await make(ada);
    const chosen = await ada.ok<{ slug: string }>('workflows.import', {
      document,
      credentials: { Exported: mine.id },
    });
    expect(await graphOf(ada, chosen.slug)).toBe(mine.id);
    expect((await ada.call('workflows.import', { document, credentials: { Exported: id } })).status).toBe(
      422,
    );
    const nodes = (document['nodes'] as { id: string; config: object }[]).map((node) =>
      node.id === 'call' ? { ...node, config: { ...node.config, credential: mine.id } } : node,
    );
    const numbered = await ada.ok<{ slug: string }>('workflows.import', { document: { ...document, nodes } });
    expect(await graphOf(ada, numbered.slug)).toEqual({ missing: `credential ${mine.id}` });
    const copy = await ada.ok<{ slug: string }>('workflows.duplicate', { workflow_slug: slug });
    expect(await graphOf(ada, copy.slug)).toEqual({ missing: 'Exported' });
    const own = await bob.ok<{ slug: string }>('workflows.duplicate', { workflow_slug: slug });
    expect(await graphOf(bob, own.slug)).toBe(id);
  });
});

test('mail goes through the server of its credential, and the old way still works', async () => {
  const mails: string[] = [];
  const users: string[] = [];
  const smtp = new SMTPServer({
    logger: false,
    disabledCommands: ['STARTTLS', 'AUTH'],
    authOptional: true,
    onData: (stream, session, done) => {
      users.push(String(session.user ?? ''));
      stream.on('data', (chunk: Buffer) => mails.push(chunk.toString()));
      stream.on('end', () => done());
    },
  });
  smtp.listen(0, '127.0.0.1');
  await once(smtp.server, 'listening');
  const { port } = smtp.server.address() as { port: number };
  try {
    const config = { host: '127.0.0.1', port, security: 'none' };
    const account = await make(bob, { name: 'Post', detail: { tool_type: 'smtp', config }, hosts: null });
    expect(account).toMatchObject({ hosts: ['127.0.0.1'], uses: ['smtp'], testable: true });
    expect(await bob.ok('credentials.test', { credential_id: account.id })).toMatchObject({ ok: true });
    const base = {
      channel: 'email',
      to: 'ada@example.com',
      from: 'bob@example.com',
      subject: 'S',
      message: 'Hi',
    };
    for (const more of [{ credential: account.id }, { smtp_host: '127.0.0.1', smtp_port: port }]) {
      const step = { id: 'mail', type: 'notify', in: 'message', config: { ...base, ...more } };
      const run = await runOf(bob, await draw(bob, 'Mail', [step]));
      expect(run.error_message).toBe('');
    }
    expect(mails).toHaveLength(2);
    await bob.ok('credentials.update', { credential_id: account.id, hosts: ['mail.example.com'] });
    const step = { id: 'mail', type: 'notify', in: 'message', config: { ...base, credential: account.id } };
    const run = await runOf(bob, await draw(bob, 'Bound', [step]));
    expect(logOf(run, 'mail')).toMatchObject({ error_code: 'credential_denied' });
  } finally {
    await new Promise<void>((closed) => smtp.close(() => closed()));
  }
});
