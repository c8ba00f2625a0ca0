import { type Executor, StepError } from '#domain/node/executor.ts';
import { readJsonField, textOfValue } from '#domain/node/json-field.ts';
import type { definition, ReplyConfig } from './definition.ts';

const BODILESS = [204, 205, 304];
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const ALLOWED_TYPE = /^(application\/([a-z0-9.-]+\+)?json|text\/plain)\s*(;\s*charset=utf-8\s*)?$/i;
/**
 * The answer is served from the product's own address: what steers the browser, the connection or a session there
 * is not a workflow's to say.
 */
const REFUSED =
  /^(set-cookie2?|connection|keep-alive|upgrade|te|trailer|transfer-encoding|content-(length|encoding|security-policy.*)|strict-transport-security|x-frame-options|x-content-type-options|clear-site-data|service-worker-allowed|alt-svc|refresh|cross-origin-.*|access-control-.*|permissions-policy|referrer-policy|proxy-.*|www-authenticate)$/i;

export const execute: Executor<typeof definition> = ({ inputs, config }) => {
  const status = statusOf(inputs.status, config.status);
  const body = BODILESS.includes(status) ? null : bodyOf(config, inputs.input);
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  const headers = { ...(body !== null && { 'content-type': type }), ...headersOf(config.headers) };
  return { kind: 'done', outputs: { output: body }, reply: { status, headers, body } };
};

function statusOf(arrived: unknown, configured: number): number {
  if (arrived === null || arrived === undefined) return configured;
  if (typeof arrived === 'number' && Number.isInteger(arrived) && arrived >= 200 && arrived <= 599)
    return arrived;
  const shown = textOfValue(arrived).slice(0, 50);
  throw new StepError('bad_status', `“${shown}” is no HTTP status. Give a whole number from 200 to 599.`, {
    permanent: true,
  });
}

function bodyOf(config: ReplyConfig, input: unknown): unknown {
  const body = config.body === undefined ? (input ?? null) : config.body;
  if (config.body_type === 'json') return readJsonField(body, 'Body');
  return config.body_type === 'text' ? textOfValue(body) : body;
}

function headersOf(given: Readonly<Record<string, unknown>>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const text = String(value);
    if (!HEADER_NAME.test(name) || !HEADER_VALUE.test(text))
      throw refused(`“${name}” or its value is malformed`);
    if (REFUSED.test(name)) throw refused(`a workflow may not set ${name}`);
    if (/^content-type$/i.test(name) && !ALLOWED_TYPE.test(text)) {
      throw refused('Content-Type may be JSON or text/plain');
    }
    headers[name.toLowerCase()] = text;
  }
  return headers;
}

function refused(why: string): StepError {
  return new StepError('header_refused', `The reply's headers cannot be sent: ${why}.`, { permanent: true });
}
