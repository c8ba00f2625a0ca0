import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { EngineLog } from '#server/engine/interface.ts';
import { callerNetwork } from '#server/features/caller-network.ts';
import type { Viewer } from '#server/features/handler.ts';
import { type AdmissionSource, type Target, targetOf, whoConnects } from './admission.ts';
import { parseChannel, runFor } from './channel.ts';
import { Connection, type Shared } from './connection.ts';
import { CLOSE, MAX_PAYLOAD_BYTES, REFUSED_REASON } from './limit.ts';
import { channelOfRun, frameOf } from './message.ts';
import { Refusals } from './refusal.ts';

interface DoormanOptions {
  readonly source: AdmissionSource;
  readonly shared: Shared;
  readonly log: EngineLog;
}

interface Request {
  readonly incoming: IncomingMessage;
  readonly raw: Duplex;
  readonly head: Buffer;
}

/** Lets clients in or turns them away, and knows who is inside. */
export class Doorman {
  readonly connections = new Set<Connection>();
  readonly #options: DoormanOptions;
  readonly #refusals: Refusals;
  /** Everyone past the handshake, the refused ones included. */
  readonly #sockets = new Set<WebSocket>();
  readonly #perUser = new Map<number, number>();
  readonly #wss: WebSocketServer;
  #isClosing = false;

  constructor(options: DoormanOptions) {
    this.#options = options;
    const server = {
      noServer: true,
      clientTracking: false,
      maxPayload: MAX_PAYLOAD_BYTES,
      perMessageDeflate: false,
      closeTimeout: options.shared.limits.closeWithinMs,
    };
    this.#wss = new WebSocketServer(server);
    this.#refusals = new Refusals(options.shared.limits);
  }

  /** @returns false when the request is not for us. */
  take(incoming: IncomingMessage, raw: Duplex, head: Buffer): boolean {
    const target = targetOf(incoming.url ?? '');
    if (!target) return false;
    raw.on('error', () => raw.destroy());
    if (this.#isClosing) {
      answer(raw, '503 Service Unavailable', 'Retry-After: 1\r\n');
      return true;
    }
    this.#admit({ incoming, raw, head }, target).catch((error: unknown) => {
      this.#options.log('warn', 'A socket could not be opened.', { error: String(error) });
      answer(raw, '503 Service Unavailable', 'Retry-After: 1\r\n');
    });
    return true;
  }

  /** Closes everything and waits until it is closed. */
  async close(code: number, reason: string): Promise<void> {
    this.#isClosing = true;
    for (const connection of this.connections) connection.close(code, reason);
    const ends = [...this.#sockets].map(
      (socket) =>
        new Promise<void>((resolve) => {
          socket.once('close', () => resolve());
          socket.close(code, reason);
        }),
    );
    await Promise.all(ends);
  }

  async #admit(request: Request, target: Target): Promise<void> {
    const { source, shared } = this.#options;
    const { incoming, raw } = request;
    const viewer = await whoConnects(source, incoming, target.query);
    if (!viewer) {
      const delay = this.#refusals.count(callerNetwork(source.peerOf(incoming).address));
      if (delay === null) answer(raw, '401 Unauthorized', 'WWW-Authenticate: Bearer\r\n');
      else this.#open(request, (socket) => this.#turnAway(socket, delay));
      return;
    }
    if (target.kind === 'channels') {
      this.#open(request, (socket) => this.#letIn(viewer, socket));
      return;
    }
    const channel = parseChannel(channelOfRun(target.executionId));
    const state =
      channel?.kind === 'execution'
        ? await shared.gate.run(() => runFor(shared.db, viewer, channel.executionId))
        : null;
    this.#open(request, (socket) => {
      if (!state) {
        socket.send(
          frameOf({ type: 'error', channel: channelOfRun(target.executionId), code: 'forbidden' }),
          {
            binary: false,
          },
        );
        socket.close(CLOSE.refused, 'Execution not found');
        return;
      }
      const after = /^\d{1,9}$/.exec(target.query.get('after_seq') ?? '')?.[0];
      const connection = this.#letIn(viewer, socket);
      connection?.follow(target.executionId, state, after === undefined ? null : Number(after));
    });
  }

  #open({ incoming, raw, head }: Request, then: (socket: WebSocket) => void): void {
    if (this.#isClosing) {
      answer(raw, '503 Service Unavailable', 'Retry-After: 1\r\n');
      return;
    }
    this.#wss.handleUpgrade(incoming, raw, head, (socket) => {
      this.#sockets.add(socket);
      // A frame that breaks the protocol is answered and closed by ws itself.
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
      then(socket);
    });
  }

  #turnAway(socket: WebSocket, delayMs: number): void {
    const timer = setTimeout(() => socket.close(CLOSE.refused, REFUSED_REASON), delayMs);
    socket.on('close', () => clearTimeout(timer));
  }

  #letIn(viewer: Viewer, socket: WebSocket): Connection | null {
    const { shared } = this.#options;
    const open = this.#perUser.get(viewer.userId) ?? 0;
    if (open >= shared.limits.maxSocketsPerUser) {
      socket.close(CLOSE.refused, 'Too many connections');
      return null;
    }
    this.#perUser.set(viewer.userId, open + 1);
    const connection = new Connection(shared, viewer, socket);
    this.connections.add(connection);
    socket.on('close', () => {
      this.connections.delete(connection);
      const left = (this.#perUser.get(viewer.userId) ?? 1) - 1;
      if (left > 0) this.#perUser.set(viewer.userId, left);
      else this.#perUser.delete(viewer.userId);
    });
    return connection;
  }
}

function answer(raw: Duplex, status: string, header: string): void {
  if (raw.writable) raw.end(`HTTP/1.1 ${status}\r\n${header}Content-Length: 0\r\nConnection: close\r\n\r\n`);
  else raw.destroy();
}
