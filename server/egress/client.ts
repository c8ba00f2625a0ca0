import { Agent, type Dispatcher, Pool } from 'undici';
import { isBound } from '#domain/credential/host.ts';
import { readBody, tooLarge } from './answer-body.ts';
import { startDeadline } from './deadline.ts';
import { EgressError } from './egress-error.ts';
import type { EgressRequest, EgressStreamRequest } from './egress-request.ts';
import {
  boundedTimeout,
  type Exchange,
  firstHop,
  flatten,
  notBound,
  send,
  sign,
  toEgressError,
} from './exchange.ts';
import { guardedLookup, type Resolver, systemResolver } from './guarded-lookup.ts';
import { createPolicy, portOf } from './policy.ts';
import { type Hop, redirectOf } from './redirect.ts';
import { type EgressStream, openStream } from './stream.ts';

export type { EgressAuth, EgressRequest } from './egress-request.ts';

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
  /**
   * As `request`, with a body that is read as it comes. Redirects are answers like any other: a key goes nowhere else.
   * @throws EgressError here and while the body is read
   */
  stream(request: EgressStreamRequest, signal: AbortSignal): Promise<EgressStream>;
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
const CONNECT_TIMEOUT_MS = 10_000;
const CONNECTIONS_PER_ORIGIN = 128;

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
    const deadline = startDeadline(boundedTimeout(wish), signal);
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
  const stream = (wish: EgressStreamRequest, signal: AbortSignal) =>
    openStream({ agent, policy, wish }, signal);
  return { request, stream, close: () => agent.destroy() };
}

async function follow(
  exchange: Exchange & { readonly wish: EgressRequest },
  first: Hop,
): Promise<Omit<EgressResponse, 'durationMs'>> {
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
