import type { Reply } from '#domain/node/executor.ts';
import type { RunResult } from '#server/engine/engine.ts';

export interface WebhookAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A workflow decides about these and about its own `x-…` headers; everything else is ours. */
const ALLOWED = new Set([
  'content-type',
  'content-language',
  'content-disposition',
  'cache-control',
  'etag',
  'expires',
  'last-modified',
  'link',
  'location',
  'retry-after',
  'vary',
]);
const OURS = /^x-(frame-options|content-type-options|forwarded-.*|request-id|xss-protection|powered-by)$/;
const SAFE_TYPE = /^(application\/([a-z0-9.-]+\+)?json|text\/plain)\s*(;|$)/i;
const SAFE_LOCATION = /^(https?:\/\/|\/(?![/\\]))/i;
const NAME = /^[a-z0-9-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

const JSON_TYPE = 'application/json; charset=utf-8';

export const jsonAnswer = (
  status: number,
  body: object,
  headers: Record<string, string> = {},
): WebhookAnswer => ({
  status,
  headers: { 'content-type': JSON_TYPE, ...headers },
  body: JSON.stringify(body),
});

/** What the caller of a webhook that waits for its run is told. */
export function answerOfRun(result: RunResult): WebhookAnswer {
  const run = { execution_id: result.executionId };
  if (result.reply) return answerOfReply(result.reply);
  switch (result.status) {
    case 'completed':
      return jsonAnswer(200, { ...run, status: 'completed', output: result.output ?? null });
    case 'failed':
      return jsonAnswer(500, { detail: 'The workflow failed.', code: 'run_failed', ...run });
    case 'cancelled':
      return jsonAnswer(503, { detail: 'The run was cancelled.', code: 'run_cancelled', ...run });
    default:
      return jsonAnswer(202, run);
  }
}

function answerOfReply({ status, headers, body }: Reply): WebhookAnswer {
  const text = typeof body === 'string';
  const kept: Record<string, string> = { 'content-type': text ? 'text/plain; charset=utf-8' : JSON_TYPE };
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (isAllowed(lower, value)) kept[lower] = value;
  }
  const valid = Number.isInteger(status) && status >= 200 && status <= 599;
  const none = body === null && [204, 205, 304].includes(status);
  return {
    status: valid ? status : 200,
    headers: kept,
    body: none ? '' : text ? body : JSON.stringify(body ?? null),
  };
}

function isAllowed(name: string, value: string): boolean {
  if (!NAME.test(name) || !VALUE.test(value)) return false;
  if (name === 'content-type') return SAFE_TYPE.test(value);
  if (name === 'location') return SAFE_LOCATION.test(value);
  return ALLOWED.has(name) || (name.startsWith('x-') && !OURS.test(name));
}
