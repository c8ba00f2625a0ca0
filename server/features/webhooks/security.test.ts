import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { inDatabase } from '#server/db/database-url.ts';
import { type Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';
import { sign } from './caller.ts';

let server: TestServer;
let bob: Caller;
let mallory: Caller;
beforeAll(async () => {
  server = await startTestServer();
  bob = await server.addUser('bob');
  mallory = await server.addUser('mallory');
});
afterAll(() => server.close());

interface Hook {
  readonly slug: string;
  readonly address: string;
  readonly secret: string;
}
const at = (slug: string) => ({ workflow_slug: slug, node: 'hook' });

/** A workflow behind a webhook with this config; `secret` is empty where `withSecret` is false. */
async function hook(slug: string, config: object, withSecret = true): Promise<Hook> {
  await bob.ok('workflows.create', { name: slug, slug });
  const node = (id: string, type: string, settings: object) => ({
    kind: 'add_node',
    node: { id, type, label: null, x: 0, y: 0, config: settings, settings: DEFAULT_SETTINGS },
  });
  const edge = {
    id: 1,
    source: 'hook',
    sourcePort: 'payload',
    target: 'say',
    targetPort: 'input',
    priority: 0,
  };
  const { webhooks } = await bob.ok<{ webhooks: Record<string, string> }>('workflows.changeGraph', {
    workflow_slug: slug,
    base_revision: 0,
    commands: [
      node('hook', 'trigger_webhook', { methods: ['POST', 'GET'], ...config }),
      node('say', 'reply', { body: '{{ trigger.body }}' }),
      { kind: 'add_edge', edge },
    ],
  });
  const secret = withSecret
    ? (await bob.ok<{ secret: string }>('webhooks.renewSecret', at(slug))).secret
    : '';
  return { slug, address: webhooks['hook'] ?? '', secret };
}

const now = () => Math.floor(Date.now() / 1000);
const signature = (secret: string, body: string, time = now()) =>
  `t=${time},v1=${sign(secret, time, Buffer.from(body))}`;
const post = (address: string, body: string, headers: Record<string, string> = {}) =>
  server.nobody.send('POST', address, body, { 'content-type': 'application/json', ...headers });
const runs = async (slug: string) =>
  (await bob.ok<{ total: number }>('executions.list', { workflow_slug: slug, limit: 0 })).total;
const idOf = (answer: { body: unknown }) => (answer.body as { execution_id: string }).execution_id;

describe('a signed webhook', () => {
  test('takes what is signed, and nothing else', async () => {
    const { slug, address, secret } = await hook('signed', { auth: 'hmac' });
    const body = '{"a": 1}';
    const good = signature(secret, body);
    expect((await post(address, body, { 'x-signature': good })).status).toBe(202);
    const [time = '', mac = ''] = good.split(',');
    for (const bad of [
      '',
      mac,
      time,
      good.slice(0, -1),
      `${time},${mac}0`,
      `${time},v1=`,
      `${time},v0=${mac.slice(3)}`,
      `${time},v1=${mac.slice(3).replace(/^./, (one) => (one === '0' ? '1' : '0'))}`,
      `t=${now() + 1},${mac}`,
      `t=0${time.slice(2)},${mac}`,
      signature(secret, body, now() - 301),
      signature(secret, body, now() + 302),
      signature('another secret altogether', body),
      `t=-1,${mac}`,
      `t=NaN,${mac}`,
      'x'.repeat(5000),
    ]) {
      const answer = await post(address, body, bad === '' ? {} : { 'x-signature': bad });
      expect(answer.status, bad).toBe(401);
    }
    expect((await post(address, `${body} `, { 'x-signature': good })).status).toBe(401);
    expect((await server.nobody.send('GET', address)).status).toBe(401);
    expect(await runs(slug)).toBe(1);
    // Within the tolerance, with a second signature of a secret that is being changed.
    const older = signature(secret, body, now() - 200);
    expect((await post(address, body, { 'x-signature': `${older},v1=${'0'.repeat(64)}` })).status).toBe(202);
    const empty = await server.nobody.send('GET', address, undefined, {
      'x-signature': signature(secret, ''),
    });
    expect(empty.status).toBe(202);
  });

  test('gives a request that comes again the first one’s run', async () => {
    const { slug, address, secret } = await hook('replayed', { auth: 'hmac' });
    const body = '{"n": 1}';
    const headers = { 'x-signature': signature(secret, body) };
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(address, body, headers)));
    const ids = new Set(answers.map(idOf));
    expect(answers.map((one) => one.status)).toEqual(Array.from({ length: 8 }, () => 202));
    expect(ids.size).toBe(1);
    // Whoever replays it can change everything that is not signed.
    const disguises = [{ 'user-agent': 'other' }, { 'x-delivery-id': 'd-9' }, { 'idempotency-key': 'k' }];
    for (const disguise of disguises) {
      const again = await post(address, body, { ...headers, ...disguise });
      expect(again.status).toBe(202);
      expect(ids.has(idOf(again))).toBe(true);
    }
    expect(await runs(slug)).toBe(1);
  });

  test('knows a delivery by its name under a new signature', async () => {
    const { slug, address, secret } = await hook('delivered', { auth: 'hmac' });
    // One clock for the whole test: the replay below is the very signature of the first, whatever second it is by then.
    const started = now();
    const send = (body: string, id: string, age: number) =>
      post(address, body, { 'x-signature': signature(secret, body, started - age), 'x-delivery-id': id });
    const first = await send('{"n":1}', 'd-1', 20);
    const again = await Promise.all([10, 9, 8, 7].map((age) => send('{"n":1}', 'd-1', age)));
    expect(new Set([first, ...again].map(idOf)).size).toBe(1);
    // The name of one that is still to come cannot be taken by replaying an old one.
    const old = await send('{"n":1}', 'd-2', 20);
    expect(idOf(old)).toBe(idOf(first));
    expect(idOf(await send('{"n":2}', 'd-2', 0))).not.toBe(idOf(first));
    expect(await runs(slug)).toBe(2);
  });

  test('that waits for its run answers a repetition with the run’s id', async () => {
    const { address, secret } = await hook('waits', { auth: 'hmac', respond: 'when_finished' });
    const headers = { 'x-signature': signature(secret, '[1]') };
    expect((await post(address, '[1]', headers)).body).toEqual([1]);
    const again = await post(address, '[1]', { ...headers, 'user-agent': 'retry' });
    expect(again).toMatchObject({ status: 200, body: { execution_id: expect.any(String) as string } });
  });
});

