import ipaddr from 'ipaddr.js';

/**
 * What failures and strangers' requests are counted for: an IPv4 address; of an IPv6 address the first 64 bits,
 * because whoever has one usually has all 2^64 of that network to change between.
 */
export function callerNetwork(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  const prefix = parsed.parts.slice(0, 4).map((part) => part.toString(16));
  return `${prefix.join(':')}::/64`;
}
