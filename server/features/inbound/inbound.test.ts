import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { edge, node } from '#server/features/executions/test-suspension.ts';
import { Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';

const TOKEN = 'gateway-token-of-the-test';
let server: TestServer;
let bob: Caller;
let gateway: Caller;
let slug: string;
let count = 0;

beforeAll(async () => {
  server = await startTestServer({
    PIPEWRIGHT_GATEWAY_URL: 'http://127.0.0.1:9',
    PIPEWRIGHT_GATEWAY_ADMIN_TOKEN: 'admin-token-of-the-test',
    PIPEWRIGHT_GATEWAY_TOKEN: TOKEN,
  });
  await server.setUp();
  bob = await server.addUser('bob');
  gateway = new Caller(server.base, TOKEN);
});
afterAll(() => server.close());
beforeEach(async () => {
  count += 1;
  slug = `inbound-${count}`;
  await bob.ok('workflows.create', { name: slug, slug });
  await bob.ok('workflows.changeGraph', {
    workflow_slug: slug,
    base_revision: 0,
    commands: [
      node('start', 'trigger_manual'),
      node('ask', 'human_confirmation', { prompt: 'Pay?' }),
      node('plain', 'trigger_manual'),
      node('other', 'set', { mode: 'text', text: 'x' }),
      edge('start.payload', 'ask.input'),
    ],
  });
});

interface Sent {
  text?: string;
  node?: string;
  message?: string;
  chat?: string;
  credential?: string;
  from?: unknown;
  more?: Record<string, unknown>;
}
const send = ({ text = 'hello', node: trigger = 'plain', message = '', ...rest }: Sent = {}) =>
  gateway.call('inbound.receive', {
    route: { workflow_slug: slug, trigger_node_id: trigger },
    credential_id: rest.credential ?? 'bot',
    source: {
      protocol: 'telegram',
      chat_id: rest.chat ?? 'chat1',
      message_id: message,
      ...('from' in rest ? { from: rest.from } : { from: { id: '77', display_name: 'Grace' } }),
    },
    text,
    timestamp: '2026-01-01T00:00:00Z',
    ...rest.more,
  });
const run = async (sent: Sent = {}): Promise<string> => {
  const answer = await send(sent);
  expect(answer).toMatchObject({ status: 202, body: { status: 'pending' } });
  return (answer.body as { execution_id: string }).execution_id;
};
const detail = (execution_id: string) =>
  bob.ok<{ trigger_payload: Record<string, unknown>; trigger_kind: string; status: string }>(
    'executions.get',
    {
      execution_id,
    },
  );
const query = (sql: string, values: unknown[] = []) => server.connection.pool.query(sql, values);

it('takes messages of a credential to workflows of its own environment only', async () => {
  const owned = async (credential: string, username: string) => {
    await query(
      `insert into credentials (environment_id, owner_id, name, type, public_detail)
       select m.environment_id, u.id, $1, 'gateway', jsonb_build_object('gateway_credential_id', $1::text)
       from users u join memberships m on m.user_id = u.id where u.username = $2`,
      [credential, username],
    );
    return send({ credential });
  };
  await server.addUser('mallory');
  expect(await owned('bot-of-mallory', 'mallory')).toMatchObject({
    status: 404,
    body: { detail: 'Workflow not found' },
  });
  expect((await owned('bot-of-bob', 'bob')).status).toBe(202);
});

it('starts a run with the message', async () => {
  const id = await run({
    message: 'm1',
    more: {
      attachments: [
        { filename: 'a.pdf', mime_type: 'application/pdf', size_bytes: 3, download_url: 'https://x/a' },
        { filename: 'b.txt', mime_type: 'text/plain' },
      ],
      extra_data: { any: 1 },
    },
  });
  const { trigger_payload, trigger_kind } = await detail(id);
  const { rows } = await query("select id, first_name from users where username = 'gw_77'");
  expect(rows).toEqual([{ id: expect.any(Number), first_name: 'Grace' }]);
  expect(trigger_kind).toBe('gateway');
  expect(trigger_payload).toEqual({
    text: 'hello\n[Attached file: a.pdf (application/pdf)]\n[Attached file: b.txt (text/plain)]',
    chat_id: 'chat1',
    message_id: 'm1',
    credential_id: 'bot',
    user_id: rows[0]?.id,
    files: [
      { filename: 'a.pdf', mime_type: 'application/pdf', size_bytes: 3, url: 'https://x/a' },
      { filename: 'b.txt', mime_type: 'text/plain', size_bytes: 0, url: '' },
    ],
  });
});

it('starts one run for one message, however often it comes', async () => {
  const first = await run({ message: 'm2' });
  expect(await Promise.all([run({ message: 'm2' }), run({ message: 'm2', text: 'edited' })])).toEqual([
    first,
    first,
  ]);
  const others = [
    { message: 'm3' },
    { message: 'm2', chat: 'chat2' },
    { message: 'm2', credential: 'bot2' },
    {},
    {},
  ];
  const ids = await Promise.all(others.map(run));
  expect(new Set([first, ...ids]).size).toBe(6);
});

it('knows a sender again, and keeps senders of other protocols and without a name apart', async () => {
  const userOf = async (sent: Sent) => (await detail(await run(sent))).trigger_payload['user_id'];
  const grace = { id: 'g1', username: 'bob' };
  const [one, two] = await Promise.all([userOf({ from: grace }), userOf({ from: grace })]);
  expect(two).toBe(one);
  const elsewhere = { source: { protocol: 'matrix', chat_id: 'c', from: grace } };
  expect(await userOf({ more: elsewhere })).not.toBe(one);
  const nobody = await userOf({ from: null });
  const { rows } = await query('select username from users where id = any($1) order by id', [[one, nobody]]);
  expect(rows.map((row) => row.username)).toEqual(['gw_g1', 'gateway_anonymous']);
  expect(await userOf({ from: null })).toBe(nobody);
  expect(await server.nobody.call('auth.token', { username: 'gw_g1', password: '' })).toMatchObject({
    status: 401,
  });
});

/** A run that waits, and the id its question can be answered by. */
async function asked(): Promise<{ execution: string; id: string }> {
  const execution = await run({ node: 'start' });
  const row = await until(async () => {
    const { rows } = await query(
      'select p.id from pending_confirmations p join approvals a on a.id = p.approval_id where a.execution_id = $1',
      [execution],
    );
    return rows[0] as { id: string } | undefined;
  });
  expect(row.id).toMatch(/^[\da-f]{8}$/);
  await until(async () => (await detail(execution)).status === 'interrupted');
  return { execution, id: row.id };
}
const say = async (text: string, more: Sent = {}) => {
  const answer = await send({ text, ...more });
  return [answer.status, answer.body];
};

it('answers a question from the chat it was put in, once', async () => {
  const { execution, id } = await asked();
  const not_found = [200, { status: 'not_found', task_id: id }];
  expect(await say(`/confirm_${id}`, { chat: 'chat2' })).toEqual(not_found);
  expect(await say(`/confirm_${id}`, { credential: 'bot2' })).toEqual(not_found);
  expect(await say(`/confirm_${id}`)).toEqual([200, { status: 'confirmed', task_id: id }]);
  await until(async () => (await detail(execution)).status === 'completed');
  expect(await say(`/confirm_${id}`)).toEqual([200, { status: 'confirmed', task_id: id }]);
  expect(await say(`/cancel_${id}`)).toEqual(not_found);
  const { rows } = await query('select decision from approvals where execution_id = $1', [execution]);
  expect(rows[0]?.decision).toEqual({ confirmed: true, response: 'confirm', decided_by: 'gw_77' });
});

it('rejects a question, and says which ones are over or unknown', async () => {
  const [one, two] = [await asked(), await asked()];
  expect(await say(`/cancel_${one.id}`)).toEqual([200, { status: 'cancelled', task_id: one.id }]);
  await query("update pending_confirmations set expires_at = now() - interval '1 second' where id = $1", [
    two.id,
  ]);
  expect(await say(`/confirm_${two.id}`)).toEqual([200, { status: 'expired', task_id: two.id }]);
  expect(await say('/confirm_00000000')).toEqual([200, { status: 'not_found', task_id: '00000000' }]);
  expect((await say(`please /confirm_${two.id}`))[0]).toBe(202);
});

it('makes no question of a run that no message started answerable by one', async () => {
  const { execution_id } = await bob.ok<{ execution_id: string }>('workflows.execute', {
    workflow_slug: slug,
    trigger_node_id: 'start',
  });
  await until(async () => (await detail(execution_id)).status === 'interrupted');
  const { rows } = await query(
    'select 1 from pending_confirmations p join approvals a on a.id = p.approval_id where a.execution_id = $1',
    [execution_id],
  );
  expect(rows).toEqual([]);
});

it('says what is wrong with a route', async () => {
  const routed = (route: unknown) => send({ more: { route } });
  const incomplete = {
    status: 422,
    body: { detail: 'route must contain workflow_slug and trigger_node_id' },
  };
  for (const route of [
    {},
    { workflow_slug: slug },
    { trigger_node_id: 'start' },
    { workflow_slug: 1, trigger_node_id: '' },
  ]) {
    expect(await routed(route)).toMatchObject(incomplete);
  }
  expect(await routed({ workflow_slug: 'nowhere', trigger_node_id: 'start' })).toMatchObject({
    status: 404,
    body: { detail: 'Workflow not found' },
  });
  for (const trigger of ['nothing', 'other']) {
    expect(await send({ node: trigger })).toMatchObject({
      status: 404,
      body: { detail: 'Trigger node not found' },
    });
  }
  await bob.ok('workflows.update', { workflow_slug: slug, is_active: false });
  expect(await send()).toMatchObject({ status: 422, body: { detail: 'Workflow is inactive' } });
});

it('lets only the gateway in', async () => {
  const body = { route: {} };
  const refused = { status: 401, body: { detail: 'Invalid gateway token' } };
  for (const who of [server.nobody, bob, new Caller(server.base, 'x'.repeat(24))]) {
    expect(await who.call('inbound.receive', body)).toMatchObject(refused);
  }
  expect((await gateway.call('workflows.list')).status).toBe(401);
});

it.each([
  { route: undefined },
  { route: 'x' },
  { credential_id: 1 },
  { source: {} },
  { source: { protocol: 'p', chat_id: 'c', from: {} } },
  { text: null },
  { text: 'a\u0000' },
  { attachments: [{}] },
  { timestamp: 5 },
])('refuses %j', async (more) => {
  const [field] = Object.keys(more);
  const answer = await send({ more });
  expect(answer.status).toBe(422);
  const { detail: problems } = answer.body as { detail: { loc: unknown[] }[] };
  expect(problems.length).toBeGreaterThan(0);
  for (const { loc } of problems) expect(loc.slice(0, 2)).toEqual(['body', field]);
});
