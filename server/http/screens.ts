import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Peer } from './peer.ts';
import { screenPolicy } from './security-header.ts';
import type { Listener } from './server.ts';

export interface ScreenOptions {
  /** The checkout: where `.next` lies. */
  readonly directory: string;
  readonly development: boolean;
  readonly host: string;
  readonly port: number;
  readonly peerOf: (incoming: IncomingMessage) => Peer;
}

export interface Screens {
  /** `embedders`: origins that may show the page within theirs. */
  readonly answer: (
    incoming: IncomingMessage,
    response: ServerResponse,
    embedders?: readonly string[],
  ) => ReturnType<Listener>;
  /** Next's own sockets, which only exist in development. */
  readonly upgrade: (incoming: IncomingMessage, socket: Duplex, head: Buffer) => void;
  close(): Promise<void>;
}

const WIDGET = '/widget.js';

/** Prepares Next, which renders the screens, and gives every page a content policy with a nonce of its own. */
export async function startScreens(options: ScreenOptions): Promise<Screens> {
  const { directory, development, host, port, peerOf } = options;
  if (!development && !existsSync(join(directory, '.next', 'BUILD_ID'))) return unbuilt;
  const { default: next } = await import('next');
  // Next listens for upgrades on the server it is given, and would end sockets that are not its own. It gets one that
  // never listens, and through it only what is meant for it.
  const httpServer = createServer();
  const app = next({
    dev: development,
    dir: directory,
    hostname: host,
    port,
    customServer: true,
    httpServer,
  });
  await app.prepare();
  const handle = app.getRequestHandler();
  return {
    answer: (incoming, response, embedders = []) => {
      const { secure } = peerOf(incoming);
      const policy = screenPolicy({ host: incoming.headers.host ?? '', secure, development, embedders });
      incoming.headers['content-security-policy'] = policy.policy;
      incoming.headers['x-nonce'] = policy.nonce;
      for (const [name, value] of Object.entries(policy.headers)) response.setHeader(name, value);
      // The one file that pages of other sites load.
      if (incoming.url === WIDGET) response.setHeader('cross-origin-resource-policy', 'cross-origin');
      return handle(incoming, response);
    },
    upgrade: (incoming, socket, head) => {
      const taken = development && httpServer.emit('upgrade', incoming, socket, head);
      if (!taken) socket.destroy();
    },
    close: () => app.close(),
  };
}

/** A checkout whose screens were never built can still serve the API. */
const unbuilt: Screens = {
  answer: (incoming: IncomingMessage, response: ServerResponse) => {
    incoming.resume();
    response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '10' });
    response.end('The screens are not built. Run “npm run up”, or “npm run build” and start again.\n');
  },
  upgrade: (_incoming, socket) => socket.destroy(),
  close: () => Promise.resolve(),
};
