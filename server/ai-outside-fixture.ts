import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What tools reach on the network: an API, a search server that speaks as SearXNG does, and a hook. */
export interface Outside {
  /** `127.0.0.1:port`, for the allow-list of the egress. */
  readonly host: string;
  /** What has come, in order. */
  readonly seen: { readonly method: string; readonly url: string; readonly body: string }[];
  close(): Promise<void>;
}

/** `/search…` finds three pages, `/missing…` is not there, and everything else is 5,000 letters. */
export async function startOutside(): Promise<Outside> {
  const seen: { method: string; url: string; body: string }[] = [];
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { method = '', url = '' } = incoming;
    seen.push({ method, url, body: await text(incoming) });
    if (url.startsWith('/search')) {
      outgoing.setHeader('content-type', 'application/json').end(JSON.stringify({ results: RESULTS }));
    } else if (url.startsWith('/missing')) outgoing.writeHead(404).end('nothing here');
    else outgoing.end('x'.repeat(5000));
  };
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const RESULTS = [1, 2, 3].map((n) => ({
  title: `Hit ${n}`,
  url: `https://x/${n}`,
  content: 'c'.repeat(300),
}));
