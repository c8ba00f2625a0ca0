import type { IncomingMessage, Server } from 'node:http';
import ipaddr from 'ipaddr.js';

/** Nobody needs more; a proxy we trust, or one on this machine, speaks for many. */
const PER_ADDRESS = 1000;

/** Hangs up on an address that has too many connections open. `isProxy`: addresses that may have any number. */
export function limitConnections(
  server: Server,
  isProxy: (address: string) => boolean,
  limit = PER_ADDRESS,
): void {
  const open = new Map<string, number>();
  server.on('connection', (socket: IncomingMessage['socket']) => {
    const address = socket.remoteAddress;
    if (address === undefined || isProxy(address)) return;
    const count = (open.get(address) ?? 0) + 1;
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
    if (count > limit) socket.destroy();
  });
}

/** Whether an address is this machine's own. */
export const isLoopback = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
