import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** Empty without one. */
  readonly authorization: string;
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

/** Whoever shows it is told the models. */
export const MODEL_KEY = 'sk-canary-5f1d0c8a7b3e';
export const MODELS = ['tiny', 'small'] as const;

const RATES: Readonly<Record<string, number>> = { EUR: 1.25, GBP: 1.5 };

/** Answers `/rate/EUR` with `{ currency, rate }`, and `/v1/models` as providers of language models do. */
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
        const { status, body } = request.url === '/v1/models' ? modelsFor(request) : rateFor(request);
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
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

interface Answer {
  readonly status: number;
  readonly body: object;
}

function rateFor(request: IncomingMessage): Answer {
  const currency = request.url?.split('/').pop() ?? '';
  const rate = RATES[currency];
  return rate === undefined
    ? { status: 404, body: { error: 'unknown currency' } }
    : { status: 200, body: { currency, rate } };
}

function modelsFor({ headers }: IncomingMessage): Answer {
  if (headers.authorization !== `Bearer ${MODEL_KEY}`) {
    return { status: 401, body: { error: { message: 'Incorrect API key provided' } } };
  }
  return { status: 200, body: { object: 'list', data: MODELS.map((id) => ({ id, object: 'model' })) } };
}

async function record(request: IncomingMessage, seen: SeenRequest[]): Promise<void> {
  const { method = '', url = '', headers } = request;
  const authorization = headers.authorization ?? '';
  seen.push({ method, path: url, authorization, body: await text(request) });
}
