import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { type Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';

let server: TestServer;
let ada: Caller;
let bob: Caller;
beforeAll(async () => {
  server = await startTestServer();
  await server.setUp();
  ada = await server.addUser('carla');
  bob = await server.addUser('bob');
});
afterAll(() => server.close());

type Era = 'legacy' | 'auto';
const clients: Client[] = [];
afterAll(() => Promise.all(clients.map((client) => client.close())));

async function connect(caller: Caller, mode: Era = 'auto'): Promise<Client> {
  const client = new Client({ name: 'reference', version: '1' }, { versionNegotiation: { mode } });
  const headers = { authorization: `Bearer ${caller.key}` };
  await client.connect(
    new StreamableHTTPClientTransport(new URL('/mcp', caller.base), { requestInit: { headers } }),
  );
  clients.push(client);
  return client;
}

const node = (id: string, type: string, config: object = {}) => ({
  kind: 'add_node',
  node: { id, type, label: null, x: 0, y: 0, config, settings: DEFAULT_SETTINGS },
});
const edge = (id: number, source: string, sourcePort: string, target: string) => ({
  kind: 'add_edge',
  edge: { id, source, sourcePort, target, targetPort: 'input', priority: 0 },
});

async function draw(caller: Caller, slug: string, steps: object[]): Promise<void> {
  await caller.ok('workflows.create', { name: slug, slug, description: `Does ${slug}.` });
  await caller.ok('workflows.changeGraph', { workflow_slug: slug, base_revision: 0, commands: steps });
}
const code = (text: string) => [
  node('start', 'trigger_manual'),
  node('work', 'code', { language: 'javascript', code: text }),
  node('say', 'reply', { body: '{{ work.output }}' }),
  edge(1, 'start', 'payload', 'work'),
  edge(2, 'work', 'output', 'say'),
];
const offer = (caller: Caller, workflow_slug: string, more: object = {}) =>
  caller.ok('mcp.setOffer', { workflow_slug, enabled: true, ...more });

describe('offering', () => {
  it('is off until it is switched on, has a usual name, and says what keeps clients from seeing it', async () => {
    await draw(ada, 'off-line', [node('hook', 'trigger_webhook')]);
    const place = { workflow_slug: 'off-line' };
    expect(await ada.ok('mcp.offer', place)).toEqual({
      enabled: false,
      tool_name: 'off-line',
      description: 'Does off-line.',
      input_schema: null,
      effective_schema: {
        type: 'object',
        properties: { text: { type: 'string', description: expect.any(String) } },
      },
      problem: null,
      updated_at: null,
    });
    expect(await offer(ada, 'off-line')).toMatchObject({
      enabled: true,
      problem: expect.stringContaining('no trigger that can be called'),
    });
    await ada.ok('workflows.update', { ...place, is_active: false });
    expect(await ada.ok('mcp.offer', place)).toMatchObject({
      problem: expect.stringContaining('switched off'),
    });
    await ada.ok('mcp.setOffer', { ...place, enabled: false });
  });

  it('refuses names and schemas that clients could not use, and a name twice', async () => {
    await draw(ada, 'one', code('return 1'));
    await draw(ada, 'two', code('return 2'));
    await offer(ada, 'one', { tool_name: 'number' });
    const put = (body: object) => ada.call('mcp.setOffer', { workflow_slug: 'two', enabled: true, ...body });
    for (const wrong of [
      { tool_name: 'with space' },
      { tool_name: '' },
      { input_schema: { type: 'string' } },
      { input_schema: { type: 'object', required: 'a' } },
    ]) {
      expect((await put(wrong)).status).toBe(422);
    }
    expect(await put({ tool_name: 'number' })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('“number”') },
    });
    await draw(bob, 'three', code('return 3'));
    await offer(bob, 'three', { tool_name: 'number' });
    expect((await bob.call('mcp.offer', { workflow_slug: 'one' })).status).toBe(404);
    for (const [caller, slug] of [
      [ada, 'one'],
      [bob, 'three'],
    ] as const)
      await caller.ok('mcp.setOffer', { workflow_slug: slug, enabled: false });
  });
});

