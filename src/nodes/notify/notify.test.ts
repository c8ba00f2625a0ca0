import { describe, expect, it } from 'vitest';
import type { HttpRequest, MailMessage } from '#domain/node/executor.ts';
import { runStep } from '#domain/run/flow-fixture.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const form = {
  to: 'ada@example.com, Bob <bob@example.com>,',
  cc: ['eve@example.com'],
  from: 'bot@example.com',
  subject: 'Hello',
  message: 'Text',
  smtp_host: 'smtp.example.com',
};

function step(
  config: Record<string, unknown>,
  { message, status = 204 }: { message?: unknown; status?: number } = {},
) {
  const mails: MailMessage[] = [];
  const requests: HttpRequest[] = [];
  const outcome = runStep(definition, execute, {
    config,
    inputs: message === undefined ? {} : { message },
    capabilities: {
      mail: (mail) => {
        mails.push(mail);
        return Promise.resolve({ messageId: '<1@example.com>', accepted: ['ada@example.com'] });
      },
      http: (request) => {
        requests.push(request);
        return Promise.resolve({ status, headers: {}, body: '', url: request.url, durationMs: 1 });
      },
    },
  });
  return { mails, requests, outcome };
}

describe('by mail', () => {
  it('hands the mail to the server', async () => {
    const { mails, outcome } = step({ ...form, smtp_user: 'bot', smtp_password: 'secret' });
    expect(await outcome).toEqual({
      kind: 'done',
      outputs: { sent: { channel: 'email', message_id: '<1@example.com>', accepted: ['ada@example.com'] } },
    });
    expect(mails).toEqual([
      {
        server: { host: 'smtp.example.com', port: 587, secure: false, user: 'bot', password: 'secret' },
        from: 'bot@example.com',
        to: ['ada@example.com', 'Bob <bob@example.com>'],
        cc: ['eve@example.com'],
        subject: 'Hello',
        text: 'Text',
        html: null,
      },
    ]);
  });

  it('sends what arrives at the port, and logs in only with a user name', async () => {
    const { mails, outcome } = step(
      { ...form, smtp_password: 'left over', smtp_encryption: 'tls', html: '<b>' },
      { message: { n: 1 } },
    );
    await outcome;
    expect(mails[0]).toMatchObject({
      text: '{"n":1}',
      html: '<b>',
      server: { secure: true, user: null, password: null },
    });
  });

  it.each(['smtp_host', 'from', 'subject'])('names the field %s when it is empty', async (field) => {
    await expect(step({ ...form, [field]: '' }).outcome).rejects.toMatchObject({ code: 'config_invalid' });
  });

  it('hides the password as it is typed and takes it as it is', () => {
    expect(definition.config.shape.smtp_password.meta()).toMatchObject({ format: 'password' });
    expect(definition.verbatim).toContain('smtp_password');
  });
});

describe('by webhook', () => {
  const hook = { channel: 'webhook', url: 'https://example.com/hook?key=1', message: 'Text' };

  it('posts the message as JSON with a key that stays the same', async () => {
    const { requests, outcome } = step({ ...hook, headers: { 'X-Team': 7 } });
    expect(await outcome).toMatchObject({ outputs: { sent: { channel: 'webhook', status: 204 } } });
    expect(requests).toMatchObject([
      {
        method: 'POST',
        url: hook.url,
        headers: { 'content-type': 'application/json', 'x-team': '7', 'idempotency-key': expect.any(String) },
        body: '{"message":"Text"}',
      },
    ]);
  });

  it('posts the JSON of the form instead', async () => {
    const { requests, outcome } = step({ ...hook, payload: { text: 'x' } });
    await outcome;
    expect(requests[0]?.body).toBe('{"text":"x"}');
  });

  it.each([
    [400, true],
    [503, false],
    [302, true],
  ])('fails on %i and says where, without what may be secret', async (status, permanent) => {
    const error: unknown = await step(hook, { status }).outcome.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'http_status', permanent });
    expect(String(error)).toContain(`example.com answered ${status}`);
    expect(String(error)).not.toContain('/hook');
    expect(String(error)).not.toContain('key=1');
  });
});
