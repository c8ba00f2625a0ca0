import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { MailServer, OutgoingMail } from '#domain/node/executor.ts';
import { dial } from '../egress/dial.ts';
import { type Resolver, systemResolver } from '../egress/guarded-lookup.ts';
import { createPolicy } from '../egress/policy.ts';
import { checkMail } from './check.ts';
import { mailFailure } from './mail-failure.ts';

export interface Mailer {
  /**
   * Sends one mail.
   * @param key the same for every attempt of one step; the mail's id comes from it, so that receivers know a repetition
   * @throws StepError `mail_invalid`, `mail_login`, `mail_refused`, `mail_insecure`, `timeout`, `unreachable`, `aborted`
   * @throws EgressError `not_allowed`
   */
  send(
    message: OutgoingMail,
    key: string,
    signal: AbortSignal,
  ): Promise<{ messageId: string; accepted: string[] }>;
  /** Connects and signs in, and sends nothing. @throws as `send` */
  check(server: MailServer, signal: AbortSignal): Promise<void>;
}

export interface MailerOptions {
  /** PIPEWRIGHT_EGRESS_ALLOW. */
  readonly allow: readonly string[];
  /** Replaces the machine's resolver. */
  readonly resolve?: Resolver;
  /** Certificates of authorities trusted beside the usual ones' place, in PEM. */
  readonly authorities?: string;
}

type Connection = Awaited<ReturnType<typeof dial>>;

const MAIL_PORTS = [25, 465, 587, 2525];
const CONNECT_MS = 10_000;
/** For the whole mail. */
const SEND_MS = 60_000;

/** The one way mail leaves: to addresses the egress rules permit, dialled as they were checked. */
export function createMailer({ allow, resolve = systemResolver, authorities }: MailerOptions): Mailer {
  const policy = createPolicy(allow, MAIL_PORTS);
  const over = async <T>(
    server: MailServer,
    signal: AbortSignal,
    work: (transport: ReturnType<typeof transportTo>) => Promise<T>,
  ): Promise<T> => {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(SEND_MS)]);
    let socket: Connection | null = null;
    try {
      socket = await dial(server, { policy, resolve, signal: deadline });
      return await unlessAborted(work(transportTo(server, socket, authorities)), deadline);
    } catch (error) {
      throw mailFailure(error, server, { gone: signal.aborted, late: deadline.aborted });
    } finally {
      socket?.destroy();
    }
  };
  return {
    send: async (message, key, signal) => {
      const mail = checkMail(message);
      const messageId = idOf(key, mail.from.address);
      const whole = { ...mail, messageId, disableFileAccess: true, disableUrlAccess: true };
      const sent = await over(message.server, signal, (transport) => transport.sendMail(whole));
      return { messageId, accepted: sent.accepted.map(addressOf) };
    },
    check: (server, signal) =>
      over(server, signal, async (transport) => {
        await transport.verify();
      }),
  };
}

const transportTo = (server: MailServer, socket: Connection, authorities: string | undefined) =>
  createTransport(transportOptions(server, socket, authorities));

function idOf(key: string, sender: string): string {
  const digest = createHash('sha256').update(key).digest('hex').slice(0, 32);
  return `<${digest}@${sender.slice(sender.indexOf('@') + 1)}>`;
}

function transportOptions(server: MailServer, socket: Connection, authorities: string | undefined) {
  const { host, port, secure, user, password } = server;
  const login = user !== null && user !== '' ? { user, pass: password ?? '' } : null;
  return {
    host,
    port,
    secure,
    connection: socket,
    // A password never travels in the clear; without one, encryption is used when the server has it.
    requireTLS: !secure && login !== null,
    ...(login && { auth: login }),
    tls: {
      minVersion: 'TLSv1.2' as const,
      ...(authorities !== undefined && { ca: authorities }),
    },
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SEND_MS / 2,
    logger: false as const,
  };
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new Error('aborted'));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

const addressOf = (one: string | { address: string }): string =>
  typeof one === 'string' ? one : one.address;