describe.each(['legacy', 'auto'] as const)('the reference client (%s)', (era) => {
  const name = `add_${era}`;

  it('lists and calls a workflow of its own environment, and no other', async () => {
    await draw(ada, `add-${era}`, code('return { sum: input.a + input.b }'));
    const input_schema = {
      type: 'object',
      properties: { a: { type: 'number' }, b: { type: 'number' } },
      required: ['a', 'b'],
    };
    await offer(ada, `add-${era}`, { tool_name: name, description: 'Adds.', input_schema });
    const client = await connect(ada, era);
    expect(client.getServerVersion()).toMatchObject({ name: 'pipewright' });
    const { tools } = await client.listTools();
    expect(tools).toEqual([{ name, title: `add-${era}`, description: 'Adds.', inputSchema: input_schema }]);
    const result = await client.callTool({ name, arguments: { a: 2, b: 40 } });
    expect(result.structuredContent).toEqual({ sum: 42 });
    expect(result.content).toEqual([{ type: 'text', text: '{"sum":42}' }]);
    const runs = await ada.ok<{ items: { execution_id: string }[] }>('executions.list', {
      workflow_slug: `add-${era}`,
    });
    const [run, ...others] = runs.items;
    expect(others).toEqual([]);
    const found = await ada.ok('executions.get', { execution_id: run?.execution_id });
    expect(found).toMatchObject({ trigger_payload: { a: 2, b: 40 }, status: 'completed' });
    const foreign = await connect(bob, era);
    expect((await foreign.listTools()).tools).toEqual([]);
    await expect(foreign.callTool({ name, arguments: { a: 1, b: 1 } })).rejects.toThrow(
      `There is no tool “${name}”.`,
    );
    await ada.ok('mcp.setOffer', { workflow_slug: `add-${era}`, enabled: false });
    await expect(client.callTool({ name, arguments: { a: 1, b: 1 } })).rejects.toThrow('There is no tool');
  });

  it('is told what was wrong, with the arguments and with the run', async () => {
    await draw(ada, `fail-${era}`, code('throw new Error("The till is empty.")'));
    const input_schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
    await offer(ada, `fail-${era}`, { input_schema });
    const client = await connect(ada, era);
    const told = async (args: Record<string, unknown>) => {
      const { isError, content } = await client.callTool({ name: `fail-${era}`, arguments: args });
      expect(isError).toBe(true);
      return content[0]?.type === 'text' ? content[0].text : '';
    };
    expect(await told({})).toBe('These arguments are missing: n.');
    expect(await told({ n: 'x' })).toBe('The argument n has to be of the type integer.');
    expect(await told({ n: 1 })).toContain('The till is empty.');
    await ada.ok('mcp.setOffer', { workflow_slug: `fail-${era}`, enabled: false });
  });

  it('hears of progress, and a call it cancels stops the run', async () => {
    const slug = `slow-${era}`;
    await draw(ada, slug, [
      node('start', 'trigger_manual'),
      node('first', 'set'),
      node('nap', 'wait', { duration: 10, unit: 'minutes' }),
      edge(1, 'start', 'payload', 'first'),
      edge(2, 'first', 'output', 'nap'),
    ]);
    await offer(ada, slug);
    const client = await connect(ada, era);
    const stop = new AbortController();
    const heard: string[] = [];
    const onprogress = ({ message }: { message?: string | undefined }): void => {
      heard.push(message ?? '');
      stop.abort();
    };
    const call = client.callTool({ name: slug, arguments: {} }, { signal: stop.signal, onprogress });
    await expect(call).rejects.toThrow(/abort/i);
    expect(heard[0]).toMatch(/ is done\.$/);
    const status = await until(async () => {
      const runs = await ada.ok<{ items: { status: string }[] }>('executions.list', { workflow_slug: slug });
      return runs.items[0]?.status === 'cancelled' ? 'cancelled' : null;
    }, 20_000);
    expect(status).toBe('cancelled');
    await ada.ok('mcp.setOffer', { workflow_slug: slug, enabled: false });
  });
});

