import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import type { Operation } from '#contract/operation.ts';
import { may, PERMISSIONS, refusal } from '#domain/access/permission.ts';
import { AppError } from '#domain/problem.ts';
import type { RequestContext, Viewer } from '#server/features/handler.ts';
import { isSerialisationFailure } from './database-problem.ts';
import { fieldProblems } from './field-problem.ts';
import { lenientFor } from './lenient.ts';
import { refuseForeignOrigin } from './same-origin.ts';

export type AnyHandler = (context: RequestContext, input: never) => Promise<unknown>;

/** An operation with its handler, prepared once at start. */
export interface Prepared {
  readonly id: string;
  readonly operation: Operation;
  readonly handler: AnyHandler;
  readonly pathKeys: ReadonlySet<string>;
  /** Whether the input has keys besides those of the path. */
  readonly hasRest: boolean;
  readonly takesBody: boolean;
  readonly lenient: (value: unknown) => unknown;
}

export type Handlers = Readonly<Record<string, Readonly<Record<string, AnyHandler>>>>;

/**
 * The contract's operations with their handlers.
 * @throws Error when an operation has no handler or no known access: the server must not start then.
 */
export function prepare(
  contract: Readonly<Record<string, Readonly<Record<string, Operation>>>>,
  handlers: Handlers,
): Prepared[] {
  return Object.entries(contract).flatMap(([area, operations]) =>
    Object.entries(operations).map(([key, operation]) => {
      const handler = handlers[area]?.[key];
      if (!handler) throw new Error(`The operation ${area}.${key} has no handler.`);
      const { access } = operation;
      if (!['public', 'visitor', 'gateway'].includes(access) && !(access in PERMISSIONS)) {
        throw new Error(`The operation ${area}.${key} does not say who may call it.`);
      }
      return prepareOne(`${area}.${key}`, operation, handler);
    }),
  );
}

function prepareOne(id: string, operation: Operation, handler: AnyHandler): Prepared {
  const pathKeys = new Set([...operation.path.matchAll(/\{(\w+)\}/g)].flatMap(([, key]) => key ?? []));
  const hasRest = Object.keys(operation.input.shape).some((key) => !pathKeys.has(key));
  return {
    id,
    operation,
    handler,
    pathKeys,
    hasRest,
    takesBody: hasRest && operation.method !== 'get' && operation.method !== 'delete',
    lenient: lenientFor(operation.input) ?? ((value) => value),
  };
}

/**
 * Lets in whoever may call this operation, and says who that is; null where the operation does not ask.
 * @throws AppError `unauthenticated`, `too_many`, or `forbidden` when the caller lacks the permission.
 */
export async function admit(
  { access }: Operation,
  incoming: IncomingMessage,
  entry: {
    readonly gatewayToken: string;
    readonly whoSent: () => Promise<Viewer>;
    readonly countStranger: () => void;
  },
): Promise<Viewer | null> {
  // Who a visitor is, the handler finds out.
  if (access === 'public' || access === 'visitor') {
    entry.countStranger();
    refuseForeignOrigin(incoming, false);
    return null;
  }
  if (access === 'gateway') {
    refuseOtherToken(incoming, entry.gatewayToken);
    return null;
  }
  const viewer = await entry.whoSent();
  if (!may(viewer, access)) throw new AppError('forbidden', refusal(access));
  return viewer;
}

/** Compares digests, so that the time it takes tells nothing about the token. */
function refuseOtherToken(incoming: IncomingMessage, expected: string): void {
  const given = /^Bearer +(\S+) *$/i.exec(incoming.headers.authorization ?? '')?.[1] ?? '';
  const digest = (text: string) => createHash('sha256').update(text).digest();
  if (!timingSafeEqual(digest(given), digest(expected))) {
    throw new AppError('unauthenticated', 'Invalid gateway token');
  }
}

/**
 * Checks the input and runs the handler, again when its transaction lost against another one.
 * @throws AppError `invalid` naming every faulty field.
 */
export async function run(
  prepared: Prepared,
  context: RequestContext,
  input: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const { operation, handler } = prepared;
  const read = operation.input.safeParse(input);
  if (!read.success) throw new AppError('invalid', problemsOf(prepared, read.error, input));
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await handler(context, read.data as never);
    } catch (error) {
      if (attempt === 3 || !isSerialisationFailure(error)) throw error;
    }
  }
}

function problemsOf({ operation, pathKeys }: Prepared, error: z.ZodError, input: unknown) {
  const rest = operation.method === 'get' || operation.method === 'delete' ? 'query' : 'body';
  return fieldProblems(error.issues, input, (key) =>
    typeof key === 'string' && pathKeys.has(key) ? 'path' : rest,
  );
}
