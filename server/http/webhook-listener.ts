import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '#domain/problem.ts';
import type { WebhookAnswer } from '#server/features/webhooks/answer.ts';
import { fieldsOf } from '#server/features/webhooks/payload.ts';
import type { Webhooks } from '#server/features/webhooks/webhooks.ts';
import { isJson, readBody } from './body.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { parseJson } from './json-text.ts';
import type { Patience } from './patience.ts';
import { answerOf } from './problem-response.ts';
import { nameRoute, type Report, requestIdOf } from './request-log.ts';

const MAX_BODY_BYTES = 1024 * 1024;
const ADDRESS = /^\/webhooks\/([A-Za-z0-9_-]{16,128})(?:\/(.*))?$/;
const FORM = /^application\/x-www-form-urlencoded\s*(;|$)/i;

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cache-control': 'no-store',
};

/**
 * Answers /webhooks/{token}, any method. The busiest path there is, so it goes from node:http straight to the
 * engine: no router, no Request and Response objects.
 */
export function webhookListener(webhooks: Webhooks, report: Report, patience: Patience) {
  return async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    let answer: WebhookAnswer;
    nameRoute(incoming, '/webhooks/{token}');
    try {
      answer = await patience.wait(call(webhooks, incoming));
    } catch (error) {
      const id = requestIdOf(incoming);
      const problem = answerOf(error, id);
      if (problem.unexpected) report(error, `${incoming.method} /webhooks/…`, id);
      const headers = { 'content-type': 'application/json; charset=utf-8', ...problem.headers };
      answer = { status: problem.status, headers, body: JSON.stringify(problem.body) };
    }
    if (response.destroyed) return;
    const length = answer.body === '' ? {} : { 'content-length': Buffer.byteLength(answer.body) };
    response.writeHead(answer.status, { ...HEADERS, ...answer.headers, ...length });
    response.end(incoming.method === 'HEAD' ? undefined : answer.body);
  };
}

function call(webhooks: Webhooks, incoming: IncomingMessage): Promise<WebhookAnswer> {
  const url = incoming.url ?? '';
  const at = url.indexOf('?');
  const [, token, path = ''] = ADDRESS.exec(at === -1 ? url : url.slice(0, at)) ?? [];
  if (token === undefined) throw new AppError('not_found', 'Not Found');
  return webhooks.call({
    token,
    method: incoming.method ?? 'GET',
    headers: incoming.headers,
    query: at === -1 ? '' : url.slice(at + 1),
    path: path.replace(/\/$/, ''),
    idempotencyKey: idempotencyKeyOf(incoming),
    read: () => readRaw(incoming),
    parse: (raw) => parsePayload(raw, incoming.headers['content-type']),
  });
}

/** A request's body: JSON and forms parsed, other text as it is, nothing as null. @throws AppError for anything else. */
export async function readPayload(incoming: IncomingMessage): Promise<unknown> {
  return parsePayload(await readRaw(incoming), incoming.headers['content-type']);
}

const NOTHING = Buffer.alloc(0);

/** A compressed body is refused: what is signed and counted is what was sent. */
async function readRaw(incoming: IncomingMessage): Promise<Buffer> {
  const { method, headers } = incoming;
  const isChunked = headers['transfer-encoding'] !== undefined;
  if ((method === 'GET' || method === 'HEAD') && headers['content-length'] === undefined && !isChunked) {
    return NOTHING;
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new AppError('unsupported_media', 'Send the body without compressing it.');
  }
  return readBody(incoming, MAX_BODY_BYTES);
}

function parsePayload(bytes: Buffer, type: string | undefined): unknown {
  if (bytes.length === 0) return null;
  if (isJson(type)) return parseJson(bytes, 'body');
  const text = textOf(bytes);
  return FORM.test(type ?? '') ? fieldsOf(new URLSearchParams(text)) : text;
}

/** @throws AppError `unsupported_media` for bytes that are no text: a run's data is JSON. */
function textOf(bytes: Buffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\u0000')) return text;
  } catch {
    // Falls through to the one refusal.
  }
  throw new AppError('unsupported_media', 'Send JSON, a form or UTF-8 text.');
}
