import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { contract } from '#contract/contract.ts';
import type { Links } from '#server/features/executions/link.ts';
import type { McpServer } from '#server/features/mcp/mcp-server.ts';
import { madeOnce } from '#server/made-once.ts';
import type { ContextSource } from './context.ts';
import { cors } from './cors.ts';
import { docsPage } from './docs.ts';
import type { HealthCheck } from './health.ts';
import { linkRoutes } from './link-routes.ts';
import { mcpRoutes } from './mcp-route.ts';
import { openApiDocument } from './openapi.ts';
import { type Handlers, prepare } from './operation.ts';
import type { Patience } from './patience.ts';
import { answerOf } from './problem-response.ts';
import { nameRoute, type Report, requestIdOf } from './request-log.ts';
import { type Env, restRoutes } from './rest.ts';
import { rpcHandler } from './rpc.ts';
import { dataHeaders, documentHeaders } from './security-header.ts';

export interface AppOptions extends ContextSource {
  readonly handlers: Handlers;
  readonly links: Links;
  readonly mcp: McpServer;
  readonly health: HealthCheck;
  readonly version: string;
  readonly report: Report;
  readonly patience: Patience;
  readonly corsOrigins: readonly string[];
  /** Streams and files of chats. */
  readonly chat: Hono<Env>;
}

/** Everything below /api, /trpc, /mcp, /health, /docs, /openapi.json, /approve and /resume. */
export function createApp(options: AppOptions): Hono<Env> {
  const operations = prepare(contract, options.handlers);
  const document = madeOnce(() => openApiDocument(operations, options.version));
  const rpc = rpcHandler({ operations, source: options, report: options.report });
  const app = new Hono<Env>();
  app.use(async (c, next) => {
    await options.patience.wait(next());
    const { secure } = options.peerOf(c.env.incoming);
    for (const [name, value] of Object.entries(dataHeaders(secure))) {
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    }
  });
  app.use('/api/*', cors(options.corsOrigins));
  app.use('/mcp', cors(options.corsOrigins));
  app.on('GET', ['/health', '/health/'], async (c) => {
    nameRoute(c.env.incoming, '/health');
    return c.json(await options.health());
  });
  app.on('GET', ['/docs', '/docs/'], (c) => {
    nameRoute(c.env.incoming, '/docs');
    const nonce = randomBytes(16).toString('base64');
    const { secure } = options.peerOf(c.env.incoming);
    return c.html(docsPage(operations, document(), nonce), 200, documentHeaders(secure, nonce));
  });
  app.on('GET', ['/api/v1/openapi.json', '/openapi.json'], (c) => c.json(document()));
  app.all('/trpc/*', (c) => rpc(c.req.raw, c.env.incoming));
  app.route('/api/v1', options.chat);
  app.route('/api/v1', restRoutes(operations, options));
  app.route('/', linkRoutes(options));
  app.route('/', mcpRoutes(options.mcp, options));
  app.notFound((c) => c.json({ detail: 'Not Found', code: 'not_found' }, 404));
  app.onError((error, c) => {
    const id = requestIdOf(c.env.incoming);
    const { status, headers, body, unexpected } = answerOf(error, id);
    if (unexpected) options.report(error, `${c.req.method} ${c.req.path}`, id);
    return c.body(JSON.stringify(body), status as 500, { 'content-type': 'application/json', ...headers });
  });
  return app;
}
