import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FakeGateway, startGateway } from '#server/features/credentials/gateway-fixture.ts';
import { edge, node } from '#server/features/executions/test-suspension.ts';
import { Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';
import { drawTalk } from '../chat/test-talk.ts';

const TOKEN = 'gateway-token-of-the-test';
let fake: FakeGateway;
let server: TestServer;
let bob: Caller;
let gateway: Caller;
let messages = 0;

beforeAll(async () => {
  fake = await startGateway();
  server = await startTestServer({
    PIPEWRIGHT_GATEWAY_URL: fake.url,
    PIPEWRIGHT_GATEWAY_ADMIN_TOKEN: fake.adminToken,
    PIPEWRIGHT_GATEWAY_TOKEN: TOKEN,
  });
  await server.setUp();
  bob = await server.addUser('bob');
  gateway = new Caller(server.base, TOKEN);
  await drawTalk(bob, 'bot');
  await bob.ok('workflows.create', { name: 'ask', slug: 'ask' });
  await bob.ok('workflows.changeGraph', {
    workflow_slug: 'ask',
    base_revision: 0,
    commands: [
      node('telegram', 'trigger_telegram'),
      node('sure', 'human_confirmation', { prompt: 'Pay the bill?' }),
      node('done', 'reply_chat', { message: 'Paid in chat {{ telegram.chat_id }}.' }),
      edge('telegram.text', 'sure.input'),
      edge('sure.approved', 'done.input'),
    ],
  });
});
afterAll(async () => {
  await server.close();
  await fake.close();
});

async function say(
  text: string,
  { slug = 'bot', node: trigger = 'chat', chat = '100' } = {},
): Promise<string> {
  messages += 1;
  const answer = await gateway.call('inbound.receive', {
    route: { workflow_slug: slug, trigger_node_id: trigger },
    credential_id: 'bot1',
    source: { protocol: 'telegram', chat_id: chat, message_id: `m${messages}`, from: { id: '77' } },
    text,
    timestamp: '2026-01-01T00:00:00Z',
  });
  return (answer.body as { execution_id: string }).execution_id;
}
const query = async <T>(sql: string, values: unknown[] = []): Promise<T[]> =>
  (await server.connection.pool.query(sql, values)).rows as T[];
const sentTo = (chat: string) => fake.sent.filter((one) => one['chat_id'] === chat);

it('sends the answer back to the chat, and keeps the conversation of sender and chat', async () => {
  const execution = await say('hello');
  await until(async () => sentTo('100').length === 1);
  expect(sentTo('100')).toEqual([{ credential_id: 'bot1', chat_id: '100', text: 'You said: hello' }]);
  const kept = await query<{ thread_id: string; role: string; text: string }>(
    `select t.thread_id, m.role, m.text from chat_messages m join chat_threads t on t.id = m.chat_thread_id
     where m.execution_id = $1 order by m.id`,
    [execution],
  );
  expect(kept.map(({ role, text }) => [role, text])).toEqual([
    ['user', 'hello'],
    ['assistant', 'You said: hello'],
  ]);
  expect(kept[0]?.thread_id).toMatch(/^\d+:100:\d+$/);
});

it('says that a run failed', async () => {
  await say('fail', { chat: '200' });
  await until(async () => sentTo('200').length === 1);
  expect(sentTo('200')[0]?.['text']).toBe(
    'Something went wrong, so there is no answer. Try again in a moment.',
  );
});

it('tries again while the gateway is away, and keeps the order of a chat', async () => {
  fake.isBroken = true;
  const first = await say('one', { chat: '300' });
  await until(
    async () =>
      (await query('select 1 from chat_deliveries where execution_id = $1 and attempts > 0', [first]))
        .length > 0,
  );
  const second = await say('two', { chat: '300' });
  await until(
    async () => (await query('select 1 from chat_deliveries where execution_id = $1', [second])).length > 0,
  );
  expect(sentTo('300')).toEqual([]);
  fake.isBroken = false;
  await until(async () => sentTo('300').length === 2, 20_000);
  expect(sentTo('300').map((one) => one['text'])).toEqual(['You said: one', 'You said: two']);
});

it('gives up what the gateway refuses for good, and says long answers in pieces', async () => {
  const refused = await say('hello', { chat: 'blocked' });
  await until(async () => {
    const rows = await query<{ status: string }>(
      'select status from chat_deliveries where execution_id = $1',
      [refused],
    );
    return rows[0]?.status === 'failed';
  });
  const words = 'word '.repeat(2000).trim();
  await say(words, { chat: '400' });
  await until(async () => sentTo('400').length === 3);
  const texts = sentTo('400').map((one) => String(one['text']));
  expect(texts.every((one) => one.length <= 4000)).toBe(true);
  expect(texts.join(' ')).toBe(`You said: ${words}`);
});

it('puts a question to the chat and goes on with the answer', async () => {
  await say('pay', { slug: 'ask', node: 'telegram', chat: '555' });
  await until(async () => sentTo('555').length === 1);
  const question = String(sentTo('555')[0]?.['text']);
  expect(question).toMatch(/^Pay the bill\?\n\nYes: \/confirm_[\da-f]{8}\nNo: \/cancel_/);
  const [command = ''] = /\/confirm_[\da-f]{8}/.exec(question) ?? [];
  await say(command, { slug: 'ask', node: 'telegram', chat: '555' });
  await until(async () => sentTo('555').length === 2);
  expect(sentTo('555')[1]?.['text']).toBe('Paid in chat 555.');
});
