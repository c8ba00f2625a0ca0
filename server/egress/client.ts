import { Agent, type Dispatcher, Pool } from 'undici';
import { isBound } from '#domain/credential/host.ts';
import { readBody, tooLarge } from './answer-body.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import { EgressError } from './egress-error.ts';
import { guardedLookup, type Resolver, systemResolver } from './guarded-lookup.ts';
import { createPolicy, type EgressPolicy, portOf } from './policy.ts';
import { type Hop, redirectOf } from './redirect.ts';

export interface EgressRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | null;
  /** Milliseconds for everything: connecting, redirects and reading the body. At most ten minutes. */
  timeoutMs: number;
  /** Bytes of the inflated body. At most 10 MiB. */
  maxBytes: number;
  followRedirects: boolean;
  /** Signs the request; it goes to the first origin only, and only to a host it is bound to. */
  auth?: EgressAuth;
}

/** A credential, as far as it is put into requests. */
export interface EgressAuth {
  /** For messages. */
  readonly name: string;
  readonly hosts: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

export interface EgressResponse {
  status: number;
  /** Lower-case names; repeated headers are joined with a comma. */
  headers: Record<string, string>;
  body: string;
  /** Where the answer came from, after redirects. */
  url: string;
  durationMs: number;
}

/** The one way out of the server. */
export interface Egress {
  /** @throws EgressError */
  request(request: EgressRequest, signal: AbortSignal): Promise<EgressResponse>;
  /** Ends all connections. */
  close(): Promise<void>;
}

export interface EgressOptions {
  /** PIPEWRIGHT_EGRESS_ALLOW: `host:port`, `ip`, `ip:port` or CIDR reachable although private or on an odd port. */
  allow: readonly string[];
  /** Replaces the machine's resolver. */
  resolve?: Resolver;
}

const MAX_REDIRECTS = 5;
const MAX_BYTES = 10 * 1024 * 1024;
const MAX_TIMEOUT_MS = 600_000;
const CONNECT_TIMEOUT_MS = 10_000;
const CONNECTIONS_PER_ORIGIN = 128;

/** What the connection itself decides; a caller's wish about these would only break the request. */
const CONNECTION_HEADERS: ReadonlySet<string> = new Set(
  (
    'connection content-length expect host http2-settings keep-alive proxy-authorization proxy-connection te trailer ' +
    'transfer-encoding upgrade'
  ).split(' '),
);
const METHOD = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/;

/** Opens the guarded client; connections are kept alive and shared. @throws TypeError for a bad allow-list */
export function createEgress({ allow, resolve = systemResolver }: EgressOptions): Egress {
  const policy = createPolicy(allow);
  const agent = new Agent({
    factory: (origin, options) => {
      const lookup = guardedLookup(policy, portOf(new URL(origin)), resolve);
      return new Pool(origin, { ...options, connect: { timeout: CONNECT_TIMEOUT_MS, lookup } });
    },
    connections: CONNECTIONS_PER_ORIGIN,
    // The deadline of the request is the only clock.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const request = async (wish: EgressRequest, signal: AbortSignal): Promise<EgressResponse> => {
    const began = performance.now();
    const hop = firstHop(wish);
    const deadline = startDeadline(Math.min(Math.max(1, wish.timeoutMs), MAX_TIMEOUT_MS), signal);
    try {
      const answer = await follow({ agent, policy, wish, deadline }, hop);
      return { ...answer, durationMs: Math.round(performance.now() - began) };
    } catch (error) {
      deadline.abandon();
      throw toEgressError(error, deadline, { host: hop.url.host, timeoutMs: wish.timeoutMs });
    } finally {
      deadline.stop();
    }
  };
  return { request, close: () => agent.destroy() };
}

interface Exchange {
  agent: Agent;
  policy: EgressPolicy;
  wish: EgressRequest;
  deadline: Deadline;
}

async function follow(exchange: Exchange, first: Hop): Promise<Omit<EgressResponse, 'durationMs'>> {
  const { auth } = exchange.wish;
  if (auth && !isBound(auth.hosts, first.url)) throw notBound(auth, first.url);
  let hop = first;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    exchange.policy.checkUrl(hop.url);
    const signed = auth && hop.url.origin === first.url.origin ? sign(hop, auth) : hop;
    const answer = await send(exchange, signed);
    const headers = flatten(answer.headers);
    const next = exchange.wish.followRedirects
      ? redirectOf(hop, answer.statusCode, headers['location'])
      : null;
    if (!next) {
      const body = await readAnswer(
        answer,
        hop.method === 'HEAD',
        Math.min(exchange.wish.maxBytes, MAX_BYTES),
      );
      return { status: answer.statusCode, headers, body, url: hop.url.href };
    }
    // A short body is read so that the connection can be used again; a long one is not worth it.
    await answer.body.dump({ limit: 16 * 1024, signal: exchange.deadline.signal });
    hop = next;
  }
  throw new EgressError('unreachable', `${first.url.host} redirects more than ${MAX_REDIRECTS} times.`);
}

function notBound({ name, hosts }: EgressAuth, url: URL): EgressError {
  const bound = hosts.length === 0 ? 'It is bound to no host yet.' : `It is bound to ${hosts.join(', ')}.`;
  const way = `Add ${url.host} to the hosts of the credential if it may go there.`;
  return new EgressError(
    'credential_denied',
    `The credential “${name}” is not sent to ${url.host}. ${bound} ${way}`,
  );
}

/** Only what is sent carries the credential: neither the next hop nor the address in the answer. */
function sign(hop: Hop, { headers, query }: EgressAuth): Hop {
  const url = new URL(hop.url);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return { ...hop, url, headers: { ...hop.headers, ...headers } };
}

function send({ agent, deadline }: Exchange, hop: Hop): Promise<Dispatcher.ResponseData> {
  return agent.request({
    origin: hop.url.origin,
    path: hop.url.pathname + hop.url.search,
    method: hop.method as Dispatcher.HttpMethod,
    headers: hop.headers,
    body: hop.body,
    signal: deadline.signal,
  });
}

async function readAnswer(
  answer: Dispatcher.ResponseData,
  bodiless: boolean,
  maxBytes: number,
): Promise<string> {
  if (bodiless || answer.statusCode === 204 || answer.statusCode === 304) {
    // The headers describe a body that does not come; looking for it would find a damaged one.
    await answer.body.dump();
    return '';
  }
  const headers = flatten(answer.headers);
  if (Number(headers['content-length'] ?? 0) > maxBytes) {
    answer.body.destroy();
    throw tooLarge(maxBytes);
  }
  return readBody(answer.body, {
    maxBytes,
    encoding: headers['content-encoding'],
    contentType: headers['content-type'],
  });
}

function firstHop({ method, url, headers, body }: EgressRequest): Hop {
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

function flatten(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const flat: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat.push([name, Array.isArray(value) ? value.join(', ') : value]);
  }
  return Object.fromEntries(flat);
}

function toEgressError(
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
