import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import type { Hono } from 'hono';
import { isLoopback, limitConnections } from './connection-count.ts';
import { METRICS_PATH } from './metrics-listener.ts';
import { nameRoute, type RequestWatch, requestIdOf, watchRequest } from './request-log.ts';
import type { Env } from './rest.ts';

export type Listener = (incoming: IncomingMessage, response: ServerResponse) => unknown;
export type UpgradeListener = (incoming: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** What answers, once it is ready. */
export interface Answering {
  readonly app: Hono<Env>;
  readonly webhooks: Listener;
  readonly metrics: Listener;
  readonly upgrade: UpgradeListener;
  /** Everything that is neither API, webhook nor socket; null where this process has no screens. */
  readonly screens: Listener | null;
}

export interface HttpServer {
  readonly server: Server;
  /** From now on requests are answered; before, they got 503 and were asked to come back. */
  open(answering: Answering): void;
  /** The same for a process with nothing but one listener and no sockets. */
  openWith(listener: Listener): void;
  /** Back to 503, for new requests. */
  shut(): void;
}

/** A name or address, and a port; empty from clients of HTTP/1.0. */
const HOST = /^(([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?)?$/i;
const API = /^\/(api|trpc|mcp|health|docs|openapi\.json|approve|resume)(?=[/?]|$)/;

/** A node:http server that is polite before it is ready and strict about slow and oversized requests. */
export function createHttpServer(
  watch: RequestWatch,
  isProxy: (address: string) => boolean = isLoopback,
): HttpServer {
  let answer: Listener = notReady;
  let answering: Answering | null = null;
  const server = createServer(
    {
      maxHeaderSize: 16 * 1024,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      // Every half minute otherwise, and the limits above would mean up to that much more.
      connectionsCheckingInterval: 2_000,
      keepAliveTimeout: 5_000,
      noDelay: true,
    },
    (incoming, response) => {
      watchRequest(watch, incoming, response);
      if (!HOST.test(incoming.headers.host ?? '')) {
        refuse(incoming, response, 400, { detail: 'The Host header is not valid.', code: 'bad_request' });
        return;
      }
      const answered = answer(incoming, response);
      if (answered instanceof Promise) answered.catch((error: unknown) => abandon(error, incoming, response));
    },
  );
  const abandon = (error: unknown, incoming: IncomingMessage, response: ServerResponse): void => {
    watch.log.error({ err: error, requestId: requestIdOf(incoming) }, 'a request could not be answered');
    response.destroy();
  };
  server.maxConnections = 10_000;
  limitConnections(server, isProxy);
  server.on('upgrade', (incoming, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (answering) answering.upgrade(incoming, socket, head);
    else socket.end('HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\n\r\n');
  });
  return {
    server,
    open: (ready) => {
      answering = ready;
      answer = dispatcher(ready);
    },
    openWith: (listener) => {
      answer = listener;
    },
    shut: () => {
      answering = null;
      answer = notReady;
    },
  };
}

function dispatcher({ app, webhooks, metrics, screens }: Answering): Listener {
  const api = getRequestListener((request, env) => app.fetch(request, env as HttpBindings), {
    overrideGlobalObjects: false,
  });
  return (incoming, response) => {
    const url = incoming.url ?? '/';
    if (url.startsWith('/webhooks/')) return webhooks(incoming, response);
    if (METRICS_PATH.test(url)) return metrics(incoming, response);
    if (API.test(url) || !screens) return api(incoming, response);
    nameRoute(incoming, 'screens');
    return screens(incoming, response);
  };
}

function notReady(incoming: IncomingMessage, response: ServerResponse): void {
  response.setHeader('retry-after', '1');
  const detail = 'Pipewright is starting or stopping. Try again.';
  refuse(incoming, response, 503, { detail, code: 'unavailable' });
}

function refuse(incoming: IncomingMessage, response: ServerResponse, status: number, body: object): void {
  incoming.resume();
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(JSON.stringify(body));
}
