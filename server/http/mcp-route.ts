import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { AppError } from '#domain/problem.ts';
import type { McpServer } from '#server/features/mcp/mcp-server.ts';
import { isJson, readBody } from './body.ts';
import { type ContextSource, countStranger, whoSentCounted } from './context.ts';
import { parseJson } from './json-text.ts';
import { nameRoute } from './request-log.ts';
import type { Env } from './rest.ts';
import { refuseForeignOrigin } from './same-origin.ts';

const MAX_BODY_BYTES = 1024 * 1024;

/** The MCP server at /mcp: for programs with an API key, never for a browser's session. */
export function mcpRoutes(mcp: McpServer, source: ContextSource): Hono<Env> {
  const app = new Hono<Env>();
  app.all('/mcp', (c) => answer(mcp, source, c));
  app.all('/mcp/', (c) => answer(mcp, source, c));
  return app;
}

async function answer(mcp: McpServer, source: ContextSource, c: Context<Env>): Promise<Response> {
  const { incoming } = c.env;
  nameRoute(incoming, '/mcp');
  // A page whose name was made to point here must not get at it either.
  refuseForeignOrigin(incoming, false);
  if (incoming.headers.authorization === undefined) {
    countStranger(source, incoming);
    throw new AppError('unauthenticated', 'Not authenticated');
  }
  const viewer = await whoSentCounted(source, incoming);
  const body = c.req.method === 'POST' ? await bodyOf(c) : undefined;
  return mcp.answer(requestOf(c), viewer, body);
}

async function bodyOf(c: Context<Env>): Promise<unknown> {
  if (!isJson(c.req.header('content-type'))) {
    throw new AppError('unsupported_media', 'Send the body as application/json.');
  }
  return parseJson(await readBody(c.env.incoming, MAX_BODY_BYTES), 'body');
}

/** The request without its body, which was read; ended when the client hangs up. */
function requestOf(c: Context<Env>): Request {
  const { outgoing } = c.env as HttpBindings;
  const gone = new AbortController();
  const onClose = (): void => {
    if (!outgoing.writableEnded) gone.abort();
  };
  // It may have hung up while it was found out who it is.
  if (outgoing.closed || outgoing.destroyed) onClose();
  else outgoing.once('close', onClose);
  return new Request(c.req.url, { method: c.req.method, headers: c.req.raw.headers, signal: gone.signal });
}
