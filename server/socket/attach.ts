import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Db } from '#server/db/connection.ts';
import type { Engine, EngineLog } from '#server/engine/interface.ts';
import type { LiveBus } from '#server/live/live-bus.ts';
import type { IdentitySource } from '../http/context.ts';
import type { Shared } from './connection.ts';
import { Doorman } from './doorman.ts';
import { EpicHub } from './epic-hub.ts';
import { Gate } from './gate.ts';
import { recheck } from './guard.ts';
import { Hub } from './hub.ts';
import { CLOSE, LIMITS, type SocketLimits } from './limit.ts';
import { openFeed } from './workflow-feed.ts';

export type UpgradeHandler = (incoming: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** What the sockets need of the running server. */
export interface SocketOptions extends IdentitySource {
  /** Its upgrade requests are answered; leave it out where the caller hands them to `upgrade` itself. */
  readonly server?: Server;
  readonly db: Db;
  /** The same database, for the one connection that listens. */
  readonly url: string;
  readonly engine: Engine;
  /** What is being written; without it, answers come whole. */
  readonly liveBus?: LiveBus;
  readonly log: EngineLog;
  /** Upgrade requests for other paths, such as the development server's; without it they are left alone. */
  readonly onOther?: UpgradeHandler;
  /** Other figures than the documented ones, for tests. */
  readonly limits?: Partial<SocketLimits>;
}

/** The live sockets of one server. */
export interface Sockets {
  /** Answers an upgrade request. */
  readonly upgrade: UpgradeHandler;
  /** How many clients are connected. */
  count(): number;
  /** Tells every client to come back elsewhere (1012) and lets go of the server. */
  close(): Promise<void>;
}

const LOOK_UPS_AT_ONCE = 4;

/** Serves /ws/ and /ws/executions/{id}/. */
export function attachSockets(options: SocketOptions): Sockets {
  const limits = { ...LIMITS, ...options.limits };
  const hub = new Hub(options.engine, options.liveBus ?? null);
  const epics = new EpicHub();
  const gate = new Gate(LOOK_UPS_AT_ONCE);
  const feed = openFeed({
    url: options.url,
    onMessage: (text) => hub.onWorkflowMessage(text),
    onEpicMessage: (text) => epics.onMessage(text),
    onConnected: () => {
      epics.again();
      for (const listener of hub.confirmed()) listener.again();
    },
  });
  const { db, engine, identities, server } = options;
  const shared: Shared = { db, engine, hub, epics, gate, limits, isListening: feed.isListening };
  const doorman = new Doorman({ source: options, shared, log: options.log });
  const stopClock = startClock(doorman, limits, () =>
    recheck({ db, identities, gate, hub, connections: () => doorman.connections }),
  );
  const upgrade: UpgradeHandler = (incoming, socket, head) => {
    if (!doorman.take(incoming, socket, head)) options.onOther?.(incoming, socket, head);
  };
  server?.on('upgrade', upgrade);
  return {
    upgrade,
    count: () => doorman.connections.size,
    close: async () => {
      server?.off('upgrade', upgrade);
      stopClock();
      await Promise.all([doorman.close(CLOSE.restart, 'The server restarts'), feed.close()]);
    },
  };
}

function startClock(doorman: Doorman, limits: SocketLimits, check: () => Promise<void>): () => void {
  let isChecking = false;
  const tick = setInterval(() => {
    const now = performance.now();
    for (const connection of doorman.connections) connection.tick(now);
  }, limits.tickMs);
  const recheckTimer = setInterval(() => {
    if (isChecking || doorman.connections.size === 0) return;
    isChecking = true;
    // While the database cannot be asked, nothing leaves it either; the next round asks again.
    void check()
      .catch(() => undefined)
      .finally(() => {
        isChecking = false;
      });
  }, limits.recheckMs);
  return () => {
    clearInterval(tick);
    clearInterval(recheckTimer);
  };
}
