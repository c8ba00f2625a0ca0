import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** A server that remembers what it was asked and answers what the test wants. */
export interface Provider {
  /** Without a slash at the end. */
  readonly url: string;
  readonly host: string;
  readonly seen: Seen[];
  reply: (seen: Seen) => Reply;
  close(): Promise<void>;
}

export async function startProvider(): Promise<Provider> {
  const seen: Seen[] = [];
  const provider: { reply: (seen: Seen) => Reply } = { reply: () => ({}) };
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { method = '', url = '', headers } = incoming;
    const one = { method, url, headers, body: await text(incoming) };
    seen.push(one);
    const { status = 200, headers: own = {}, body = {} } = provider.reply(one);
    outgoing.writeHead(status, { 'content-type': 'application/json', ...own });
    outgoing.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(provider, {
    url: `http://${host}`,
    host,
    seen,
    close: () =>
      new Promise<void>((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  });
}
