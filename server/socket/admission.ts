import type { IncomingMessage } from 'node:http';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { redeemTicket } from '#server/features/accounts/socket-ticket.ts';
import type { Viewer } from '#server/features/handler.ts';
import { type IdentitySource, whoSent } from '../http/context.ts';
import { isSameOrigin } from '../http/same-origin.ts';

export interface AdmissionSource extends IdentitySource {
  readonly db: Db;
}

/**
 * Who wants to connect: by `?ticket=`, by `?token=` or Bearer header with an API key, or by the session cookie when
 * one of our own pages asks. Null for nobody we let in.
 * @throws whatever keeps us from finding out.
 */
export async function whoConnects(
  source: AdmissionSource,
  incoming: IncomingMessage,
  query: URLSearchParams,
): Promise<Viewer | null> {
  try {
    const ticket = query.get('ticket');
    if (ticket) return await redeemTicket(source.db, source.identities, ticket);
    const token = query.get('token');
    if (token) return await source.identities.byKey(token);
    // Any site may open a socket to us, and the browser sends our cookie along.
    if (incoming.headers.authorization === undefined && isSameOrigin(incoming) !== 'yes') return null;
    return await whoSent(source, incoming);
  } catch (error) {
    if (error instanceof AppError && (error.code === 'unauthenticated' || error.code === 'forbidden'))
      return null;
    throw error;
  }
}

export type Target =
  | { readonly kind: 'channels'; readonly query: URLSearchParams }
  | { readonly kind: 'run'; readonly executionId: string; readonly query: URLSearchParams };

/** What an upgrade request asks for, or null when it is no business of ours. */
export function targetOf(url: string): Target | null {
  const [path = '', search = ''] = url.split('?', 2);
  const query = new URLSearchParams(search);
  if (path === '/ws' || path === '/ws/') return { kind: 'channels', query };
  const executionId = /^\/ws\/executions\/([^/]+)\/?$/.exec(path)?.[1];
  return executionId === undefined ? null : { kind: 'run', executionId, query };
}
