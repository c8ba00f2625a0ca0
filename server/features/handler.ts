import type { z } from 'zod';
import type { Area } from '#contract/operation.ts';
import type { MemberRole } from '#domain/access/permission.ts';
import { AppError } from '#domain/problem.ts';
import type { RunOrigin } from '#domain/run/option.ts';
import type { VisitAccess } from '#server/http/visit-cookie.ts';

/** Who is calling, as far as the database knows. */
export interface Viewer {
  readonly userId: number;
  readonly username: string;
  readonly role: 'admin' | 'normal';
  /** What they may do in that environment; null: they are no member of it any more. */
  readonly memberRole: MemberRole | null;
  /** The environment everything this caller makes belongs to. */
  readonly environmentId: number;
  /** The row that let them in: an API key or a browser session. A run acts for the owner of its workflow. */
  readonly credential: { readonly kind: 'key' | 'session' | 'run'; readonly id: number };
}

/** What a handler may know about the request besides its checked input. */
export interface RequestContext {
  readonly viewer: Viewer | null;
  /** The caller's network address; behind a trusted proxy the one the proxy names. */
  readonly address: string;
  /** The peer is this machine and nothing says the request was forwarded. */
  readonly local: boolean;
  /** The browser's connection is encrypted, so cookies may demand that. */
  readonly secure: boolean;
  readonly userAgent: string;
  readonly idempotencyKey: string | null;
  /** The step that calls, where a run does. */
  readonly step?: { readonly executionId: string; readonly node: string };
  /** Of what the call starts, where a run makes it. */
  readonly origin?: RunOrigin;
  /** Keeps the browser signed in with this token, or signs it out (null). */
  readonly setSession: (token: string | null, maxAgeSeconds: number) => void;
  /** Tells when the caller hangs up before the answer. @returns the way to listen no longer; absent inside the process */
  readonly whenGone?: (listener: () => void) => () => void;
  /** How visitors of hosted chat pages are known; absent where no request of a browser is behind the call. */
  readonly visit?: VisitAccess;
}

/** One handler for every operation of an area; a missing or wrong one does not compile. */
export type HandlersOf<A extends Area> = {
  readonly [K in keyof A]: (
    context: RequestContext,
    input: z.output<A[K]['input']>,
  ) => Promise<z.input<A[K]['output']>>;
};

/**
 * The caller of an operation whose access is `user` or `admin`; the adapters let nobody else through.
 * @throws AppError `unauthenticated` when an operation was declared public by mistake.
 */
export function signedIn(context: RequestContext): Viewer {
  if (!context.viewer) throw new AppError('unauthenticated', 'Not authenticated');
  return context.viewer;
}

/** Workflows and runs are seen by their environment's people and by administrators. */
export const seesEverything = (viewer: Viewer): boolean => viewer.role === 'admin';
