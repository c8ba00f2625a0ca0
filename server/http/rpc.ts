import type { IncomingMessage } from 'node:http';
import { type AnyTRPCRouter, initTRPC, TRPCError } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { Operation } from '#contract/operation.ts';
import { AppError, PROBLEMS } from '#domain/problem.ts';
import type { RequestContext, Viewer } from '#server/features/handler.ts';
import { readBody } from './body.ts';
import { type ContextSource, countStranger, openContext, whoSentCounted } from './context.ts';
import { MAX_TEXT, parseJson } from './json-text.ts';
import { admit, type Prepared, run } from './operation.ts';
import { problemOf } from './problem-response.ts';
import { nameRoute, type Report, requestIdOf } from './request-log.ts';
import { MAX_BODY_BYTES } from './rest.ts';

interface RpcContext {
  readonly context: RequestContext;
  /** Looked up at most once for a batch, and counted for each call of it. */
  readonly whoSent: () => Promise<Viewer>;
  readonly countStranger: () => void;
  readonly gatewayToken: string;
  readonly incoming: IncomingMessage;
}

const t = initTRPC.context<RpcContext>().create({
  isDev: false,
  errorFormatter: ({ shape, error, ctx }) => {
    const problem = problemOf(error.cause ?? error);
    if (!(error.cause instanceof AppError)) return shape;
    return {
      ...shape,
      data: {
        ...shape.data,
        problem: problem.code,
        detail: problem.detail,
        extra: problem.extra,
        ...(problem.code === 'internal' && ctx && { request_id: requestIdOf(ctx.incoming) }),
      },
    };
  },
});

/** The contract as a tRPC router over the same handlers. Inputs are checked by `run`, so tRPC passes them on as they are. */
export function rpcRouter(operations: readonly Prepared[]): AnyTRPCRouter {
  const areas: Record<string, Record<string, ReturnType<typeof procedureOf>>> = {};
  for (const prepared of operations) {
    const [area = '', key = ''] = prepared.id.split('.');
    areas[area] ??= {};
    areas[area][key] = procedureOf(prepared);
  }
  return t.router(Object.fromEntries(Object.entries(areas).map(([area, one]) => [area, t.router(one)])));
}

function procedureOf(prepared: Prepared) {
  const procedure = t.procedure.input((raw: unknown) => raw);
  const call = async ({ ctx, input }: { ctx: RpcContext; input: unknown }): Promise<unknown> => {
    try {
      const context = { ...ctx.context, viewer: await admit(prepared.operation, ctx.incoming, ctx) };
      return await run(prepared, context, inputOf(input));
    } catch (error) {
      const problem = problemOf(error);
      if (problem === error) throw rpcError(problem);
      // The original goes to the log through `onError`; the caller sees only the problem.
      throw rpcError(problem, error);
    }
  };
  return prepared.operation.method === 'get' ? procedure.query(call) : procedure.mutation(call);
}

class Unexpected extends AppError {
  readonly original: unknown;
  constructor(problem: AppError, original: unknown) {
    super(problem.code, problem.detail);
    this.original = original;
  }
}

function rpcError(problem: AppError, original?: unknown): TRPCError {
  const { code, detail } = problem;
  const cause = original === undefined || code !== 'internal' ? problem : new Unexpected(problem, original);
  const message = typeof detail === 'string' ? detail : 'The request is not valid.';
  return new TRPCError({ code: PROBLEMS[code].rpc, message, cause });
}

function inputOf(input: unknown): Readonly<Record<string, unknown>> {
  if (input === undefined || input === null) return {};
  if (typeof input === 'object' && !Array.isArray(input)) return input as Record<string, unknown>;
  throw new AppError('invalid', [
    { type: 'object_type', loc: ['body'], msg: 'The input must be an object.' },
  ]);
}

export interface RpcOptions {
  readonly operations: readonly Prepared[];
  readonly source: ContextSource;
  readonly report: Report;
}

/** Answers requests below /trpc. */
export function rpcHandler({ operations, source, report }: RpcOptions) {
  const router = rpcRouter(operations);
  const limits = new Map(operations.map(({ id, operation }) => [id, operation] as const));
  return async (request: Request, incoming: IncomingMessage): Promise<Response> => {
    const { safe, procedures } = await readSafely(request, incoming, limits);
    const id = requestIdOf(incoming);
    // Only names we know: a label for whatever a caller makes up would fill the memory.
    nameRoute(incoming, limits.has(procedures) ? `/trpc/${procedures}` : '/trpc');
    return fetchRequestHandler({
      req: safe,
      router,
      endpoint: '/trpc',
      createContext: ({ resHeaders }) => rpcContext(source, incoming, resHeaders),
      onError: ({ error }) => {
        if (error.cause instanceof Unexpected) report(error.cause.original, procedures, id);
        else if (!(error.cause instanceof AppError) && getHTTPStatusCodeFromError(error) >= 500) {
          report(error, procedures, id);
        }
      },
    });
  };
}

function rpcContext(source: ContextSource, incoming: IncomingMessage, headers: Headers): RpcContext {
  let viewer: Promise<Viewer> | undefined;
  const context = openContext(source, incoming, null, (cookie) => headers.append('set-cookie', cookie));
  return {
    context,
    incoming,
    gatewayToken: source.gatewayToken,
    countStranger: () => countStranger(source, incoming),
    whoSent: async () => {
      if (viewer) source.limits.signedIn((await viewer).credential);
      viewer ??= whoSentCounted(source, incoming);
      return viewer;
    },
  };
}

/** tRPC parses bodies and inputs by itself: this sees to it that what it gets is bounded and safe. */
async function readSafely(
  request: Request,
  incoming: IncomingMessage,
  limits: ReadonlyMap<string, Operation>,
) {
  const url = new URL(request.url);
  const procedures = url.pathname.slice('/trpc/'.length);
  const input = url.searchParams.get('input');
  if (input !== null) parseJson(Buffer.from(input), 'query');
  if (request.method !== 'POST') return { safe: request, procedures };
  const called = procedures.split(',').flatMap((id) => limits.get(id) ?? []);
  const limit = Math.max(MAX_BODY_BYTES, ...called.map((one) => one.maxBodyBytes ?? 0));
  const body = await readBody(incoming, limit);
  if (body.length > 0) parseJson(body, 'body', Math.max(MAX_TEXT, ...called.map((one) => one.maxText ?? 0)));
  const { method, headers } = request;
  const safe = new Request(request.url, {
    method,
    headers,
    ...(body.length > 0 && { body: new Uint8Array(body) }),
  });
  return { safe, procedures };
}
