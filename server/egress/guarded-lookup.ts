import { type LookupAddress, promises as dns } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { EgressError, notAllowed } from './egress-error.ts';
import type { EgressPolicy } from './policy.ts';

/** Finds the addresses of a host name. */
export type Resolver = (host: string) => Promise<LookupAddress[]>;

/** The machine's own resolver. */
export const systemResolver: Resolver = (host) => dns.lookup(host, { all: true });

/**
 * Name resolution for the sockets of one origin: the addresses that pass here are the very ones dialled, so a name
 * that resolves differently the next time gains nothing. One bad answer among several refuses them all.
 */
export function guardedLookup(policy: EgressPolicy, port: number, resolve: Resolver): LookupFunction {
  return (host, options, callback) => {
    resolve(host).then(
      (addresses) => {
        const [first] = addresses;
        if (!first) return callback(new EgressError('unreachable', `${host} has no address.`), '', 0);
        if (!addresses.every(({ address }) => policy.permits(host, port, address))) {
          return callback(notAllowed(host, port), '', 0);
        }
        return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}