test.each(['hmac', 'bearer', 'basic'])('without a secret, %s lets nobody in', async (auth) => {
  const { slug, address } = await hook(`closed-${auth}`, { auth }, false);
  const absent = await post('/webhooks/nothing-here-nothing-here', '{}');
  const answer = await post(address, '{}', {
    'x-signature': signature('', '{}'),
    authorization: auth === 'basic' ? `Basic ${Buffer.from('webhook:').toString('base64')}` : 'Bearer ',
  });
  expect(answer.status).toBe(404);
  expect(answer.body).toEqual(absent.body);
  expect(await bob.ok('webhooks.secret', at(slug))).toEqual({ has_secret: false, changed_at: null });
  await bob.ok('workflows.update', { workflow_slug: slug, is_active: false });
  const refused = await bob.call('workflows.update', { workflow_slug: slug, is_active: true });
  expect(refused.status).toBe(409);
  await bob.ok('webhooks.renewSecret', at(slug));
  await bob.ok('workflows.update', { workflow_slug: slug, is_active: true });
});

test('bearer and basic secrets', async () => {
  const bearer = await hook('bearer', { auth: 'bearer' });
  const basic = await hook('basic', { auth: 'basic', basic_user: 'shop' });
  const pair = (user: string, secret: string) =>
    `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;
  for (const [address, authorization, status] of [
    [bearer.address, `Bearer ${bearer.secret}`, 202],
    [bearer.address, `bearer ${bearer.secret}`, 202],
    [bearer.address, `Bearer ${bearer.secret}x`, 401],
    [bearer.address, bearer.secret, 401],
    [bearer.address, pair('webhook', bearer.secret), 401],
    [basic.address, pair('shop', basic.secret), 202],
    [basic.address, pair('webhook', basic.secret), 401],
    [basic.address, pair('shop', bearer.secret), 401],
    [basic.address, `Bearer ${basic.secret}`, 401],
  ] as const) {
    expect((await post(address, '{}', { authorization })).status, authorization).toBe(status);
  }
});

test('a secret is shown once, sealed, replaced at once and its making recorded', async () => {
  const { slug, address, secret } = await hook('kept', { auth: 'bearer' });
  const rows = await inDatabase(server.databaseUrl, (client) =>
    client.query<{ sealed: Buffer; audit: string }>(
      `select sealed, (select string_agg(e::text, ' ') from audit_events e where action = 'webhook_secret_changed') as audit
       from webhooks where token = $1`,
      [address.slice('/webhooks/'.length)],
    ),
  );
  expect(rows.rows[0]?.sealed.includes(secret)).toBe(false);
  expect(rows.rows[0]?.audit).toContain('kept/hook');
  expect(rows.rows[0]?.audit).not.toContain(secret);
  const state = await bob.call('webhooks.secret', at(slug));
  expect(JSON.stringify(state.body)).not.toContain(secret);
  const own = 'a secret of my own choice';
  const next = await bob.ok<{ secret: string }>('webhooks.renewSecret', { ...at(slug), secret: own });
  expect(next.secret).toBe(own);
  expect((await post(address, '{}', { authorization: `Bearer ${secret}` })).status).toBe(401);
  expect((await post(address, '{}', { authorization: `Bearer ${own}` })).status).toBe(202);
  expect((await bob.call('webhooks.renewSecret', { ...at(slug), secret: 'short' })).status).toBe(422);
  const exported = await bob.call('workflows.export', { workflow_slug: slug });
  expect(JSON.stringify(exported.body)).not.toContain(own);
});

test('somebody else’s webhooks are not there, and other nodes have no secret', async () => {
  const { slug } = await hook('private', { auth: 'hmac' });
  for (const name of ['webhooks.secret', 'webhooks.renewSecret']) {
    const foreign = await mallory.call(name, at(slug));
    const absent = await mallory.call(name, at('no-such-workflow'));
    expect(foreign.status).toBe(404);
    expect(foreign.body).toEqual(absent.body);
    expect((await bob.call(name, { workflow_slug: slug, node: 'gone' })).status).toBe(404);
    expect((await bob.call(name, { workflow_slug: slug, node: 'say' })).status).toBe(400);
  }
});

describe('limits', () => {
  test('requests a minute, by address; strangers do not use them up', async () => {
    const open = await hook('limited', { rate_limit: 3 }, false);
    const answers = [];
    for (let n = 0; n < 5; n += 1) answers.push(await post(open.address, '{}'));
    expect(answers.map((one) => one.status)).toEqual([202, 202, 202, 429, 429]);
    expect(Number(answers[4]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answers[4]?.body).toMatchObject({ code: 'too_many' });
    const kept = await hook('limited-bearer', { auth: 'bearer', rate_limit: 2 });
    for (let n = 0; n < 10; n += 1) expect((await post(kept.address, '{}')).status).toBe(401);
    const authorization = `Bearer ${kept.secret}`;
    const own = [];
    for (let n = 0; n < 3; n += 1) own.push((await post(kept.address, '{}', { authorization })).status);
    expect(own).toEqual([202, 202, 429]);
  });

  test('a body of 1 MiB, uncompressed', async () => {
    const { address } = await hook('sized', {}, false);
    expect((await post(address, JSON.stringify('x'.repeat(1024 * 1024)))).status).toBe(413);
    expect((await post(address, '{}', { 'content-encoding': 'gzip' })).status).toBe(415);
    expect((await post(address, '{}', { 'content-encoding': 'identity' })).status).toBe(202);
  });
});

test('a webhook without a check is warned about, one with a check is not', async () => {
  for (const [slug, auth, codes] of [
    ['warned', 'none', ['caution']],
    ['calm', 'hmac', []],
  ] as const) {
    await hook(slug, { auth }, false);
    const { valid, problems } = await bob.ok<{ valid: boolean; problems: { code: string; level: string }[] }>(
      'workflows.validate',
      { workflow_slug: slug },
    );
    expect(valid).toBe(true);
    expect(problems.map((one) => one.code)).toEqual(codes);
    expect(problems.every((one) => one.level === 'warning')).toBe(true);
  }
});
