import type { IncomingMessage } from 'node:http';
import { AppError } from '#domain/problem.ts';
import type { Identities } from '#server/features/accounts/identity.ts';
import type { RequestContext, Viewer } from '#server/features/handler.ts';
import { authenticate } from './authenticate.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import type { Peer } from './peer.ts';
import type { RateLimits } from './rate-limit.ts';
import { sessionCookieHeader } from './session-cookie.ts';
import { visitAccess } from './visit-cookie.ts';

/** What it takes to know who sent a request. */
export interface IdentitySource {
  readonly identities: Identities;
  readonly peerOf: (incoming: IncomingMessage) => Peer;
}

export interface ContextSource extends IdentitySource {
  /** What the message gateway shows with every message it delivers. */
  readonly gatewayToken: string;
  readonly limits: RateLimits;
}

/** The context of a request whose caller is known, or for an operation that does not ask. */
export function openContext(
  source: ContextSource,
  incoming: IncomingMessage,
  viewer: Viewer | null,
  setCookie: (header: string) => void,
): RequestContext {
  const peer = source.peerOf(incoming);
  return {
    viewer,
    ...peer,
    userAgent: incoming.headers['user-agent']?.slice(0, 300) ?? '',
    idempotencyKey: idempotencyKeyOf(incoming),
    visit: visitAccess(incoming, peer.secure, setCookie),
    whenGone: (listener) => whenClosed(incoming, listener),
    setSession: (token, maxAge) => setCookie(sessionCookieHeader(token, { secure: peer.secure, maxAge })),
  };
}

/** A client that gives a request up closes its connection; the request itself was read long ago. */
function whenClosed({ socket }: IncomingMessage, listener: () => void): () => void {
  socket.once('close', listener);
  if (socket.destroyed) listener();
  return () => socket.off('close', listener);
}

export function whoSent(source: IdentitySource, incoming: IncomingMessage): Promise<Viewer> {
  return authenticate(incoming, source.identities, source.peerOf(incoming).secure);
}

/**
 * As {@link whoSent}, counting the request for its key or session; without a good one, for its address.
 * @throws AppError `too_many` besides.
 */
export async function whoSentCounted(source: ContextSource, incoming: IncomingMessage): Promise<Viewer> {
  const viewer = await whoSent(source, incoming).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'unauthenticated') countStranger(source, incoming);
    throw error;
  });
  source.limits.signedIn(viewer.credential);
  return viewer;
}

/** @throws AppError `too_many` */
export function countStranger(source: ContextSource, incoming: IncomingMessage): void {
  source.limits.stranger(source.peerOf(incoming).address);
}
