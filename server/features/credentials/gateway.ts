import type { OutgoingMessage, SendResult } from '#domain/chat/outgoing-message.ts';
import { AppError } from '#domain/problem.ts';
import type { Egress, EgressResponse } from '#server/egress/client.ts';
import { EgressError } from '#server/egress/egress-error.ts';

/** Where the message gateway is and what it wants to see. */
export interface GatewayAddress {
  /** Without a slash at the end. */
  readonly url: string;
  readonly adminToken: string;
}

/** What the gateway is told about a credential; what is absent stays as it is. */
export interface GatewayWish {
  readonly adapter?: string;
  /** The token of the messenger's bot. */
  readonly token?: string;
  readonly config?: unknown;
}

/**
 * The message gateway's own API, with its admin token as bearer:
 * `POST /admin/credentials {id, adapter, token, config}`, `PATCH` and `DELETE /admin/credentials/{id}`,
 * `GET /admin/credentials/{id}/health`, `POST /admin/credentials/{id}/activate` and `/deactivate`.
 * Every method throws AppError `bad_gateway` when the gateway is not there or refuses; it never repeats what the
 * gateway said.
 */
export interface Gateway {
  readonly isThere: boolean;
  create(id: string, wish: GatewayWish): Promise<void>;
  update(id: string, wish: GatewayWish): Promise<void>;
  /** One that is gone already counts as removed. */
  remove(id: string): Promise<void>;
  /** Null: the gateway does not know the credential. */
  health(id: string): Promise<unknown>;
  /** Null: the gateway does not know the credential. */
  switchTo(id: string, state: 'activate' | 'deactivate'): Promise<unknown>;
  /** Says something in a chat: `POST /api/v1/send {credential_id, chat_id, text}`. Never throws. */
  send(message: OutgoingMessage): Promise<SendResult>;
}

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 256 * 1024;

const failed = (why: string): AppError => new AppError('bad_gateway', why);

/** `egress` has to be allowed to reach the gateway, which is usually on this machine. */
export function createGateway(address: GatewayAddress | null, egress: Egress): Gateway {
  const call = async (method: string, path: string, body?: unknown): Promise<EgressResponse> => {
    if (!address) throw failed('No message gateway is set up. The operator sets PIPEWRIGHT_GATEWAY_URL.');
    const headers: Record<string, string> = { authorization: `Bearer ${address.adminToken}` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const request = {
      method,
      url: `${address.url}/admin/credentials${path}`,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
      followRedirects: false,
    };
    return egress.request(request, new AbortController().signal).catch((error: unknown) => {
      if (!(error instanceof EgressError)) throw error;
      throw failed(`The message gateway cannot be reached (${error.code}).`);
    });
  };
  const demand = async (answer: Promise<EgressResponse>): Promise<EgressResponse> => {
    const { status, ...rest } = await answer;
    if (status < 200 || status > 299) throw failed(`The message gateway answered ${status}.`);
    return { status, ...rest };
  };
  const unlessUnknown = async (answer: Promise<EgressResponse>): Promise<unknown> => {
    const arrived = await answer;
    return arrived.status === 404 ? null : read(await demand(Promise.resolve(arrived)));
  };
  const one = (id: string, rest = ''): string => `/${encodeURIComponent(id)}${rest}`;
  return {
    isThere: address !== null,
    create: async (id, wish) => {
      await demand(call('POST', '', { id, ...wish }));
    },
    update: async (id, wish) => {
      await demand(call('PATCH', one(id), wish));
    },
    remove: async (id) => {
      await unlessUnknown(call('DELETE', one(id)));
    },
    health: (id) => unlessUnknown(call('GET', one(id, '/health'))),
    switchTo: (id, state) => unlessUnknown(call('POST', one(id, `/${state}`))),
    send: (message) => sendThrough(address, egress, message),
  };
}

/** Another try may help against everything but a refusal of this very message. */
async function sendThrough(
  address: GatewayAddress | null,
  egress: Egress,
  { credentialId, chatId, text, key }: OutgoingMessage,
): Promise<SendResult> {
  if (!address) return { kind: 'failed', reason: 'No message gateway is set up.' };
  const request = {
    method: 'POST',
    url: `${address.url}/api/v1/send`,
    headers: {
      authorization: `Bearer ${address.adminToken}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify({ credential_id: credentialId, chat_id: chatId, text }),
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
    followRedirects: false,
  };
  try {
    const { status } = await egress.request(request, new AbortController().signal);
    if (status >= 200 && status < 300) return { kind: 'sent' };
    const isFinal = status >= 400 && status < 500 && ![401, 403, 408, 425, 429].includes(status);
    return { kind: isFinal ? 'refused' : 'failed', reason: `The message gateway answered ${status}.` };
  } catch (error) {
    const code = error instanceof EgressError ? error.code : 'unknown';
    return { kind: 'failed', reason: `The message gateway cannot be reached (${code}).` };
  }
}

/** An answer without a body means that all is well. */
function read({ body }: EgressResponse): unknown {
  if (body.trim() === '') return {};
  try {
    return JSON.parse(body) ?? {};
  } catch {
    throw failed('The message gateway answered with something that is no JSON.');
  }
}
