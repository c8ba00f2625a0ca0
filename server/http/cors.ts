import type { IncomingMessage } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const REQUEST_HEADERS =
  'Authorization, Content-Type, Idempotency-Key, X-Request-Id, Mcp-Protocol-Version, Mcp-Method, Mcp-Name';
const ANSWER_HEADERS = 'Allow, Retry-After, X-Request-Id';
const PREFLIGHT_SECONDS = '600';

/** In the list: pages of every site, as the settings allow. */
const EVERYBODY = '*';

/** Requests of pages the operator has named. They bring a key of their own, never our cookie. */
const listed = new WeakSet<IncomingMessage>();

/** Whether a page of a listed origin sent this, without a cookie. */
export const isListedOrigin = (incoming: IncomingMessage): boolean => listed.has(incoming);

/**
 * Lets pages of the listed origins read answers of the API. Credentials are never allowed, so a browser sends no
 * cookie; an origin that is not in the list, `null` included, gets no permission at all.
 */
export function cors(origins: readonly string[]): MiddlewareHandler<{ Bindings: HttpBindings }> {
  const allowed = new Set(origins);
  return async (c, next) => {
    const { incoming } = c.env;
    const { origin } = incoming.headers;
    const isAllowed =
      origin !== undefined && (allowed.has(origin) || (allowed.has(EVERYBODY) && origin !== 'null'));
    if (isAllowed && incoming.headers.cookie === undefined) listed.add(incoming);
    if (
      isAllowed &&
      c.req.method === 'OPTIONS' &&
      c.req.header('access-control-request-method') !== undefined
    ) {
      return c.body(null, 204, {
        'access-control-allow-origin': origin,
        'access-control-allow-methods': METHODS,
        'access-control-allow-headers': REQUEST_HEADERS,
        'access-control-max-age': PREFLIGHT_SECONDS,
        vary: 'Origin',
      });
    }
    await next();
    if (allowed.size > 0) c.res.headers.append('vary', 'Origin');
    if (isAllowed) {
      c.res.headers.set('access-control-allow-origin', origin);
      c.res.headers.set('access-control-expose-headers', ANSWER_HEADERS);
      // The page is of another site on purpose; the usual header would keep the answer from it.
      c.res.headers.set('cross-origin-resource-policy', 'cross-origin');
    }
    return undefined;
  };
}
