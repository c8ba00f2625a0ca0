import type { z } from 'zod';
import type { Operation } from '#contract/operation.ts';
import { AppError } from '#domain/problem.ts';
import type { RequestContext, Viewer } from '#server/features/handler.ts';
import { isSerialisationFailure } from './database-problem.ts';
import { fieldProblems } from './field-problem.ts';
import { lenientFor } from './lenient.ts';

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
      if (!['public', 'user', 'admin'].includes(operation.access)) {
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

/** @throws AppError `forbidden` when the operation is for administrators and the caller is none. */
export function refuseRole(operation: Operation, viewer: Viewer): void {
  if (operation.access === 'admin' && viewer.role !== 'admin') {
    throw new AppError('forbidden', 'Admin access required.');
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
