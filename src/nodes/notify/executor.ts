import {
  type Capabilities,
  type Executor,
  type MailServer,
  StepError,
  type StepInput,
} from '#domain/node/executor.ts';
import { readJsonField, textOfValue } from '#domain/node/json-field.ts';
import type { definition } from './definition.ts';

type Input = StepInput<typeof definition>;

export const execute: Executor<typeof definition> = async (step, capabilities) => {
  const message = textOfValue(step.inputs.message) || step.config.message;
  const sent =
    step.config.channel === 'webhook'
      ? await callWebhook(step, message, capabilities)
      : await sendMail(step.config, message, capabilities);
  return { kind: 'done', outputs: { sent } };
};

async function sendMail(config: Input['config'], message: string, { mail, log }: Capabilities) {
  if (config.credential === null) need(config.smtp_host, 'Mail account');
  need(config.from, 'From');
  need(config.subject, 'Subject');
  const to = addressesIn(config.to);
  const cc = addressesIn(config.cc);
  const { messageId, accepted } = await mail({
    server: config.credential === null ? serverIn(config) : { credential: config.credential },
    from: config.from,
    to,
    cc,
    subject: config.subject,
    text: message,
    html: config.html === '' ? null : config.html,
  });
  const server = config.credential === null ? config.smtp_host : 'The mail server';
  log(`${server} took the mail for ${accepted.length} of ${to.length + cc.length} receivers`);
  return { channel: 'email', message_id: messageId, accepted };
}

function serverIn(config: Input['config']): MailServer {
  const { smtp_user: user, smtp_password: password } = config;
  return {
    host: config.smtp_host.trim(),
    port: config.smtp_port,
    secure: config.smtp_encryption === 'tls',
    user: user === '' ? null : user,
    password: user === '' ? null : password,
  };
}

async function callWebhook({ config, idempotencyKey }: Input, message: string, { http, log }: Capabilities) {
  need(config.url, 'URL');
  const payload = readJsonField(config.payload, 'JSON');
  const own = { 'content-type': 'application/json', 'idempotency-key': idempotencyKey };
  const headers = Object.entries(config.headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  const answer = await http({
    method: 'POST',
    url: config.url,
    headers: { ...own, ...Object.fromEntries(headers) },
    body: JSON.stringify(payload ?? { message }),
    timeoutMs: 30_000,
    maxBytes: 64 * 1024,
    followRedirects: false,
  });
  // Messengers put the secret of such an address into its path.
  const place = URL.parse(config.url)?.host ?? 'The address';
  log(`${place} answered ${answer.status}`);
  if (answer.status >= 200 && answer.status < 300) return { channel: 'webhook', status: answer.status };
  throw new StepError('http_status', `${place} answered ${answer.status}. Check the URL and the headers.`, {
    permanent: answer.status < 500 && answer.status !== 429 && answer.status !== 408,
  });
}

function addressesIn(value: string | readonly string[]): string[] {
  const parts = typeof value === 'string' ? value.split(',') : value;
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function need(value: string, field: string): void {
  if (value.trim() !== '') return;
  throw new StepError('config_invalid', `The field “${field}” of the notification is empty. Fill it in.`, {
    permanent: true,
  });
}
