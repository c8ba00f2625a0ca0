import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';

/**
 * Gives the request an id, which the answer carries as `x-request-id`, and logs one line when it is answered:
 * never a query, a body or a webhook's token, which may all hold secrets.
 */
export function logRequest(log: Logger, incoming: IncomingMessage, response: ServerResponse): void {
  const id = randomUUID();
  response.setHeader('x-request-id', id);
  if (!log.isLevelEnabled('info')) return;
  const began = performance.now();
  response.once('close', () => {
    log.info(
      {
        id,
        method: incoming.method,
        path: shownPath(incoming.url ?? ''),
        status: response.writableFinished ? response.statusCode : 499,
        ms: Math.round((performance.now() - began) * 10) / 10,
      },
      'request',
    );
  });
}

function shownPath(url: string): string {
  const path = url.split('?', 1)[0]?.slice(0, 500) ?? '';
  return path.replace(/^(\/webhooks\/[^/]{4})[^/]*/, '$1…');
}
