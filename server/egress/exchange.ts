import type { Agent, Dispatcher } from 'undici';
import type { Deadline } from './deadline.ts';
import { EgressError } from './egress-error.ts';
import type { EgressAuth, EgressRequest } from './egress-request.ts';
import type { EgressPolicy } from './policy.ts';
import type { Hop } from './redirect.ts';

const MAX_TIMEOUT_MS = 600_000;

/** What the connection itself decides; a caller's wish about these would only break the request. */
const CONNECTION_HEADERS: ReadonlySet<string> = new Set(
  (
    'connection content-length expect host http2-settings keep-alive proxy-authorization proxy-connection te trailer ' +
    'transfer-encoding upgrade'
  ).split(' '),
);
const METHOD = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/;

/** One request under way. */
export interface Exchange {
  agent: Agent;
  policy: EgressPolicy;
  wish: Pick<EgressRequest, 'auth'>;
  deadline: Deadline;
}

export const boundedTimeout = ({ timeoutMs }: Pick<EgressRequest, 'timeoutMs'>): number =>
  Math.min(Math.max(1, timeoutMs), MAX_TIMEOUT_MS);

export function notBound({ name, hosts }: EgressAuth, url: URL): EgressError {
  const bound = hosts.length === 0 ? 'It is bound to no host yet.' : `It is bound to ${hosts.join(', ')}.`;
  const way = `Add ${url.host} to the hosts of the credential if it may go there.`;
  return new EgressError(
    'credential_denied',
    `The credential “${name}” is not sent to ${url.host}. ${bound} ${way}`,
  );
}

/** Only what is sent carries the credential: neither the next hop nor the address in the answer. */
export function sign(hop: Hop, { headers, query }: EgressAuth): Hop {
  const url = new URL(hop.url);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return { ...hop, url, headers: { ...hop.headers, ...headers } };
}

export function send(
  { agent, deadline }: Pick<Exchange, 'agent' | 'deadline'>,
  hop: Hop,
): Promise<Dispatcher.ResponseData> {
  return agent.request({
    origin: hop.url.origin,
    path: hop.url.pathname + hop.url.search,
    method: hop.method as Dispatcher.HttpMethod,
    headers: hop.headers,
    body: hop.body,
    signal: deadline.signal,
  });
}

export function firstHop({
  method,
  url,
  headers,
  body,
}: Pick<EgressRequest, 'method' | 'url' | 'headers' | 'body'>): Hop {
  const verb = method.toUpperCase();
  if (!METHOD.test(verb)) throw new EgressError('bad_url', `Method ${method} cannot be used.`);
  if (!URL.canParse(url)) {
    throw new EgressError('bad_url', 'The address is not a complete URL. Write it with http:// or https://.');
  }
  const own = { accept: '*/*', 'accept-encoding': 'gzip, deflate, br', 'user-agent': 'Pipewright' };
  const wanted = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const kept = wanted.filter(([name]) => !CONNECTION_HEADERS.has(name));
  return { method: verb, url: new URL(url), headers: { ...own, ...Object.fromEntries(kept) }, body };
}

export function flatten(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const flat: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat.push([name, Array.isArray(value) ? value.join(', ') : value]);
  }
  return Object.fromEntries(flat);
}

export function toEgressError(
  error: unknown,
  deadline: Deadline,
  at: { host: string; timeoutMs: number },
): EgressError {
  if (deadline.reason() === 'aborted') return new EgressError('aborted', 'The request was stopped.');
  if (deadline.reason() === 'timeout') {
    return new EgressError(
      'timeout',
      `${at.host} did not answer completely within ${at.timeoutMs / 1000} s.`,
      error,
    );
  }
  if (error instanceof EgressError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'UND_ERR_CONNECT_TIMEOUT') {
    return new EgressError('timeout', `${at.host} could not be reached within 10 s.`, error);
  }
  if (code === 'UND_ERR_INVALID_ARG') {
    const detail = error instanceof Error ? error.message : '';
    return new EgressError(
      'bad_url',
      `The request cannot be sent: ${detail}. Check its headers and body.`,
      error,
    );
  }
  if (/CERT|SELF_SIGNED|ERR_TLS|UNABLE_TO|ERR_SSL|EPROTO/.test(code)) {
    return new EgressError(
      'unreachable',
      `No secure connection to ${at.host}: its certificate or TLS is not valid.`,
      error,
    );
  }
  return new EgressError(
    'unreachable',
    `Could not connect to ${at.host}. Check the address and that it is up.`,
    error,
  );
}
