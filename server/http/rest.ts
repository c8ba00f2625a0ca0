import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { AppError } from '#domain/problem.ts';
import { isJson, readBody } from './body.ts';
import { type ContextSource, countStranger, openContext, whoSentCounted } from './context.ts';
import { parseJson, refuseUnsafe } from './json-text.ts';
import { admit, type Prepared, run } from './operation.ts';
import { nameRoute } from './request-log.ts';

export interface Env {
  Bindings: HttpBindings;
}

type Values = Record<string, unknown>;

export const MAX_BODY_BYTES = 1024 * 1024;

/** The contract as REST: every operation under its path with and without a trailing slash, never a redirect. */
export function restRoutes(operations: readonly Prepared[], source: ContextSource): Hono<Env> {
  const app = new Hono<Env>();
  const routes = new Map<string, Set<string>>();
  for (const prepared of operations) {
    const path = prepared.operation.path.replaceAll(/\{(\w+)\}/g, ':$1');
    const method = prepared.operation.method.toUpperCase();
    app.on(method, [path, `${path}/`], (c) => answer(prepared, source, c));
    const methods = routes.get(path) ?? new Set();
    routes.set(path, methods.add(method));
  }
  const allowed = allowedMethods(routes);
  for (const path of routes.keys()) {
    app.on('ALL', [path, `${path}/`], (c) => {
      c.header('allow', allowed(c.req.path).join(', '));
      return c.json({ detail: 'Method Not Allowed', code: 'method_not_allowed' }, 405);
    });
  }
  return app;
}

/** The methods of every route that a path fits: it may fit one with a placeholder beside its own. */
function allowedMethods(routes: ReadonlyMap<string, ReadonlySet<string>>): (path: string) => string[] {
  const patterns = [...routes].map(([route, methods]) => ({
    fits: new RegExp(`${route.replaceAll(/:\w+/g, '[^/]+')}/?$`),
    depth: route.split('/').length,
    methods,
  }));
  return (path) => {
    const below = path.replace(/^\/api\/v1/, '').replace(/\/$/, '');
    const depth = below.split('/').length;
    const found = patterns.filter((one) => one.depth === depth && one.fits.test(below));
    const methods = new Set(found.flatMap((one) => [...one.methods]));
    if (methods.has('GET')) methods.add('HEAD');
    return [...methods].toSorted();
  };
}

async function answer(prepared: Prepared, source: ContextSource, c: Context<Env>): Promise<Response> {
  const { operation } = prepared;
  nameRoute(c.env.incoming, `/api/v1${operation.path}`);
  const viewer = await admit(operation, c.env.incoming, {
    gatewayToken: source.gatewayToken,
    whoSent: () => whoSentCounted(source, c.env.incoming),
    countStranger: () => countStranger(source, c.env.incoming),
  });
  const context = openContext(source, c.env.incoming, viewer, (cookie) =>
    c.header('set-cookie', cookie, { append: true }),
  );
  const output = await run(prepared, context, await inputOf(prepared, c));
  return operation.status === 204 ? c.body(null, 204) : c.json(output as object, statusOf(operation, output));
}

function statusOf({ status, otherStatus }: Prepared['operation'], output: unknown): 200 | 201 | 202 {
  if (status === 204) return 200;
  return otherStatus && Object.hasOwn(output as object, otherStatus.when) ? otherStatus.status : status;
}

async function inputOf(prepared: Prepared, c: Context<Env>): Promise<Values> {
  const path: Values = {};
  for (const key of prepared.pathKeys) path[key] = c.req.param(key);
  refuseUnsafe(path, ['path']);
  const rest = await restOf(prepared, c);
  return prepared.lenient({ ...rest, ...path }) as Values;
}

async function restOf(prepared: Prepared, c: Context<Env>): Promise<Values> {
  if (!prepared.hasRest) return {};
  if (prepared.takesBody) return bodyOf(prepared, c);
  const query = c.req.query();
  refuseUnsafe(query, ['query']);
  return query;
}

async function bodyOf({ operation, pathKeys }: Prepared, c: Context<Env>): Promise<Values> {
  const bytes = await readBody(c.env.incoming, operation.maxBodyBytes ?? MAX_BODY_BYTES);
  if (bytes.length === 0) {
    const needed = Object.entries(operation.input.shape).some(
      ([key, field]) => !pathKeys.has(key) && !field.safeParse(undefined).success,
    );
    if (!needed || operation.method === 'patch') return {};
    throw new AppError('invalid', [{ type: 'missing', loc: ['body'], msg: 'Field required' }]);
  }
  if (!isJson(c.req.header('content-type'))) {
    throw new AppError('unsupported_media', 'Send the body as application/json.');
  }
  const body = parseJson(bytes, 'body', operation.maxText);
  if (body === null || typeof body !== 'object' || Array.isArray(body)) {
    throw new AppError('invalid', [
      { type: 'object_type', loc: ['body'], msg: 'The body must be an object.' },
    ]);
  }
  return body as Values;
}
