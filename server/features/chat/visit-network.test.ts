import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, type Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';
import { drawTalk, type Sent } from './test-talk.ts';

// Tokens of visits are free: what one network may use of a page is counted by where requests come from.

let server: TestServer;
let bob: Caller;
let page_id: string;
const workflow_slug = 'shop';

beforeAll(async () => {
  server = await startTestServer({ PIPEWRIGHT_TRUST_PROXY: '127.0.0.1' });
  await server.setUp();
  bob = await server.addUser('bob');
  await drawTalk(bob, workflow_slug);
});
afterAll(() => server.close());

const save = async (wish: object = {}): Promise<void> => {
  const settings = { workflow_slug, enabled: true, visitor_per_minute: 100, page_per_minute: 4, ...wish };
  ({ page_id } = await bob.ok<{ page_id: string }>('chat.savePage', { ...settings, renew_address: true }));
};
beforeEach(async () => {
  await server.connection.pool.query('delete from chat_visits');
  await save();
});

const from = (address: string, more: Record<string, string> = {}) => ({
  'x-forwarded-for': address,
  ...more,
});
const open = (address: string, more: Record<string, string> = {}): Promise<Answer> =>
  server.nobody.send('POST', `/api/v1/chat/${page_id}/session/`, { mode: 'token' }, from(address, more));
/** Says something as somebody who has never been here. */
async function say(address: string, text = 'x'): Promise<Answer> {
  const { token } = (await open(address)).body as { token: string };
  const path = `/api/v1/chat/${page_id}/messages/`;
  return server.nobody.send('POST', path, { text }, from(address, { authorization: `Bearer ${token}` }));
}

function expectRefused(answer: Answer, words: RegExp): void {
  expect(answer).toMatchObject({
    status: 429,
    body: { code: 'too_many', detail: expect.stringMatching(words) },
  });
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
}

describe('the minute of a page', () => {
  it('is not one stranger’s, however many visits they take', async () => {
    for (const address of ['203.0.113.7', '203.0.113.7']) expect((await say(address)).status).toBe(200);
    expectRefused(await say('203.0.113.7'), /^Your network is writing too fast\. Wait a moment/);
    expect((await say('198.51.100.1')).status).toBe(200);
    expect((await say('198.51.100.2')).status).toBe(200);
    expectRefused(await say('198.51.100.3'), /^Too many people are writing just now\./);
  });

  it('takes the addresses of one IPv6 network for one', async () => {
    expect((await say('2001:db8:1:2::1')).status).toBe(200);
    expect((await say('2001:db8:1:2:ffff::9')).status).toBe(200);
    expectRefused(await say('2001:db8:1:2:abcd::5'), /^Your network/);
    expect((await say('2001:db8:1:3::1')).status).toBe(200);
  });

  it('is shared out as the page says, and never believes what callers write themselves', async () => {
    await save({ network_percent: 25 });
    expect((await say('203.0.113.7')).status).toBe(200);
    // A trusted proxy appends where the request came from.
    expectRefused(await say('198.51.100.99, 203.0.113.7'), /^Your network/);
    await save({ network_percent: 100, page_per_minute: 20 });
    for (let n = 0; n < 6; n += 1) expect((await say('203.0.113.8')).status).toBe(200);
  });

  it('counts requests that come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => say('203.0.113.7')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
    expect((await say('198.51.100.1')).status).toBe(200);
  });
});

it('leaves the rest of the day to others', async () => {
  const first = await say('203.0.113.7');
  const { execution_id } = first.body as Sent;
  await server.connection.pool.query(
    `insert into llm_calls (environment_id, workflow_id, execution_id, root_id, node_id, trigger_kind, provider,
       model, status, input_tokens, output_tokens, cost_usd, expires_at)
     select environment_id, id, $1, $1, 'agent', 'chat', 'openai', 'm', 'ok', 500, 0, 0.25, now()
     from workflows where slug = 'shop'`,
    [execution_id],
  );
  const limits = { page_per_minute: 100, daily_tokens: 1000, daily_usd: 10 };
  await save(limits);
  expectRefused(
    await say('203.0.113.7'),
    /answered your network as much as it may today\. Come back tomorrow\.$/,
  );
  expect((await say('198.51.100.1')).status).toBe(200);
  await save({ ...limits, daily_tokens: 0, daily_usd: 0.4 });
  expectRefused(await say('198.51.100.1'), /^This chat has answered as much/);
  await save({ ...limits, daily_tokens: 5000, daily_usd: 0.4 });
  expectRefused(await say('203.0.113.7'), /your network/);
  await save({ ...limits, daily_tokens: 5000, daily_usd: 0.4, network_percent: 80 });
  expect((await say('203.0.113.7')).status).toBe(200);
});

it('holds back whoever takes visit after visit, and nobody who comes back or comes from elsewhere', async () => {
  const known = ((await open('203.0.113.7')).body as { token: string }).token;
  const opened: Answer[] = [];
  for (let n = 0; n < 12; n += 1) opened.push(await open('203.0.113.7'));
  const refused = opened.filter(({ status }) => status !== 200);
  expect(opened.length - refused.length).toBeLessThanOrEqual(10);
  for (const answer of refused) expectRefused(answer, /^Too many people from your network/);
  expect(refused.length).toBeGreaterThan(0);
  expect((await open('198.51.100.1')).status).toBe(200);
  expect((await open('203.0.113.7', { authorization: `Bearer ${known}` })).status).toBe(200);
});

it('keeps no address', async () => {
  await say('203.0.113.7');
  const { rows } = await server.connection.pool.query(
    'select row_to_json(v)::text as row from chat_visits v',
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]?.row).not.toContain('203.0.113');
});

it.each([0, 101, 1.5, 'half', null])('takes no share of %j', async (network_percent) => {
  const answer = await bob.call('chat.savePage', { workflow_slug, network_percent });
  expect(answer).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'network_percent'] }] } });
});
