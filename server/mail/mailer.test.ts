import { once } from 'node:events';
import { createServer } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import type { MailServer, OutgoingMail } from '#domain/node/executor.ts';
import { localCertificate } from './certificate-fixture.ts';
import { createMailer, type MailerOptions } from './mailer.ts';

const never = new AbortController().signal;
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

interface Got {
  readonly port: number;
  readonly mails: { raw: string; to: string[]; user: string | null }[];
  readonly commands: string[];
}

async function serve(options: SMTPServerOptions = {}): Promise<Got> {
  const got: Got = { port: 0, mails: [], commands: [] };
  const server = new SMTPServer({
    logger: false,
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    onAuth: ({ username, password }, _session, done) => {
      got.commands.push(`AUTH ${username}`);
      if (password === 'right') done(null, { user: username });
      else done(new Error('Invalid login'));
    },
    onRcptTo: ({ address }, _session, done) =>
      done(address.startsWith('nobody') ? new Error('No such mailbox') : undefined),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        const user = typeof session.user === 'string' ? session.user : null;
        got.mails.push({ raw: Buffer.concat(chunks).toString(), to, user });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  closers.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.server.address();
  return { ...got, port: typeof address === 'object' && address ? address.port : 0 };
}

function send(
  port: number,
  more: Partial<OutgoingMail> = {},
  options: Partial<MailerOptions> = {},
  signal = never,
) {
  const server: MailServer = { host: '127.0.0.1', port, secure: false, user: null, password: null };
  const message: OutgoingMail = {
    server,
    from: 'Pipe Wright <bot@example.com>',
    to: ['ada@example.com'],
    cc: [],
    subject: 'Hello',
    text: 'Text',
    html: null,
    ...more,
  };
  return createMailer({ allow: [`127.0.0.1:${port}`], ...options }).send(message, 'k1', signal);
}

const at = (port: number, more: Partial<MailServer>): { server: MailServer } => ({
  server: { host: '127.0.0.1', port, secure: false, user: null, password: null, ...more },
});
const failing = (code: string, message = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

describe('a mail', () => {
  it('arrives as it was written, under the name it will have again', async () => {
    const server = await serve();
    const sent = await send(server.port, {
      to: ['ada@example.com', 'Bob "B" <bob@example.com>'],
      cc: ['eve@example.com'],
      subject: 'Žluť 🎈',
      text: 'Line\n.\nlast',
      html: '<b>x</b>',
    });
    expect(sent).toEqual({
      messageId: expect.stringMatching(/^<[0-9a-f]{32}@example\.com>$/),
      accepted: ['ada@example.com', 'bob@example.com', 'eve@example.com'],
    });
    const [mail] = server.mails;
    expect(mail?.to).toEqual(['ada@example.com', 'bob@example.com', 'eve@example.com']);
    expect(mail?.raw).toContain('From: Pipe Wright <bot@example.com>');
    expect(mail?.raw).toContain(`Message-ID: ${sent.messageId}`);
    expect((await send(server.port)).messageId).toBe(sent.messageId);
    expect(mail?.raw).toMatch(/Subject: =\?UTF-8\?/);
    expect(mail?.raw).toContain('Line\r\n.\r\nlast');
    expect(mail?.raw).toContain('<b>x</b>');
  });

  it('tells whom the server took it for when it refuses some', async () => {
    const server = await serve();
    const sent = await send(server.port, { to: ['nobody@example.com', 'ada@example.com'] });
    expect(sent.accepted).toEqual(['ada@example.com']);
    await expect(send(server.port, { to: ['nobody@example.com'] })).rejects.toEqual(
      failing('mail_refused', 'No such mailbox'),
    );
  });
});

describe('what is refused before anything is sent', () => {
  it.each<[string, Partial<OutgoingMail>, string]>([
    ['a subject with another header', { subject: 'Hi\r\nBcc: eve@example.com' }, 'one line'],
    ['an address with another header', { to: ['a@b.c\nBcc: eve@example.com'] }, 'one line'],
    ['a sender with another header', { from: 'x\r\nBcc: e@e.e <a@b.c>' }, 'one line'],
    ['a list in one address', { to: ['a@b.c, d@e.f'] }, 'not a mail address'],
    ['two addresses in one', { to: ['a@b.c <d@e.f> <g@h.i>'] }, 'not a mail address'],
    ['a word', { to: ['ada'] }, '"ada" is not a mail address (receiver)'],
    ['nobody', { to: [] }, 'at least one'],
    [
      'a crowd',
      { to: Array.from({ length: 51 }, (_, n) => `n${n}@example.com`) },
      '51 receivers, at most 50',
    ],
    ['a huge text', { text: 'x'.repeat(1024 * 1024 + 1) }, '1 MiB'],
  ])('%s', async (_, more, words) => {
    const server = await serve();
    await expect(send(server.port, more)).rejects.toEqual(failing('mail_invalid', words));
    expect(server.mails).toEqual([]);
  });

  it('a server the egress rules do not permit, by address or by name', async () => {
    const server = await serve();
    let calls = 0;
    const resolve = async () => {
      calls++;
      return [{ address: '127.0.0.1', family: 4 }];
    };
    const refused = failing('not_allowed', `:${server.port} to PIPEWRIGHT_EGRESS_ALLOW`);
    await expect(send(server.port, {}, { allow: [] })).rejects.toEqual(refused);
    for (const host of ['mail.example.com', 'localhost']) {
      await expect(send(server.port, at(server.port, { host }), { allow: [], resolve })).rejects.toEqual(
        refused,
      );
    }
    expect(calls).toBe(2);
    expect(server.mails).toEqual([]);
  });
});

describe('a login', () => {
  const login = { user: 'ada', password: 'right' };

  it('is never sent in the clear', async () => {
    const server = await serve();
    await expect(send(server.port, at(server.port, login))).rejects.toEqual(failing('mail_insecure'));
    expect(server.commands).toEqual([]);
  });

  it('is not sent to a server whose certificate nobody vouches for', async () => {
    for (const secure of [true, false]) {
      const server = await serve({ secure, disabledCommands: [] });
      await expect(send(server.port, at(server.port, { ...login, secure }))).rejects.toEqual(
        failing('mail_insecure'),
      );
      expect(server.commands).toEqual([]);
    }
  });
});

describe('a trusted server', () => {
  it('takes the login over TLS from the start and after STARTTLS', async () => {
    const { key, cert } = localCertificate();
    for (const secure of [true, false]) {
      const server = await serve({ secure, key, cert, disabledCommands: [] });
      const options = { allow: [`localhost:${server.port}`], authorities: cert };
      const login = { host: 'localhost', secure, user: 'ada', password: 'right' };
      await send(server.port, at(server.port, login), options);
      expect(server.mails.map(({ user }) => user)).toEqual(['ada']);
      const wrong = send(server.port, at(server.port, { ...login, password: 'wrong' }), options);
      await expect(wrong).rejects.toEqual(failing('mail_login', 'did not accept'));
    }
  });
});

describe('limits', () => {
  it('say so when nothing listens or the server hangs up', async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(send(port)).rejects.toEqual(failing('unreachable'));
    server.close();
    await once(server, 'close');
    await expect(send(port)).rejects.toEqual(failing('unreachable'));
  });

  it('let the caller give up, which closes the connection', async () => {
    const stop = new AbortController();
    const closed = Promise.withResolvers<void>();
    const server = createServer((socket) => {
      socket.on('close', () => closed.resolve());
      socket.on('error', () => undefined);
      socket.resume();
      stop.abort();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(send(port, {}, {}, stop.signal)).rejects.toEqual(failing('aborted'));
    await closed.promise;
    server.close();
  });
});
