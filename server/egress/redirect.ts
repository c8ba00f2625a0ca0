import { EgressError } from './egress-error.ts';

/** One request on the way to an answer. */
export interface Hop {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body: string | null;
}

/** Any other header may carry a secret under a name nobody can foresee, so it stays with the first origin. */
const SAFE_ELSEWHERE: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'content-language',
  'content-type',
  'idempotency-key',
  'if-modified-since',
  'if-none-match',
  'range',
  'user-agent',
]);

/**
 * The request that a redirect asks for; null when the answer is no redirect.
 * @throws EgressError for a redirect from https to http or to no address at all
 */
export function redirectOf(hop: Hop, status: number, location: string | undefined): Hop | null {
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return null;
  if (!URL.canParse(location, hop.url)) {
    throw new EgressError('bad_url', `${hop.url.host} redirects to something that is no address.`);
  }
  const url = new URL(location, hop.url);
  if (hop.url.protocol === 'https:' && url.protocol === 'http:') {
    throw new EgressError(
      'not_allowed',
      `${hop.url.host} redirects from https to http, which is not followed. Use the final address.`,
    );
  }
  const becomesGet = status === 303 ? hop.method !== 'HEAD' : status < 303 && hop.method === 'POST';
  const sameOrigin = url.origin === hop.url.origin;
  const headers = Object.fromEntries(
    Object.entries(hop.headers).filter(([name]) => {
      const lower = name.toLowerCase();
      if (becomesGet && lower.startsWith('content-')) return false;
      return sameOrigin || SAFE_ELSEWHERE.has(lower);
    }),
  );
  return becomesGet ? { method: 'GET', url, headers, body: null } : { ...hop, url, headers };
}
