import type { IncomingMessage } from 'node:http';

/** What a request shows to say which visitor of a hosted chat page it comes from, and how an answer keeps them. */
export interface VisitAccess {
  /** The bearer token, else the page's cookie. */
  token(pageId: string): string | null;
  keep(pageId: string, token: string, maxAgeSeconds: number): void;
}

const PAGE_ID = /^[\w-]{1,64}$/;
const nameOf = (pageId: string, secure: boolean): string =>
  `${secure ? '__Host-' : ''}pipewright-visit-${pageId}`;

/** The visit token of a request; null: it has none. */
export function visitToken(
  { headers }: Pick<IncomingMessage, 'headers'>,
  pageId: string,
  secure: boolean,
): string | null {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const wanted = nameOf(pageId, secure);
  for (const part of (headers.cookie ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at !== -1 && part.slice(0, at).trim() === wanted) return part.slice(at + 1).trim() || null;
  }
  return null;
}

export function visitAccess(
  incoming: IncomingMessage,
  secure: boolean,
  setCookie: (header: string) => void,
): VisitAccess {
  return {
    token: (pageId) => visitToken(incoming, pageId, secure),
    keep: (pageId, token, maxAge) => {
      if (!PAGE_ID.test(pageId)) return;
      const flags = `Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
      setCookie(`${nameOf(pageId, secure)}=${token}; ${flags}`);
    },
  };
}
