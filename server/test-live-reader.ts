import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { until } from './http/test-server.ts';

export interface Delta {
  readonly kind: string;
  readonly text: string;
}

/** The words of deltas as their readers put them together. */
export const joined = (deltas: readonly Delta[]): string =>
  deltas.reduce(
    (text, { kind, text: more }) => (kind === 'restart' ? '' : kind === 'text' ? text + more : text),
    '',
  );

/** The words of a stream of answers. */
export function wordsIn(stream: string): string {
  const deltas = [...stream.matchAll(/^event: delta\ndata: (.+)$/gm)];
  return joined(deltas.map(([, data = '{}']) => JSON.parse(data) as Delta));
}

/** A stream of answers at one of several servers, read as it comes. */
export class OpenStream {
  text = '';
  readonly status: Promise<number>;
  readonly #abort = new AbortController();

  constructor(base: string, path: string, key: string, after?: string) {
    const headers = {
      authorization: `Bearer ${key}`,
      ...(after !== undefined && { 'last-event-id': after }),
    };
    this.status = this.#open(`${base}/api/v1${path}`, headers);
    this.status.catch(() => undefined);
  }

  async #open(url: string, headers: Record<string, string>): Promise<number> {
    const { signal } = this.#abort;
    const [response] = (await once(get(url, { headers, signal }), 'response')) as [IncomingMessage];
    this.#collect(response).catch(() => undefined);
    return response.statusCode ?? 0;
  }

  async #collect(response: IncomingMessage): Promise<void> {
    response.setEncoding('utf8');
    for await (const part of response) this.text += String(part);
  }

  words(): string {
    return wordsIn(this.text);
  }

  /** Resolves when this has come. */
  has(part: string): Promise<boolean> {
    return until(async () => this.text.includes(part));
  }

  lastId(): string | undefined {
    return [...this.text.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1];
  }

  hasEnded(): boolean {
    return this.text.includes('event: end\n');
  }

  close(): void {
    this.#abort.abort();
  }
}

export interface SocketMessage {
  readonly type: string;
  readonly execution_id?: string;
  readonly data?: unknown;
}

/** A socket at one of several servers that keeps what it is sent. */
export class SocketTail {
  readonly messages: SocketMessage[] = [];
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('error', () => undefined);
    socket.on('message', (raw) => {
      const message = JSON.parse(raw.toString()) as SocketMessage;
      if (message.type === 'ping') socket.send('{"type":"pong"}');
      else this.messages.push(message);
    });
  }

  /** Resolves once it is subscribed. */
  static async open(base: string, key: string, channel: string): Promise<SocketTail> {
    const socket = new WebSocket(`${base.replace('http', 'ws')}/ws/?token=${key}`);
    const tail = new SocketTail(socket);
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'subscribe', channel }));
    while (!tail.types().includes('subscribed')) await once(socket, 'message');
    return tail;
  }

  types(): string[] {
    return this.messages.map(({ type }) => type);
  }

  words(): string {
    return joined(this.messages.flatMap(({ type, data }) => (type === 'chat_delta' ? [data as Delta] : [])));
  }

  close(): void {
    this.#socket.close();
  }
}
