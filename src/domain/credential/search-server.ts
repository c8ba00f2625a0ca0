type Values = Readonly<Record<string, unknown>>;

/** The tool type of credentials that stand for a SearXNG server. */
export const SEARXNG = 'searxng';

/**
 * Where the server of a SearXNG credential is, without the name and password the address may hold; null: the
 * credential is none, or names no address.
 */
export function searchServerOf(
  detail: Values,
): { readonly url: string; readonly login: string | null } | null {
  if (detail['tool_type'] !== SEARXNG) return null;
  const config = (detail['config'] ?? {}) as Values;
  const given = [config['url'], config['base_url'], config['searxng_url']].find(
    (one): one is string => typeof one === 'string' && one.trim() !== '',
  );
  const url = URL.parse(given?.trim() ?? '');
  if (!url || !/^https?:$/.test(url.protocol)) return null;
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const login = username + password === '' ? null : `${decoded(username)}:${decoded(password)}`;
  return { url: url.href, login };
}

/** A password may have a percent sign that stands for nothing but itself. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
