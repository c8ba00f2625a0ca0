import type { Readable } from 'node:stream';
import type { Agent } from 'undici';
import { isBound } from '#domain/credential/host.ts';
import { inflated, tooLarge } from './answer-body.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import { EgressError } from './egress-error.ts';
import type { EgressStreamRequest } from './egress-request.ts';
import { boundedTimeout, firstHop, flatten, notBound, send, sign, toEgressError } from './exchange.ts';
import type { EgressPolicy } from './policy.ts';

/** An answer whose body is still on its way. */
export interface EgressStream {
  readonly status: number;
  /** Lower-case names; repeated headers are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Has to be read to its end or let go of. Inflated; rejects with EgressError. */
  readonly body: AsyncIterable<Uint8Array>;
}

interface Opening {
  readonly agent: Agent;
  readonly policy: EgressPolicy;
  readonly wish: EgressStreamRequest;
}

/** @throws EgressError */
export async function openStream(
  { agent, policy, wish }: Opening,
  signal: AbortSignal,
): Promise<EgressStream> {
  const first = firstHop(wish);
  const idle = startIdle(wish.idleMs);
  const deadline = startDeadline(boundedTimeout(wish), AbortSignal.any([signal, idle.signal]));
  const failed = (error: unknown): EgressError => {
    deadline.abandon();
    if (idle.signal.aborted) return new EgressError('timeout', silent(first.url.host, wish.idleMs), error);
    return toEgressError(error, deadline, { host: first.url.host, timeoutMs: wish.timeoutMs });
  };
  const over = (): void => {
    idle.stop();
    deadline.stop();
  };
  try {
    if (wish.auth && !isBound(wish.auth.hosts, first.url)) throw notBound(wish.auth, first.url);
    policy.checkUrl(first.url);
    const answer = await send({ agent, deadline }, wish.auth ? sign(first, wish.auth) : first);
    const headers = flatten(answer.headers);
    // Whoever reads it hears of it; until then nothing may happen unheard.
    answer.body.on('error', () => undefined);
    const read = pieces(answer.body, { wish, headers, idle, failed, over });
    const drop = (): void => {
      over();
      answer.body.destroy();
    };
    return { status: answer.statusCode, headers, body: droppable(read, drop) };
  } catch (error) {
    over();
    throw failed(error);
  }
}

/** A generator that nobody has begun to read does not hear of being let go of: its connection would stay open. */
const droppable = (pieces: AsyncGenerator<Uint8Array>, drop: () => void): AsyncIterable<Uint8Array> => ({
  [Symbol.asyncIterator]: () => ({
    next: () => pieces.next(),
    return: () => {
      drop();
      return pieces.return(undefined);
    },
  }),
});

const silent = (host: string, ms: number): string => `${host} has sent nothing for ${ms / 1000} s.`;

interface Reading {
  readonly wish: EgressStreamRequest;
  readonly headers: Readonly<Record<string, string>>;
  readonly idle: Idle;
  readonly failed: (error: unknown) => EgressError;
  readonly over: Deadline['stop'];
}

async function* pieces(
  body: Readable,
  { wish, headers, idle, failed, over }: Reading,
): AsyncGenerator<Uint8Array, undefined> {
  let size = 0;
  try {
    for await (const chunk of inflated(body, headers['content-encoding'])) {
      idle.refresh();
      const bytes = chunk as Buffer;
      size += bytes.length;
      if (size > wish.maxBytes) throw tooLarge(wish.maxBytes);
      yield new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    }
  } catch (error) {
    throw failed(error);
  } finally {
    over();
    body.destroy();
  }
  return undefined;
}

interface Idle {
  readonly signal: AbortSignal;
  refresh(): void;
  stop(): void;
}

function startIdle(ms: number): Idle {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  return {
    signal: controller.signal,
    refresh: () => void timer.refresh(),
    stop: () => clearTimeout(timer),
  };
}
