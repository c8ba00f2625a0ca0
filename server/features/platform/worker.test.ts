import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '#server/config.ts';
import { connect } from '#server/db/connection.ts';
import { createTestDatabase } from '#server/db/template-database.ts';
import { issueLoginKey } from '#server/features/accounts/credential.ts';
import { createAccount } from '#server/features/accounts/setup.ts';
import { Caller, until } from '#server/http/test-server.ts';
import { type ScriptedProvider, startScriptedProvider } from '#server/model/provider-fixture.ts';
import { type Running, startPipewright } from '#server/start.ts';

let llm: ScriptedProvider;
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let front: Running;
let worker: Running;
let bob: Caller;

const start = (role: 'server' | 'worker'): Promise<Running> =>
  startPipewright({
    config: loadConfig(
      {
        HOST: '127.0.0.1',
        PORT: '0',
        DATABASE_URL: database.url,
        PIPEWRIGHT_SECRET_KEY: 'x'.repeat(40),
        PIPEWRIGHT_EGRESS_ALLOW: llm.host,
      },
      [`--role=${role}`],
    ),
    log: pino({ level: 'silent' }),
    screens: false,
  });

beforeAll(async () => {
  llm = await startScriptedProvider();
  database = await createTestDatabase();
  front = await start('server');
  worker = await start('worker');
  const { db, close } = connect(database.url, 1);
  const account = { username: 'bob', password_hash: '', role: 'normal' } as const;
  const { userId } = await db.transaction().execute((trx) => createAccount(trx, account));
  bob = new Caller(`http://127.0.0.1:${front.port}`, await issueLoginKey(db, userId));
  await close();
});
afterAll(async () => {
  await Promise.all([front.stop({ graceMs: 500 }), worker.stop({ graceMs: 500 })]);
  await database.drop();
  await llm.close();
});

test('a process that answers no requests calls the API for its runs all the same', async () => {
  const { id } = await bob.ok<{ id: number }>('credentials.create', {
    name: 'Model',
    credential_type: 'llm',
    detail: { provider_type: 'openai_compatible', base_url: llm.openai, api_key: 'sk-scripted' },
  });
  const { slug } = await bob.ok<{ slug: string }>('workflows.fromDsl', {
    yaml_str: `name: Far
trigger: manual
model: {credential_id: ${id}, model_name: m}
steps: [{type: agent, id: bot, tools: [whoami]}]`,
  });
  llm.script({ toolCalls: [{ name: 'whoami', args: {} }] }, { text: 'Done.' });
  const started = await bob.ok<{ execution_id: string }>('workflows.execute', {
    workflow_slug: slug,
    text: 'Go.',
  });
  const run = await until(async () => {
    const one = await bob.ok<{ status: string }>('executions.get', { execution_id: started.execution_id });
    return ['completed', 'failed'].includes(one.status) && one;
  }, 20_000);
  expect(run.status).toBe('completed');
  const told = llm.requests.at(-1)?.body.messages.find(({ role }) => role === 'tool');
  expect(String(told?.content)).toContain(`"workflow_slug":"${slug}"`);
});
