import { Agent, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** The header; null where there is none. */
  readonly retryAfter: string | null;
}

const ACCOUNT = { username: 'chaos', password: 'correct horse' };

/** Calls the API of whichever server is up, again and again until one has answered. */
export class Client {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });
  private readonly bases: () => readonly string[];
  private key: string | null = null;
  private turn = 0;

  constructor(bases: () => readonly string[]) {
    this.bases = bases;
  }

  /** The key calls carry. */
  get token(): string {
    return this.key ?? '';
  }

  /** Makes the first account, whose key later calls carry. */
  async setUp(): Promise<void> {
    this.key = (await this.insist<{ key: string }>('POST', '/auth/setup/', ACCOUNT)).key;
  }

  /** Signs in to the account an earlier client has made. */
  async signIn(): Promise<void> {
    this.key = (await this.insist<{ key: string }>('POST', '/auth/token/', ACCOUNT)).key;
  }

  /**
   * Repeats the call, with the same idempotency key, until it succeeds or `until` (epoch ms) has come.
   * @throws when it is refused for good or the time is up.
   */
  async insist<T>(
    method: string,
    path: string,
    body?: unknown,
    { idempotencyKey = '', until = Date.now() + 60_000 } = {},
  ): Promise<T> {
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.once(method, path, body, idempotencyKey).catch(() => null);
      if (answer && answer.status < 300) return JSON.parse(answer.body) as T;
      const isFinal = answer !== null && answer.status < 500 && answer.status !== 429;
      if (isFinal || Date.now() > until) {
        throw new Error(`${method} ${path}: ${answer ? `${answer.status} ${answer.body}` : 'no answer'}`);
      }
      await pause(Math.min(1000, 50 * 2 ** attempt));
    }
  }

  /** One try at the next server. @throws when there is none or it does not answer within five seconds. */
  once(method: string, path: string, body?: unknown, idempotencyKey = ''): Promise<Answer> {
    const bases = this.bases();
    this.turn += 1;
    const base = bases[this.turn % Math.max(1, bases.length)];
    if (base === undefined) return Promise.reject(new Error('No server is up.'));
    const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const headers = {
      ...(this.key !== null && { authorization: `Bearer ${this.key}` }),
      ...(idempotencyKey !== '' && { 'idempotency-key': idempotencyKey }),
      ...(bytes && { 'content-type': 'application/json', 'content-length': bytes.length }),
    };
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(5000);
      const outgoing = request(
        `${base}/api/v1${path}`,
        { method, headers, agent: this.agent, signal },
        (incoming) => {
          const parts: Buffer[] = [];
          incoming.on('data', (part: Buffer) => parts.push(part));
          incoming.on('error', reject);
          incoming.on('end', () =>
            resolve({
              status: incoming.statusCode ?? 0,
              body: Buffer.concat(parts).toString(),
              retryAfter: incoming.headers['retry-after'] ?? null,
            }),
          );
        },
      );
      outgoing.on('error', reject);
      outgoing.end(bytes);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
