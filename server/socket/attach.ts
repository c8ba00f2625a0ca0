import type { Server } from 'node:http';
import type { Engine } from '#server/engine/interface.ts';
import type { Db } from '#server/db/connection.ts';

/** What the sockets need of the running server. */
export interface SocketOptions {
  readonly server: Server;
  readonly db: Db;
  readonly engine: Engine;
}

/** The live sockets of one server. */
export interface Sockets {
  /** Tells every client to come back elsewhere (1012) and lets go of the server. */
  close(): Promise<void>;
}
