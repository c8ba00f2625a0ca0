import type { IncomingMessage } from 'node:http';
import { AppError } from '#domain/problem.ts';
import type { Identities } from '#server/features/accounts/identity.ts';
import type { Viewer } from '#server/features/handler.ts';
import { refuseForeignOrigin } from './same-origin.ts';
import { sessionCookie } from './session-cookie.ts';

/**
 * Who sent this request. A Bearer key wins over the cookie, even when it is bad. A cookie counts only for requests
 * of our own pages.
 * @throws AppError `unauthenticated` with the documented text; `forbidden` for another site's use of the cookie.
 */
export async function authenticate(
  incoming: IncomingMessage,
  identities: Identities,
  secure: boolean,
): Promise<Viewer> {
  const header = incoming.headers.authorization;
  if (header !== undefined) {
    const key = /^Bearer +(\S+) *$/i.exec(header)?.[1];
    if (key === undefined) throw new AppError('unauthenticated', 'Not authenticated');
    return identities.byKey(key);
  }
  const cookie = sessionCookie(incoming, secure);
  if (cookie === null) throw new AppError('unauthenticated', 'Not authenticated');
  refuseForeignOrigin(incoming, true);
  return identities.bySession(cookie);
}
