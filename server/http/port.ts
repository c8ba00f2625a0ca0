import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Logger } from 'pino';

export interface ListenOptions {
  readonly host: string;
  /** 0: the system chooses. */
  readonly port: number;
  /** Somebody else may have the port: several workers share a machine with a server. */
  readonly mayShare: boolean;
  readonly log: Logger;
}

/** @returns the port, which may have been chosen by the system. */
export async function listenOn(
  server: Server,
  { host, port, mayShare, log }: ListenOptions,
): Promise<number> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    if (!mayShare || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    log.warn(`Port ${port} is taken, so this worker has no /health.`);
    return port;
  }
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : port;
}

/** Takes no new connection and waits for the answers under way, at most `graceMs`. */
export async function closeServer(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(timer);
}
