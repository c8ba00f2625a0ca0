import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { sql } from 'kysely';
import { type Logger, pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { OutputOf } from '#contract/contract.ts';
import { type Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';
import { Redactor } from '#server/redaction/redactor.ts';
import { formsOf } from '#server/redaction/secret-form.ts';
import { type FakeGateway, startGateway } from './gateway-fixture.ts';
import { type Provider, startProvider } from './provider-fixture.ts';
import { draw, runOf } from './run-fixture.ts';

type Credential = OutputOf<'credentials', 'get'>;
type Run = OutputOf<'executions', 'get'>;

const canary = (name: string): string => `canary-${name}-${randomBytes(9).toString('base64url')}"\\/+ü`;
/** One that headers can carry. */
const plainCanary = (name: string): string => `canary-${name}-${randomBytes(12).toString('base64url')}`;

const privateKey = generateKeyPairSync('ed25519')
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const secrets = {
  llmKey: plainCanary('llm-key'),
  llmHeader: plainCanary('llm-header'),
  gatewayToken: canary('gateway-token'),
  gatewayKey: canary('gateway-key'),
  gatewayConfig: canary('gateway-config'),
  gitToken: plainCanary('git-token'),
  gitKey: privateKey.split('\n')[1] ?? '',
  gitHook: canary('git-hook'),
  toolToken: plainCanary('tool-token'),
  toolPassword: canary('tool-password'),
  toolQuery: canary('tool-query'),
  toolDeep: canary('tool-deep'),
  mailPassword: canary('mail-password'),
};

let server: TestServer;
let provider: Provider;
let elsewhere: Provider;
let gateway: FakeGateway;
let ada: Caller;
let log: Logger;
/** Everything that came out: answers, events, log lines. */
const out: { where: string; text: string }[] = [];

beforeAll(async () => {
  [provider, elsewhere, gateway] = await Promise.all([startProvider(), startProvider(), startGateway()]);
  const redactor = new Redactor();
  const hooks = { streamWrite: (line: string) => redactor.line(line) };
  const lines = { write: (text: string) => out.push({ where: 'log', text }) };
  log = pino({ level: 'trace', hooks }, lines);
  server = await startTestServer(
    {
      PIPEWRIGHT_EGRESS_ALLOW: '127.0.0.0/8',
      PIPEWRIGHT_GATEWAY_URL: gateway.url,
      PIPEWRIGHT_GATEWAY_ADMIN_TOKEN: gateway.adminToken,
      PIPEWRIGHT_GATEWAY_TOKEN: 'gateway-inbound-token-1',
    },
    { log, redactor },
  );
  ada = await server.setUp();
});
afterAll(async () => {
  await server.close();
  await Promise.all([provider.close(), elsewhere.close(), gateway.close()]);
});

/** Calls an operation and keeps the answer, whatever it is. */
async function ask(name: string, input: Record<string, unknown> = {}): Promise<unknown> {
  const answer = await ada.call(name, input);
  out.push({ where: name, text: `${JSON.stringify(answer.body)}\n${JSON.stringify([...answer.headers])}` });
  return answer.body;
}

const inputs: readonly Record<string, unknown>[] = [
  {
    name: 'Model',
    credential_type: 'llm',
    detail: { api_key: secrets.llmKey, custom_headers: { 'X-Team': secrets.llmHeader } },
  },
  {
    name: 'Bot',
    credential_type: 'gateway',
    detail: {
      token: secrets.gatewayToken,
      api_key: secrets.gatewayKey,
      config: { token: secrets.gatewayConfig },
    },
  },
  {
    name: 'Code',
    credential_type: 'git',
    detail: { provider: 'gitea', access_token: secrets.gitToken, webhook_secret: secrets.gitHook },
  },
  {
    name: 'Deploy',
    credential_type: 'git',
    detail: { credential_type: 'ssh_key', ssh_private_key: privateKey },
  },
  toolOf('Bearer', {
    auth: 'bearer',
    token: secrets.toolToken,
    extra: [{ my_secret: { a: secrets.toolDeep } }],
  }),
  toolOf('Basic', { auth: 'basic', username: 'ada', password: secrets.toolPassword }),
  toolOf('Query', { auth: 'query', name: 'key', token: secrets.toolQuery }),
  {
    name: 'Mail',
    credential_type: 'tool',
    detail: {
      tool_type: 'smtp',
      config: { host: '127.0.0.1', port: 9, username: 'ada', password: secrets.mailPassword },
    },
  },
];

function toolOf(name: string, config: Record<string, unknown>) {
  return { name, credential_type: 'tool', detail: { tool_type: 'http', config } };
}

/** Repeats what it was sent in every way it can think of. */
const echo = (status: number): void => {
  provider.reply = ({ url, headers }) => {
    const sent = `${decodeURIComponent(url)} ${JSON.stringify(headers)}`;
    const authorization = String(headers.authorization ?? headers['x-api-key'] ?? '');
    const pair = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString();
    return {
      status,
      headers: { 'x-echo': authorization, 'x-url': url },
      body: {
        sent,
        url,
        headers,
        pair,
        coded: Buffer.from(sent).toString('base64'),
        nested: JSON.stringify({ sent }),
      },
    };
  };
};

async function useEverywhere(ids: readonly number[], frames: string[]): Promise<string[]> {
  const token = ada.key ?? '';
  const socket = new WebSocket(`${server.base.replace('http', 'ws')}/ws/?token=${token}`);
  await once(socket, 'open');
  socket.on('message', (data) => frames.push(String(data)));
  const runs: string[] = [];
  for (const [index, id] of ids.entries()) {
    const call = (url: string, node: string) => ({
      id: node,
      type: 'http_request',
      out: 'body',
      config: { url, credential: id, fail_on_error_status: false },
      onError: 'continue' as const,
    });
    const strict = { ...call(`${provider.url}/strict`, 'strict'), onError: 'fail' as const };
    const steps = [
      call(`${provider.url}/echo`, 'first'),
      {
        id: 'shape',
        type: 'set',
        config: { mode: 'text', text: '{{ first.body.sent }} {{ first.body.coded }}' },
      },
      call(`${elsewhere.url}/unbound`, 'unbound'),
      { ...strict, config: { ...strict.config, fail_on_error_status: true } },
    ];
    const slug = await draw(ada, `Canary ${index}`, steps);
    socket.send(JSON.stringify({ type: 'subscribe', channel: `workflow:${slug}` }));
    for (const status of [200, 500]) {
      echo(status);
      const run = await runOf(ada, slug, { subject: 'harmless' });
      runs.push(run.execution_id);
    }
    provider.reply = () => ({ status: 302, headers: { location: `${elsewhere.url}/away` } });
    runs.push((await runOf(ada, slug)).execution_id);
    const mail = {
      channel: 'email',
      to: 'a@b.example',
      from: 'a@b.example',
      subject: 's',
      message: 'm',
      credential: id,
    };
    const failing = await draw(ada, `Mail ${index}`, [
      { id: 'mail', type: 'notify', in: 'message', config: mail },
    ]);
    runs.push((await runOf(ada, failing)).execution_id);
    await lookAtWorkflow(slug);
  }
  for (const id of runs)
    socket.send(JSON.stringify({ type: 'subscribe', channel: `execution:${id}`, after_seq: 0 }));
  await until(
    async () => frames.filter((text) => text.includes('"subscribed"')).length >= ids.length + runs.length,
  );
  socket.close();
  await once(socket, 'close');
  return runs;
}

async function lookAtWorkflow(workflow_slug: string): Promise<void> {
  for (const name of ['get', 'graph', 'export', 'validate'])
    await ask(`workflows.${name}`, { workflow_slug });
}

async function lookAtRun(execution_id: string): Promise<void> {
  const run = (await ask('executions.get', { execution_id })) as Run;
  for (const name of ['status', 'logs', 'events', 'graph', 'value'])
    await ask(`executions.${name}`, { execution_id });
  for (const { id } of run.logs) {
    for (const side of ['input', 'output'])
      await ask('executions.stepValue', { execution_id, step_id: id, side });
  }
}

async function dump(): Promise<void> {
  const { db } = server.connection;
  const { rows: tables } = await sql<{ schema: string; name: string }>`
    select table_schema as schema, table_name as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
  `.execute(db);
  expect(tables.length).toBeGreaterThan(30);
  for (const { schema, name } of tables) {
    const { rows } = await sql<{ text: string }>`
      select row_to_json(t)::text as text from ${sql.table(`${schema}.${name}`)} t
    `.execute(db);
    out.push({ where: `table ${schema}.${name}`, text: rows.map((row) => row.text).join('\n') });
  }
}

test('a secret that is put in comes out nowhere', async () => {
  const ids: number[] = [];
  for (const [index, input] of inputs.entries()) {
    const isUsed = index !== 1;
    const hosts = isUsed ? [provider.host, '127.0.0.1'] : null;
    const detail = input['detail'] as Record<string, unknown>;
    const base = input['credential_type'] === 'llm' ? { base_url: provider.url } : {};
    const made = (await ask('credentials.create', {
      ...input,
      detail: { ...detail, ...base },
      hosts,
    })) as Credential;
    ids.push(made.id);
  }
  const frames: string[] = [];
  for (const status of [200, 401, 500]) {
    echo(status);
    for (const credential_id of ids) {
      for (const name of ['get', 'test', 'models', 'uses', 'activate'])
        await ask(`credentials.${name}`, { credential_id });
    }
  }
  const runs = await useEverywhere(ids.toSpliced(1, 1), frames);
  for (const credential_id of ids) {
    const { detail } = (await ask('credentials.get', { credential_id })) as Credential;
    await ask('credentials.update', { credential_id, detail });
    await ask('credentials.update', {
      credential_id,
      detail: { base_url: 5, config: 'x', access_token: [] },
    });
  }
  const { secret } = await ada.ok<{ secret: string }>('mfa.setup', { password: 'lovelace' });
  for (const id of runs) await lookAtRun(id);
  for (const name of [
    'credentials.list',
    'executions.list',
    'audit.list',
    'workflows.list',
    'auth.me',
    'mfa.status',
  ]) {
    await ask(name, { limit: 1000 });
  }
  out.push({ where: 'metrics', text: JSON.stringify((await ada.send('GET', '/metrics')).body) });
  out.push(...frames.map((text) => ({ where: 'socket', text })));
  await dump();

  // It was really used: the first hop got every secret that signs requests, and nobody else got any.
  const arrived =
    JSON.stringify(provider.seen) + decodeURIComponent(provider.seen.map(({ url }) => url).join());
  for (const name of ['llmKey', 'llmHeader', 'gitToken', 'toolToken'] as const)
    expect(arrived).toContain(secrets[name]);
  expect(arrived).toContain(Buffer.from(`ada:${secrets.toolPassword}`).toString('base64'));
  expect(gateway.known.get('Bot')?.['token']).toBe(secrets.gatewayToken);
  expect(frames.length).toBeGreaterThan(50);
  log.info({ token: secrets.toolToken, deep: [JSON.stringify({ a: secrets.toolPassword })] }, secrets.llmKey);
  // And it was really met on the way out.
  for (const where of ['executions.get', 'executions.events', 'executions.stepValue', 'socket', 'log']) {
    const texts = out.filter((one) => one.where === where).map(({ text }) => text);
    expect(
      texts.some((text) => text.includes('[redacted]')),
      where,
    ).toBe(true);
  }
  const strayed = JSON.stringify(elsewhere.seen);
  expect(elsewhere.seen.length).toBeGreaterThan(0);

  for (const [name, value] of [...Object.entries(secrets), ['totp', secret] as const]) {
    expect(value.length, name).toBeGreaterThan(12);
    const forms = [...formsOf(value), Buffer.from(value).toString('hex')];
    for (const form of forms) {
      const found = out.filter(({ text }) => text.includes(form)).map(({ where }) => where);
      expect([...new Set(found)], `${name} as ${form}`).toEqual([]);
      expect(strayed.includes(form), `${name} elsewhere`).toBe(false);
    }
  }
}, 120_000);
