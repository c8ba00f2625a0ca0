/** The parts of a request a webhook trigger hands on. */
export interface WebhookRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Without the leading `?`. */
  readonly query: string;
  /** What follows the token in the path, without slashes at its ends. */
  readonly path: string;
}

/** Secrets of the caller's connection are none of the run's business and must not lie in its stored data. */
const WITHHELD = new Set(['authorization', 'cookie', 'proxy-authorization']);

/** The payload of a webhook run: `{ body, headers, query, method, path }`. */
export function payloadOf(request: WebhookRequest, body: unknown) {
  return {
    body,
    headers: headersOf(request.headers),
    query: fieldsOf(new URLSearchParams(request.query)),
    method: request.method,
    path: request.path,
  };
}

function headersOf(headers: WebhookRequest['headers']): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || WITHHELD.has(name)) continue;
    shown[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return shown;
}

/** Form fields and query parameters: a name that comes more than once gives a list. */
export function fieldsOf(fields: URLSearchParams): Record<string, string | string[]> {
  const shown: Record<string, string | string[]> = {};
  for (const name of new Set(fields.keys())) {
    // Assigning to it would give the object another prototype.
    if (name === '__proto__') continue;
    const values = fields.getAll(name);
    shown[name] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return shown;
}
