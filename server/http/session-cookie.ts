import type { IncomingMessage } from 'node:http';

/**
 * Over an encrypted connection the cookie carries the `__Host-` prefix, which no subdomain and no plain connection
 * can set. Over plain HTTP (this machine, a home network) browsers would drop such a cookie, so it goes without.
 */
const nameFor = (secure: boolean): string => (secure ? '__Host-pipewright' : 'pipewright');

/** The session token of the request's cookie, or null. */
export function sessionCookie(incoming: Pick<IncomingMessage, 'headers'>, secure: boolean): string | null {
  const wanted = nameFor(secure);
  for (const part of (incoming.headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at !== -1 && part.slice(0, at).trim() === wanted) return part.slice(at + 1).trim() || null;
  }
  return null;
}

/** The `Set-Cookie` header that keeps (`token`) or ends (null) a browser's session. */
export function sessionCookieHeader(
  token: string | null,
  options: { secure: boolean; maxAge: number },
): string {
  const age = token === null ? 0 : options.maxAge;
  const flags = `Path=/; Max-Age=${age}; HttpOnly; SameSite=Lax${options.secure ? '; Secure' : ''}`;
  return `${nameFor(options.secure)}=${token ?? ''}; ${flags}`;
}