it('stops every run whose caller hangs up, however early', async () => {
  await draw(ada, 'gone', [
    node('start', 'trigger_manual'),
    node('nap', 'wait', { duration: 10, unit: 'minutes' }),
    edge(1, 'start', 'payload', 'nap'),
  ]);
  await offer(ada, 'gone');
  const headers = {
    authorization: `Bearer ${ada.key}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'gone', arguments: {} } };
  const url = new URL('/mcp', ada.base);
  for (let ms = 0; ms < 40; ms += 1) {
    const signal = AbortSignal.timeout(ms);
    await fetch(url, { method: 'POST', headers, body: JSON.stringify(call), signal }).catch(() => undefined);
  }
  const { pool } = server.connection;
  const statuses = () =>
    pool.query<{ status: string }>(
      `select distinct status from executions e join workflows w on w.id = e.workflow_id where w.slug = 'gone'`,
    );
  await expect
    .poll(async () => (await statuses()).rows, { timeout: 10_000 })
    .toEqual([{ status: 'cancelled' }]);
  await ada.ok('mcp.setOffer', { workflow_slug: 'gone', enabled: false });
});

it('answers so many calls of one environment at once and no more, and leaves room for others and for webhooks', async () => {
  await draw(ada, 'crowd', [
    node('start', 'trigger_manual'),
    node('nap', 'wait', { duration: 10, unit: 'minutes' }),
    edge(1, 'start', 'payload', 'nap'),
  ]);
  await offer(ada, 'crowd');
  const enough = new AbortController();
  const call = (id: number) =>
    fetch(new URL('/mcp', ada.base), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${ada.key}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'crowd' } }),
      signal: enough.signal,
    });
  const crowd = Array.from({ length: 100 }, async (_, id) => {
    const answer = await call(id).catch(() => null);
    await answer?.text().catch(() => '');
  });
  await until(async () => {
    const { rows } = await server.connection.pool.query<{ n: number }>(
      `select count(*)::int as n from executions e join workflows w on w.id = e.workflow_id where w.slug = 'crowd'`,
    );
    return rows[0]?.n === 100;
  }, 20_000);
  const refused = await call(100);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
  const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
  const accept = { accept: 'application/json, text/event-stream' };
  expect((await ada.send('POST', '/mcp', list, accept)).status).toBe(200);
  const calling = { ...list, method: 'tools/call', params: { name: 'nothing' } };
  expect((await bob.send('POST', '/mcp', calling, accept)).status).not.toBe(429);
  enough.abort();
  await Promise.all(crowd);
  await ada.ok('mcp.setOffer', { workflow_slug: 'crowd', enabled: false });
  await until(
    async () => (await ada.send('POST', '/mcp', { ...list, method: 'tools/call' }, accept)).status !== 429,
  );
});

it('gives its tools in pages', async () => {
  const names = Array.from({ length: 103 }, (_, n) => `page-${String(n).padStart(3, '0')}`);
  await server.connection.pool.query(
    `with w as (insert into workflows (environment_id, owner_id, name, slug, is_active)
       select m.environment_id, m.user_id, name, name, true from unnest($1::text[]) as name, memberships m
       join users u on u.id = m.user_id where u.username = 'bob' returning id, environment_id, slug)
     insert into mcp_tools (workflow_id, environment_id, enabled, tool_name, description)
     select id, environment_id, true, slug, '' from w`,
    [names],
  );
  const raw = async (params: object) => {
    const answer = await bob.send(
      'POST',
      '/mcp',
      { jsonrpc: '2.0', id: 1, method: 'tools/list', params },
      {
        accept: 'application/json, text/event-stream',
      },
    );
    const text = String(answer.body);
    return JSON.parse(text.slice(text.indexOf('{'))) as {
      result?: { tools: { name: string }[]; nextCursor?: string };
      error?: { code: number };
    };
  };
  const first = await raw({});
  expect(first.result?.tools).toHaveLength(100);
  const second = await raw({ cursor: first.result?.nextCursor });
  expect(second.result?.tools.map((tool) => tool.name)).toEqual(names.slice(100));
  expect(second.result?.nextCursor).toBeUndefined();
  expect((await raw({ cursor: '###' })).error?.code).toBe(-32602);
  expect((await (await connect(bob)).listTools()).tools).toHaveLength(103);
});

describe('the door', () => {
  const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
  const accept = { accept: 'application/json, text/event-stream' };

  it('is closed to whoever has no key, and to browsers with a session', async () => {
    const { base } = ada;
    for (const headers of [{}, { cookie: 'pipewright_session=x' }, { authorization: 'Bearer wrong' }]) {
      const answer = await fetch(`${base}/mcp`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...accept, ...headers },
        body: JSON.stringify(ping),
      });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('is closed to pages of other sites, and to bodies that are no JSON or too large', async () => {
    const status = async (body: unknown, headers: Record<string, string> = {}) =>
      (await ada.send('POST', '/mcp', body, { ...accept, ...headers })).status;
    expect(await status(ping)).toBe(200);
    expect(await status(ping, { origin: 'https://evil.example' })).toBe(403);
    expect(await status(ping, { origin: 'null' })).toBe(403);
    expect(await status('{"a"')).toBe(422);
    expect(await status('hello', { 'content-type': 'text/plain' })).toBe(415);
    expect(await status({ ...ping, params: { text: 'x'.repeat(1_100_000) } })).toBe(413);
    expect((await ada.send('GET', '/mcp', undefined, accept)).status).toBe(405);
  });
});
