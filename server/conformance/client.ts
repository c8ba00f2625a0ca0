import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Prepared } from '#server/http/operation.ts';

export interface Call {
  readonly method: string;
  /** From the slash on, with the query. */
  readonly path: string;
  /** Sent as a Bearer key. */
  readonly key?: string | null;
  /** Text goes as it is, everything else as JSON; undefined: no body. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The parsed body; the text where it is no JSON. */
  readonly body: unknown;
}

export interface Client {
  send(call: Call): Promise<Reply>;
  close(): void;
}

/** Sends requests to one server over connections it keeps; no redirect is followed. */
export function createClient(base: string): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  return {
    send: (call) => exchange(agent, base, call),
    close: () => agent.destroy(),
  };
}

async function exchange(agent: Agent, base: string, call: Call): Promise<Reply> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(agent, base, call);
    } catch (error) {
      // A kept connection may be closed by the server just as it is used again.
      const isStale = ['ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '');
      if (!isStale || attempt === 3) throw error;
    }
  }
}

function once(agent: Agent, base: string, { method, path, key, body, headers }: Call): Promise<Reply> {
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  const bytes = body === undefined ? null : Buffer.from(raw ? body : JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${base}${path}`,
      {
        agent,
        method,
        headers: {
          ...(typeof key === 'string' && { authorization: `Bearer ${key}` }),
          ...(bytes && { 'content-type': 'application/json', 'content-length': String(bytes.length) }),
          ...headers,
        },
      },
      (incoming) => {
        text(incoming).then((read) => {
          const isJson = /json/.test(incoming.headers['content-type'] ?? '');
          const status = incoming.statusCode ?? 0;
          resolve({ status, headers: incoming.headers, text: read, body: isJson ? JSON.parse(read) : read });
        }, reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(bytes ?? undefined);
  });
}

export type Input = Readonly<Record<string, unknown>>;

/** An operation's input as the REST call it is: path, then query or body, with the trailing slash. */
export function restCall({ operation, takesBody, pathKeys }: Prepared, input: Input): Call {
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_match, key: string) =>
    encodeURIComponent(String(input[key])),
  );
  const rest = Object.entries(input).filter(([key]) => !pathKeys.has(key));
  const method = operation.method.toUpperCase();
  if (takesBody) return { method, path: `/api/v1${path}/`, body: Object.fromEntries(rest) };
  const query = new URLSearchParams(rest.map(([key, value]) => [key, queryText(value)]));
  return { method, path: `/api/v1${path}/${query.size > 0 ? `?${query}` : ''}` };
}

const queryText = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);
