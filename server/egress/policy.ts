import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import { EgressError, notAllowed } from './egress-error.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Where outbound traffic may go. Every dialled address has to pass `permits`. */
export interface EgressPolicy {
  /** Ports that need no entry in the list. */
  readonly ports: readonly number[];
  /** True when `address`, reached as `host:port`, may be dialled. */
  permits(host: string, port: number, address: string): boolean;
  /**
   * Checks a URL as far as that is possible without resolving names.
   * @throws EgressError `bad_url` or `not_allowed`
   */
  checkUrl(url: URL): void;
}

interface AllowList {
  hosts: Set<string>;
  ranges: [Address, number][];
}

export const WEB_PORTS: readonly number[] = [80, 443, 8080, 8443];

/** Cloud metadata services: they hand out the machine's credentials, so no list can open them. */
const METADATA = [
  '169.254.0.0/16',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
].map((range) => ipaddr.parseCIDR(range));
const NAT64 = ipaddr.parseCIDR('64:ff9b::/96');

/**
 * Public unicast addresses on the usual ports are allowed, everything else only by the list.
 * @param allow entries `host:port`, `ip`, `ip:port` or CIDR
 * @param ports what counts as usual
 * @throws TypeError naming an entry that cannot be read or that names a metadata address
 */
export function createPolicy(allow: readonly string[], ports = WEB_PORTS): EgressPolicy {
  const list = parseAllowList(allow);
  const own = ownAddresses();
  const permits = (host: string, port: number, address: string): boolean => {
    if (!ipaddr.isValid(address)) return false;
    const ip = ipaddr.process(address);
    if (isMetadata(ip)) return false;
    if (list.hosts.has(`${hostKey(host)}:${port}`) || list.hosts.has(`${ip.toString()}:${port}`)) return true;
    if (list.ranges.some(([network, bits]) => within(ip, network, bits))) return true;
    return ports.includes(port) && ip.range() === 'unicast' && !own().has(ip.toString());
  };
  const checkUrl = (url: URL): void => {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      throw new EgressError(
        'bad_url',
        `Only http and https addresses can be requested, not ${url.protocol}//`,
      );
    }
    if (url.username !== '' || url.password !== '') {
      throw new EgressError(
        'bad_url',
        'The address holds a user name or password. Use a credential instead.',
      );
    }
    const host = hostOf(url);
    const port = portOf(url);
    // For a literal address no name is resolved, so the check on resolving would never come.
    if (ipaddr.isValid(host) && !permits(host, port, host)) throw notAllowed(host, port, ports);
  };
  return { ports, permits, checkUrl };
}

/** Host without the brackets of an IPv6 literal. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

function parseAllowList(allow: readonly string[]): AllowList {
  const list: AllowList = { hosts: new Set(), ranges: [] };
  for (const entry of allow.map((text) => text.trim()).filter((text) => text !== '')) {
    const range = parseRange(entry);
    if (range) list.ranges.push(range);
    else list.hosts.add(parseHostPort(entry));
  }
  return list;
}

function parseRange(entry: string): [Address, number] | null {
  const bare = entry.replace(/^\[([^\]]*)\]$/, '$1');
  if (ipaddr.isValidCIDR(bare)) return ipaddr.parseCIDR(bare);
  if (!isPlainAddress(bare)) return null;
  const ip = ipaddr.process(bare);
  refuseMetadata(ip, entry);
  return [ip, ip.kind() === 'ipv4' ? 32 : 128];
}

/** `ipaddr.isValid` also takes short forms such as `80`, which in this list are mistakes. */
function isPlainAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || (text.includes(':') && ipaddr.IPv6.isValid(text));
}

function parseHostPort(entry: string): string {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([\p{L}\p{N}._-]+)):(\d{1,5})$/u.exec(entry);
  const port = Number(match?.[3]);
  if (!match || port < 1 || port > 65_535) {
    throw new TypeError(
      `PIPEWRIGHT_EGRESS_ALLOW: "${entry}" is neither host:port nor an IP address nor a CIDR range.`,
    );
  }
  const host = match[1] ?? match[2] ?? '';
  if (!ipaddr.isValid(host)) return `${hostKey(host)}:${port}`;
  const ip = ipaddr.process(host);
  refuseMetadata(ip, entry);
  return `${ip.toString()}:${port}`;
}

function refuseMetadata(ip: Address, entry: string): void {
  if (!isMetadata(ip)) return;
  throw new TypeError(
    `PIPEWRIGHT_EGRESS_ALLOW: "${entry}" is a cloud metadata address, which is never allowed.`,
  );
}

function hostKey(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}

function isMetadata(ip: Address): boolean {
  if (METADATA.some(([network, bits]) => within(ip, network, bits))) return true;
  if (!within(ip, NAT64[0], NAT64[1])) return false;
  // Behind a NAT64 gateway the last four bytes are the IPv4 address that is reached.
  return isMetadata(new ipaddr.IPv4(ip.toByteArray().slice(12)));
}

function within(ip: Address, network: Address, bits: number): boolean {
  if (ip instanceof ipaddr.IPv4) return network instanceof ipaddr.IPv4 && ip.match(network, bits);
  return network instanceof ipaddr.IPv6 && ip.match(network, bits);
}

/** Public addresses of this machine itself lead back in, so they count as private. Read again every 30 s. */
function ownAddresses(): () => ReadonlySet<string> {
  let known: ReadonlySet<string> = new Set();
  let readAt = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (now - readAt > 30_000) {
      const found = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
      known = new Set(found.map(({ address }) => ipaddr.process(address.split('%')[0] ?? '').toString()));
      readAt = now;
    }
    return known;
  };
}
