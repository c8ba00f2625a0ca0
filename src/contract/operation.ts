import { z } from 'zod';
import type { Permission } from '#domain/access/permission.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Who may call: anyone, a visitor of a chat page, the message gateway with its own token, or whoever is signed in and has the permission. */
export type Access = 'public' | 'visitor' | 'gateway' | Permission;

/**
 * One operation of the API, served as REST under /api/v1, as tRPC and in the OpenAPI document.
 * `input` is one plain object: keys named in the path come from the path, the rest from the query (GET, and DELETE)
 * or the JSON body. No cross-field refinements: such checks belong to the handler.
 */
export interface Operation<
  M extends Method = Method,
  I extends z.ZodObject = z.ZodObject,
  O extends z.ZodType = z.ZodType,
> {
  readonly method: M;
  /** Below /api/v1; served with and without the trailing slash. */
  readonly path: string;
  readonly status: 200 | 201 | 202 | 204;
  /** Answered with this status instead where the output has the key `when`. */
  readonly otherStatus?: { readonly status: 200; readonly when: string };
  readonly access: Access;
  readonly summary: string;
  /** The largest request body in bytes; 1 MiB where it is absent. */
  readonly maxBodyBytes?: number;
  /** The longest text in the body in UTF-16 units; 1 Mi where it is absent. For files in base64. */
  readonly maxText?: number;
  readonly input: I;
  readonly output: O;
}

/** An id that is a number: as far as the database's integers reach. */
export const rowId = z.int().min(-2_147_483_648).max(2_147_483_647);

export const operation = <const M extends Method, I extends z.ZodObject, O extends z.ZodType>(
  one: Operation<M, I, O>,
): Operation<M, I, O> => one;

/** For operations that carry whole graphs. */
export const GRAPH_BODY_BYTES = 8 * 1024 * 1024;

export type Area = Readonly<Record<string, Operation>>;
