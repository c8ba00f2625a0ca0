import { once } from 'node:events';
import { createServer } from 'node:http';
import { type ClientOptions, WebSocket } from 'ws';
import { connect } from '#server/db/connection.ts';
import type { TestEngine } from '#server/engine/test-engine.ts';
import { createIdentities } from '#server/features/accounts/identity.ts';
import { hashOf, randomSecret } from '#server/features/accounts/secret.ts';
import { peerReader } from '../http/peer.ts';
import { attachSockets, type SocketOptions } from './attach.ts';

type Message = Readonly<Record<string, unknown>>;

/** A server with nothing but sockets, for tests. */
export interface TestSockets {
  readonly port: number;
  close(): Promise<void>;
}

export async function startTestSockets(
  main: TestEngine,
  url: string,
  options: Partial<SocketOptions> = {},
): Promise<TestSockets> {
  const { db, close } = connect(url, 5);
  const server = createServer((_, response) => response.writeHead(404).end());
  const sockets = attachSockets({
    server,
    db,
    url,
    engine: main.engine,
    identities: createIdentities(db),
    peerOf: peerReader([]),
    log: () => undefined,
    ...options,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    port: address.port,
    close: async () => {
      await sockets.close();
      server.closeAllConnections();
      server.close();
      await close();
    },
  };
}

/** A user with a key, in an environment of their own or the given one. */
export async function makeUser({ pool }: TestEngine, environmentId: number | null, role = 'normal') {
  const key = randomSecret();
  const { rows } = await pool.query<{ key_id: number; user_id: number }>(
    `with u as (insert into users (username, role) values ('u' || gen_random_uuid(), $3) returning id),
     w as (insert into workspaces (name) values ('w') returning id),
     own as (insert into environments (workspace_id, name) select id, 'e' from w returning id),
     m as (insert into memberships (environment_id, user_id, role)
       select coalesce($1, own.id), u.id, 'owner' from own, u),
     k as (insert into api_keys (user_id, name, prefix, key_hash) select id, 'k', 'p', $2 from u returning id)
     select k.id as key_id, u.id as user_id from k, u`,
    [environmentId, hashOf(key), role],
  );
  const [row] = rows;
  if (!row) throw new Error('The user was not stored.');
  return { key, keyId: row.key_id, userId: row.user_id };
}

/** A client that keeps what it is sent. */
export class TestClient {
  readonly messages: Message[] = [];
  readonly socket: WebSocket;
  readonly openedAt = performance.now();
  readonly closed: Promise<{ code: number; reason: string }>;
  answersPings = true;

  constructor(port: number, path: string, options: ClientOptions = {}) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, options);
    this.socket.on('error', () => undefined);
    this.socket.on('message', (data) => {
      const message = JSON.parse(data.toString()) as Message;
      this.messages.push(message);
      if (message.type === 'ping' && this.answersPings) this.send({ type: 'pong' });
    });
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  static async open(port: number, key: string, path = '/ws/'): Promise<TestClient> {
    const client = new TestClient(port, `${path}?token=${key}`);
    await once(client.socket, 'open');
    return client;
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  /** Waits for the first message that fits. */
  async until(fits: (message: Message) => boolean, ms = 10_000): Promise<Message> {
    const end = Date.now() + ms;
    for (;;) {
      const found = this.messages.find(fits);
      if (found) return found;
      if (Date.now() > end) {
        throw new Error(`Not sent within ${ms} ms; last: ${JSON.stringify(this.messages.slice(-3))}`);
      }
      await new Promise((resolve) => {
        setTimeout(resolve, 10);
      });
    }
  }

  /** Subscribes and waits for the answer. */
  async subscribe(channel: string, afterSeq?: number): Promise<Message> {
    const before = this.messages.length;
    this.send({ type: 'subscribe', channel, ...(afterSeq !== undefined && { after_seq: afterSeq }) });
    return this.until(
      (one) =>
        this.messages.indexOf(one) >= before &&
        one.channel === channel &&
        (one.type === 'subscribed' || one.type === 'error'),
    );
  }

  /** The numbers of the run events on a channel, as they came. */
  seqs(channel: string): number[] {
    return this.messages.flatMap((one) =>
      one.channel === channel && typeof one.seq === 'number' && one.type !== 'execution_state' ? one.seq : [],
    );
  }
}
