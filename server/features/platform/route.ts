import { parseBounded } from '#domain/bounded-json.ts';
import type { PlatformRequest } from '#domain/node/ai-capability.ts';
import { AppError } from '#domain/problem.ts';
import { MAX_DEPTH, refuseUnsafe } from '#server/http/json-text.ts';
import type { Prepared } from '#server/http/operation.ts';
import { MAX_BODY_BYTES } from '#server/http/rest.ts';

type Values = Record<string, unknown>;

/** An operation with the input it is called with, as it came. */
export interface Routed {
  readonly prepared: Prepared;
  readonly input: Values;
}

export type Router = (request: PlatformRequest) => Routed;

interface Pattern {
  readonly prepared: Prepared;
  readonly parts: readonly string[];
}

/**
 * Finds what a request means, in the order of the contract like the REST routes.
 * The router throws AppError `not_found`, `method_not_allowed`, `too_large` or `invalid`.
 */
export function createRouter(operations: readonly Prepared[]): Router {
  const byId = new Map(operations.map((prepared) => [prepared.id, prepared]));
  const patterns = operations.map((prepared) => ({ prepared, parts: partsOf(prepared.operation.path) }));
  return (request) => {
    const routed = 'operation' in request ? named(byId, request) : addressed(patterns, request);
    refuseUnsafe(routed.input, ['body']);
    const limit = routed.prepared.operation.maxBodyBytes ?? MAX_BODY_BYTES;
    if (Buffer.byteLength(JSON.stringify(routed.input)) > limit) {
      throw new AppError('too_large', `The input may have at most ${limit} bytes.`);
    }
    return routed;
  };
}

function named(
  byId: ReadonlyMap<string, Prepared>,
  { operation, input }: Extract<PlatformRequest, { readonly operation: string }>,
): Routed {
  const prepared = byId.get(operation);
  if (!prepared) throw new AppError('not_found', `There is no operation “${operation.slice(0, 100)}”.`);
  return { prepared, input: { ...input } };
}

function addressed(
  patterns: readonly Pattern[],
  { method, path, body }: Extract<PlatformRequest, { readonly method: string }>,
): Routed {
  const url = URL.parse(path, 'http://pipewright.invalid/');
  if (!url) throw new AppError('not_found', 'Not Found');
  const parts = partsOf(url.pathname.replace(/^\/api\/v1(?=\/|$)/, ''));
  const fitting = patterns.filter((pattern) => fits(pattern.parts, parts));
  if (fitting.length === 0) throw new AppError('not_found', 'Not Found');
  const found = fitting.find(({ prepared }) => prepared.operation.method === method.toLowerCase());
  if (!found) {
    const allowed = [...new Set(fitting.map(({ prepared }) => prepared.operation.method.toUpperCase()))];
    throw new AppError('method_not_allowed', `Method Not Allowed. This path takes ${allowed.join(', ')}.`);
  }
  const { prepared } = found;
  const rest = prepared.takesBody ? bodyOf(body) : Object.fromEntries(url.searchParams);
  return { prepared, input: { ...rest, ...placeholders(found.parts, parts) } };
}

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '');

function fits(pattern: readonly string[], parts: readonly string[]): boolean {
  if (pattern.length !== parts.length) return false;
  return pattern.every((part, at) => part.startsWith('{') || part === parts[at]);
}

function placeholders(pattern: readonly string[], parts: readonly string[]): Values {
  const values: Values = {};
  for (const [at, part] of pattern.entries()) {
    if (part.startsWith('{')) values[part.slice(1, -1)] = decoded(parts[at] ?? '');
  }
  return values;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new AppError('not_found', 'Not Found');
  }
}

/** Models like to write a body as text. */
function bodyOf(body: unknown): Values {
  const value = typeof body === 'string' && body.trim() !== '' ? parsed(body) : (body ?? {});
  if (typeof value === 'string') return {};
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Values;
  throw new AppError('invalid', [{ type: 'object_type', loc: ['body'], msg: 'The body must be an object.' }]);
}

function parsed(text: string): unknown {
  try {
    return parseBounded(text, MAX_DEPTH);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const msg = `The body cannot be read as JSON: ${why}.`;
    throw new AppError('invalid', [{ type: 'json_invalid', loc: ['body'], msg }]);
  }
}
