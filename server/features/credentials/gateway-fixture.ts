import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A message gateway that speaks the protocol of `gateway.ts`, for tests. */
export interface FakeGateway {
  readonly url: string;
  readonly adminToken: string;
  /** What it has been told, by id. */
  readonly known: Map<string, Record<string, unknown>>;
  /** It answers everything with 500 while this is set. */
  isBroken: boolean;
  /** What it was to say, in order. */
  readonly sent: Record<string, unknown>[];
  /** It refuses to delete these. */
  readonly keeps: Set<string>;
  close(): Promise<void>;
}

export async function startGateway(): Promise<FakeGateway> {
  const adminToken = 'gateway-admin-token-0001';
  const known = new Map<string, Record<string, unknown>>();
  const keeps = new Set<string>();
  const sent: Record<string, unknown>[] = [];
  const state = { isBroken: false };
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing, { adminToken, known, keeps, sent, state }).catch(() =>
      outgoing.writeHead(500).end(),
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    adminToken,
    known,
    keeps,
    sent,
    get isBroken() {
      return state.isBroken;
    },
    set isBroken(value) {
      state.isBroken = value;
    },
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}

interface Inside {
  readonly adminToken: string;
  readonly known: Map<string, Record<string, unknown>>;
  readonly keeps: Set<string>;
  readonly sent: Record<string, unknown>[];
  readonly state: { isBroken: boolean };
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { adminToken, known, keeps, sent, state }: Inside,
): Promise<void> {
  const say = (status: number, body?: unknown): void => {
    outgoing.writeHead(status, { 'content-type': 'application/json' });
    outgoing.end(body === undefined ? '' : JSON.stringify(body));
  };
  if (incoming.headers.authorization !== `Bearer ${adminToken}`) return say(401);
  if (state.isBroken) return say(500, { error: 'broken' });
  if (incoming.url === '/api/v1/send') {
    const message = (await json(incoming)) as Record<string, unknown>;
    if (message['chat_id'] === 'blocked') return say(400);
    sent.push(message);
    return say(202, { id: sent.length });
  }
  const [, , , id = '', action = ''] = (incoming.url ?? '').split('/').map(decodeURIComponent);
  if (incoming.method === 'POST' && id === '') {
    const body = (await json(incoming)) as Record<string, unknown>;
    known.set(String(body['id']), { ...body, active: true });
    return say(201);
  }
  const one = known.get(id);
  if (!one) return say(404);
  if (incoming.method === 'PATCH') {
    Object.assign(one, await json(incoming));
    return say(200, {});
  }
  if (incoming.method === 'DELETE') {
    if (keeps.has(id)) return say(500);
    known.delete(id);
    return say(204);
  }
  if (action === 'health') return say(200, { status: one['active'] ? 'running' : 'stopped' });
  one['active'] = action === 'activate';
  return say(200, { active: one['active'] });
}
