import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** A real HTTP server that workflows under test call. */
export interface TargetServer {
  /** `host:port`. */
  readonly address: string;
  /** Every request so far, oldest first. */
  readonly seen: readonly SeenRequest[];
  /** Keeps every caller waiting until the returned function is called. */
  readonly hold: () => () => void;
  readonly stop: () => Promise<void>;
}

const RATES: Readonly<Record<string, number>> = { EUR: 1.25, GBP: 1.5 };

/** Answers `/rate/EUR` with `{ currency, rate }`. */
export async function startTargetServer(): Promise<TargetServer> {
  const seen: SeenRequest[] = [];
  let held: Promise<void> = Promise.resolve();
  const hold = () => {
    let release: () => void = () => undefined;
    held = new Promise((resolve) => {
      release = resolve;
    });
    return () => release();
  };
  const server = createServer((request, response) => {
    void record(request, seen)
      .then(() => held)
      .then(() => {
        const currency = request.url?.split('/').pop() ?? '';
        const rate = RATES[currency];
        response.writeHead(rate === undefined ? 404 : 200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(rate === undefined ? { error: 'unknown currency' } : { currency, rate }));
      });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { address: `127.0.0.1:${address.port}`, seen, hold, stop };
}

async function record(request: IncomingMessage, seen: SeenRequest[]): Promise<void> {
  seen.push({ method: request.method ?? '', path: request.url ?? '', body: await text(request) });
}
