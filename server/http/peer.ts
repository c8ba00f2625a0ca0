import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import { isLoopback } from './connection-count.ts';

const FORWARDING = [
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'forwarded',
  'via',
];

export interface Peer {
  /** The caller as far as trusted proxies tell, in canonical form. */
  readonly address: string;
  /** The peer is this machine, called by a name of this machine, and nothing says the request was forwarded. */
  readonly local: boolean;
  readonly secure: boolean;
}

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Makes the function that tells who is at the other end; only proxies in `trusted` (addresses, CIDRs) are believed. */
export function peerReader(trusted: readonly string[]): (incoming: IncomingMessage) => Peer {
  const networks = trusted.map(networkOf);
  return (incoming) => {
    const socket = canonical(incoming.socket.remoteAddress ?? '');
    const forwarded = FORWARDING.some((name) => incoming.headers[name] !== undefined);
    const believed = networks.length > 0 && isIn(socket, networks);
    return {
      address: believed ? nearestUntrusted(incoming, socket, networks) : socket,
      local: isLoopback(socket) && !forwarded && meansThisMachine(incoming.headers),
      secure: believed && first(incoming.headers['x-forwarded-proto']) === 'https',
    };
  };
}

function networkOf(entry: string): Network {
  if (entry.includes('/')) return ipaddr.parseCIDR(entry) as Network;
  const address = ipaddr.process(entry);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function canonical(address: string): string {
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : address;
}

/**
 * Whether the caller means this machine by its name or address. A page of another site whose name was made to point
 * here still says that name.
 */
function meansThisMachine({ host = '' }: IncomingMessage['headers']): boolean {
  const name = host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  return name === 'localhost' || name.endsWith('.localhost') || isLoopback(name);
}

/** Tells proxies whose headers are believed by their address. */
export function proxyTest(trusted: readonly string[]): (address: string) => boolean {
  const networks = trusted.map(networkOf);
  return (address) => isLoopback(address) || isIn(canonical(address), networks);
}

function isIn(address: string, networks: readonly Network[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return networks.some(
    ([base, bits]) => parsed.kind() === base.kind() && parsed.match([base, bits] as never),
  );
}

/** Proxies append: from the right, the first address no trusted proxy has. */
function nearestUntrusted(incoming: IncomingMessage, socket: string, networks: readonly Network[]): string {
  const header = incoming.headers['x-forwarded-for'];
  const chain = (Array.isArray(header) ? header.join(',') : (header ?? ''))
    .split(',')
    .map((one) => one.trim());
  for (const one of chain.toReversed()) {
    if (!ipaddr.isValid(one)) return socket;
    const address = canonical(one);
    if (!isIn(address, networks)) return address;
  }
  return socket;
}

const first = (header: string | string[] | undefined): string | undefined =>
  (Array.isArray(header) ? header[0] : header)?.split(',')[0]?.trim();
