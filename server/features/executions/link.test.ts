import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Caller, startTestServer, type TestServer, until } from '#server/http/test-server.ts';
import {
  approvalOf,
  drawQuestion,
  edge,
  type Mailbox,
  node,
  openMailbox,
  reaches,
  start,
} from './test-suspension.ts';

let server: TestServer;
let ada: Caller;
let mailbox: Mailbox;
beforeAll(async () => {
  mailbox = await openMailbox();
  server = await startTestServer({ PIPEWRIGHT_EGRESS_ALLOW: mailbox.host });
  ada = await server.setUp();
});
afterAll(async () => {
  await server.close();
  mailbox.close();
});
beforeEach(() => {
  mailbox.posted.length = 0;
});

const page = (path: string) => server.nobody.send('GET', path, undefined, { accept: 'text/html' });
const pathOf = (url: string) => new URL(url).pathname;
const form = { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', origin: 'null' };

describe('links', () => {
  const links = () => {
    const sent = (mailbox.posted[0]?.['links'] ?? []) as { holder: string; url: string }[];
    return sent.map((one) => pathOf(one.url));
  };

  test('opening one never decides, its buttons do, once', async () => {
    await drawQuestion(ada, 'linked', { notify_url: mailbox.url, approvers: 'grace@example.com' });
    const execution_id = await start(ada, 'linked');
    await reaches(ada, execution_id, 'interrupted');
    expect(mailbox.posted[0]).toMatchObject({ prompt: 'Pay 5?', links: [{ holder: 'grace@example.com' }] });
    const [link = ''] = links();
    for (const method of ['GET', 'HEAD', 'GET']) {
      const shown = await server.nobody.send(method, link, undefined, { accept: 'text/html' });
      expect(shown.status).toBe(200);
      expect(shown.headers.get('cache-control')).toBe('no-store');
      expect(shown.headers.get('content-security-policy')).toContain("form-action 'self'");
    }
    expect((await page(link)).body).toContain('Pay 5?');
    expect(await approvalOf(ada, execution_id)).toMatchObject({ state: 'open' });
    expect((await server.nobody.send('POST', link, 'decision=perhaps', form)).status).toBe(400);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        server.nobody.send('POST', link, 'decision=approve&response=ok+then', form),
      ),
    );
    expect(answers.map((one) => one.status).toSorted((a, b) => a - b)).toEqual([200, 409, 409, 409, 409]);
    const done = await reaches(ada, execution_id, 'completed');
    expect(done.logs.find((log) => log.node_id === 'ask')?.output).toMatchObject({
      confirmed: true,
      user_response: 'ok then',
      decided_by: 'grace@example.com',
    });
    const after = await page(link);
    expect(after.status).toBe(409);
    expect(after.body).toContain('used already');
  });

  test('what people wrote cannot become part of the page', async () => {
    await drawQuestion(ada, 'evil', { notify_url: mailbox.url, prompt: '<script>alert(1)</script>' });
    const execution_id = await start(ada, 'evil');
    await reaches(ada, execution_id, 'interrupted');
    const { body } = await page(links()[0] ?? '');
    expect(body).not.toContain('<script');
    expect(body).toContain('&lt;script&gt;');
    await ada.ok('executions.cancel', { execution_id });
    const after = await page(links()[0] ?? '');
    expect(after).toMatchObject({ status: 409, body: expect.stringContaining('The run has ended') });
  });

  test('two approvals take two links; a made-up one leads nowhere', async () => {
    await drawQuestion(ada, 'pair', { notify_url: mailbox.url, needed: 2 });
    const execution_id = await start(ada, 'pair');
    await reaches(ada, execution_id, 'interrupted');
    const [first = '', second = ''] = links();
    expect((await server.nobody.send('POST', first, 'decision=approve', form)).status).toBe(200);
    expect(await approvalOf(ada, execution_id)).toMatchObject({ state: 'open', given: 1 });
    expect((await server.nobody.send('POST', `${first}x`, 'decision=approve', form)).status).toBe(404);
    expect((await page(`/approve/${'a'.repeat(43)}`)).status).toBe(404);
    expect((await server.nobody.send('POST', second, 'decision=approve', form)).status).toBe(200);
    await reaches(ada, execution_id, 'completed');
  });
});

describe('waiting for a call', () => {
  async function drawWait(slug: string, config: object) {
    await ada.ok('workflows.create', { name: slug, slug });
    await ada.ok('workflows.changeGraph', {
      workflow_slug: slug,
      base_revision: 0,
      commands: [
        node('start', 'trigger_manual'),
        node('pause', 'wait', { mode: 'call', notify_url: mailbox.url, ...config }),
        edge('start.payload', 'pause.input'),
      ],
    });
  }
  const address = () => pathOf(String(mailbox.posted[0]?.['resume_url']));

  test('the run goes on with the first call and hands on what it brought', async () => {
    await drawWait('call', {});
    const execution_id = await start(ada, 'call');
    await until(async () => mailbox.posted.length > 0);
    await reaches(ada, execution_id, 'running');
    expect(await page(address())).toMatchObject({
      status: 200,
      body: expect.stringContaining('Let it go on'),
    });
    const calls = await Promise.all(
      Array.from({ length: 5 }, (_, n) => server.nobody.send('POST', `${address()}?a=1`, { n })),
    );
    expect(calls.map((one) => one.status).toSorted((a, b) => a - b)).toEqual([200, 409, 409, 409, 409]);
    const n = calls.findIndex((one) => one.status === 200);
    const done = await reaches(ada, execution_id, 'completed');
    expect(done.final_output?.node_outputs['pause']).toMatchObject({
      output: { amount: 5 },
      call: { method: 'POST', query: { a: '1' }, body: { n } },
    });
    expect((await page(address())).status).toBe(409);
    expect((await server.nobody.send('POST', `/resume/${'a'.repeat(43)}`, {})).status).toBe(404);
  });

  test('or leaves by Timeout when none came', async () => {
    await drawWait('late', { timeout: 0.2, timeout_unit: 'seconds' });
    const execution_id = await start(ada, 'late');
    const done = await reaches(ada, execution_id, 'completed');
    expect(done.final_output?.node_outputs['pause']).toEqual({ timeout: { text: '', amount: 5 } });
    expect(await server.nobody.send('POST', address(), {})).toMatchObject({ status: 409 });
  });
});
