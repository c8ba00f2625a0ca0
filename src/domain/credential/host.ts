const HOST = /^(\*\.)?([\p{L}\p{N}_-]+(\.[\p{L}\p{N}_-]+)*|\[[\da-f:.]+\])(:\d{1,5})?$/u;
const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/**
 * A host as a credential is bound to it: `example.com`, `*.example.com` or `example.com:8443`, in lower case. A whole
 * address is taken for its host. Null: it is none.
 */
export function hostPattern(text: string): string | null {
  const trimmed = text.trim().toLowerCase();
  if (trimmed.includes('://')) return URL.parse(trimmed)?.host || null;
  if (!HOST.test(trimmed)) return null;
  const wild = trimmed.startsWith('*.') ? '*.' : '';
  const port = /[^\]]:(\d+)$|\]:(\d+)$/.exec(trimmed);
  const number = port?.[1] ?? port?.[2];
  if (number !== undefined && (Number(number) < 1 || Number(number) > 65_535)) return null;
  // Names outside ASCII are compared in the form they are resolved in.
  const bare = trimmed.slice(wild.length, number === undefined ? undefined : -number.length - 1);
  const host = URL.parse(`http://${bare}`)?.hostname;
  if (!host) return null;
  return `${wild}${host}${number === undefined ? '' : `:${Number(number)}`}`;
}

/** Whether an address lies within the bound hosts. Without a port a pattern means the usual port of the scheme. */
export function isBound(patterns: readonly string[], url: URL): boolean {
  const usual = DEFAULT_PORTS[url.protocol];
  const port = url.port || usual || '';
  return patterns.some((pattern) => {
    const [host, wanted] = splitPort(pattern);
    if ((wanted ?? usual) !== port) return false;
    return matches(host, url.hostname.toLowerCase());
  });
}

/** As {@link isBound}, for connections that have no scheme: without a port a pattern means every port. */
export function isBoundTo(patterns: readonly string[], host: string, port: number): boolean {
  return patterns.some((pattern) => {
    const [name, wanted] = splitPort(pattern);
    return (wanted === null || Number(wanted) === port) && matches(name, host.trim().toLowerCase());
  });
}

/** Whether everything within `host` lies within the bound hosts already. */
export function covers(patterns: readonly string[], host: string): boolean {
  const [name, port] = splitPort(host);
  return patterns.some((pattern) => {
    const [bound, wanted] = splitPort(pattern);
    return wanted === port && (bound === name || (!name.startsWith('*.') && matches(bound, name)));
  });
}

function matches(pattern: string, host: string): boolean {
  const bare = host.replace(/\.$/, '');
  if (!pattern.startsWith('*.')) return pattern === bare;
  return bare.endsWith(pattern.slice(1)) && bare.length > pattern.length - 1;
}

function splitPort(pattern: string): [string, string | null] {
  const found = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(pattern);
  return [found?.[1] ?? pattern, found?.[2] ?? null];
}
