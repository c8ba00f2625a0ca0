import { promises as dns, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
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
  const permitted = callbackify(async (host: string): Promise<[LookupAddress, ...LookupAddress[]]> => {
    const [first, ...others] = await resolve(host);
    if (!first) throw new EgressError('unreachable', `${host} has no address.`);
    const addresses: [LookupAddress, ...LookupAddress[]] = [first, ...others];
    if (!addresses.every(({ address }) => policy.permits(host, port, address)))
      throw notAllowed(host, port, policy.ports);
    return addresses;
  });
  return (host, options, callback) => {
    permitted(host, (error, addresses) => {
      if (error) callback(error, '', 0);
      else if (options.all) callback(null, addresses);
      else callback(null, addresses[0].address, addresses[0].family);
    });
  };
}
