import { connect, isIP, type Socket } from 'node:net';
import { notAllowed } from './egress-error.ts';
import { guardedLookup, type Resolver } from './guarded-lookup.ts';
import type { EgressPolicy } from './policy.ts';

const CONNECT_MS = 10_000;

export interface Dialling {
  readonly policy: EgressPolicy;
  readonly resolve: Resolver;
  /** Ends the connection too, whenever it comes. */
  readonly signal: AbortSignal;
}

/**
 * A connection for something other than HTTP, to the very address that was checked.
 * @throws EgressError `not_allowed`; what the socket says when nobody answers
 */
export async function dial(
  { host, port }: { host: string; port: number },
  { policy, resolve, signal }: Dialling,
): Promise<Socket> {
  // For a literal address no name is resolved, so the check on resolving would never come.
  if (isIP(host) !== 0 && !policy.permits(host, port, host)) throw notAllowed(host, port, policy.ports);
  const socket = connect({ host, port, lookup: guardedLookup(policy, port, resolve), signal });
  return new Promise((opened, failed) => {
    socket.setTimeout(CONNECT_MS, () =>
      socket.destroy(Object.assign(new Error('Not connected in time.'), { code: 'ETIMEDOUT' })),
    );
    socket.once('error', failed);
    socket.once('connect', () => {
      socket.setTimeout(0);
      // What happens later is heard by whoever uses it; nothing may happen unheard.
      socket.on('error', () => undefined);
      socket.off('error', failed);
      opened(socket);
    });
  });
}
