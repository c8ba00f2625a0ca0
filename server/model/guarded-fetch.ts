import type { Egress } from '#server/egress/client.ts';
import type { EgressAuth } from '#server/egress/egress-request.ts';

export interface FetchOptions {
  readonly egress: Egress;
  /** Null: nothing signs it. */
  readonly auth: EgressAuth | null;
  readonly timeoutMs: number;
  /** Of an answer; 64 MiB if absent. */
  readonly maxBytes?: number;
}

/** Without a byte for so long a provider counts as gone. Models that think first take their time. */
const IDLE_MS = 120_000;
const MAX_BYTES = 64 * 1024 * 1024;
/** Set by the SDK, which knows no key: the real ones are put in behind the guard. */
const KEY_HEADERS: ReadonlySet<string> = new Set(['authorization', 'x-api-key']);

/** A function of the same face as the one of the platform, which nothing here calls. */
export type Fetch = typeof globalThis.fetch;

/** What the SDK takes for `fetch`: every request goes through the guarded egress and is signed there. */
export function guardedFetch({ egress, auth, timeoutMs, maxBytes = MAX_BYTES }: FetchOptions): Fetch {
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const given = [...new Headers(init?.headers).entries()].filter(([name]) => !KEY_HEADERS.has(name));
    const wish = {
      method: init?.method ?? 'GET',
      url,
      // Compressed pieces would wait for one another.
      headers: { ...Object.fromEntries(given), 'accept-encoding': 'identity' },
      body: typeof init?.body === 'string' ? init.body : null,
      timeoutMs,
      idleMs: Math.min(timeoutMs, IDLE_MS),
      maxBytes,
      ...(auth && { auth }),
    };
    const signal = init?.signal ?? new AbortController().signal;
    const { status, headers, body } = await egress.stream(wish, signal);
    // Nobody will read it, so it is let go of.
    if (bodyless(status)) await body[Symbol.asyncIterator]().return?.();
    return new Response(bodyless(status) ? null : streamOf(body), {
      status,
      headers: plain(headers),
    });
  };
}

const bodyless = (status: number): boolean => status === 204 || status === 205 || status === 304;

/** The body is inflated already. */
const plain = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !/^(content-encoding|content-length|transfer-encoding)$/.test(name),
    ),
  );

function streamOf(body: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]();
  return new ReadableStream({
    pull: async (controller) => {
      const next = await pieces.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: async () => {
      await pieces.return?.();
    },
  });
}
