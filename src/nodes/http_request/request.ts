import { type HttpRequest, StepError } from '#domain/node/executor.ts';
import { readJsonField, textOfValue } from '#domain/node/json-field.ts';
import type { HttpConfig } from './definition.ts';

const MAX_BYTES = 10 * 1024 * 1024;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** Headers that describe the connection; setting them by hand can only break the request. */
const OWN_HEADERS = ['connection', 'content-length', 'host', 'transfer-encoding', 'upgrade'];

interface Parts {
  readonly config: HttpConfig;
  readonly headers: unknown;
  readonly query: unknown;
  readonly idempotencyKey: string;
}

/** @throws StepError, permanent, naming the field that makes no request. */
export function requestOf({ config, headers, query, idempotencyKey }: Parts): HttpRequest {
  const { body, contentType } = bodyOf(config);
  const own = headersOf({ ...config.headers, ...pairsOf(headers, 'headers') });
  const defaults: Record<string, string> = { 'idempotency-key': idempotencyKey };
  if (contentType) defaults['content-type'] = contentType;
  return {
    method: config.method ?? 'GET',
    url: urlOf(config.url, { ...config.query, ...pairsOf(query, 'query') }),
    headers: { ...defaults, ...own },
    body,
    timeoutMs: config.timeout_ms,
    maxBytes: MAX_BYTES,
    followRedirects: config.follow_redirects,
    ...(config.credential !== null && { credential: config.credential }),
  };
}

function permanent(code: string, message: string): StepError {
  return new StepError(code, message, { permanent: true });
}

function urlOf(text: string, query: Readonly<Record<string, unknown>>): string {
  const url = URL.parse(text.trim());
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw permanent(
      'bad_url',
      `“${text.slice(0, 200)}” is no address. It must start with http:// or https://.`,
    );
  }
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) url.searchParams.append(name, textOfValue(one));
  }
  return url.href;
}

function pairsOf(value: unknown, port: string): Record<string, unknown> {
  if (value === null || value === undefined) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return { ...value };
  throw permanent('bad_input', `The input port ${port} takes an object of names and values.`);
}

/** Names in lower case, so that a header given twice in different spelling is sent once. */
function headersOf(given: Readonly<Record<string, unknown>>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const text = textOfValue(value);
    const lower = name.toLowerCase();
    if (!HEADER_NAME.test(name)) throw permanent('bad_header', `“${name}” is no header name.`);
    if (!HEADER_VALUE.test(text)) {
      throw permanent(
        'bad_header',
        `The header ${name} has a line break or a character headers cannot carry.`,
      );
    }
    if (OWN_HEADERS.includes(lower)) {
      throw permanent('bad_header', `The header ${name} is set by the connection. Remove it.`);
    }
    headers[lower] = text;
  }
  return headers;
}

function bodyOf(config: HttpConfig): { body: string | null; contentType?: string } {
  if (['GET', 'HEAD'].includes(config.method ?? 'GET')) return { body: null };
  switch (config.body_mode) {
    case 'none':
      return { body: null };
    case 'json':
      return { body: JSON.stringify(readJsonField(config.json, 'JSON')), contentType: 'application/json' };
    case 'text':
      return { body: config.text, contentType: 'text/plain; charset=utf-8' };
    case 'form': {
      const form = new URLSearchParams();
      for (const [name, value] of Object.entries(config.form)) form.append(name, String(value));
      return { body: form.toString(), contentType: 'application/x-www-form-urlencoded' };
    }
  }
}
