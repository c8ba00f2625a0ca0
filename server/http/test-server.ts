import { type RequestOptions, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { contract } from '#contract/contract.ts';
import type { Operation } from '#contract/operation.ts';
import { loadConfig } from '../config.ts';
import { type Connection, connect } from '../db/connection.ts';
import { createTestDatabase } from '../db/template-database.ts';
import { issueLoginKey } from '../features/accounts/credential.ts';
import { createAccount } from '../features/accounts/setup.ts';
import { type Running, type StartOptions, startPipewright } from '../start.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where it is JSON, else the text. */
  readonly body: unknown;
}

/** Somebody who calls the API with a key. */
export class Caller {
  readonly base: string;
  readonly key: string | null;
  constructor(base: string, key: string | null) {
    this.base = base;
    this.key = key;
  }

  /** Sends exactly this. Text and bytes go as they are, everything else as JSON. */
  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const raw = typeof body === 'string' || body instanceof Uint8Array;
    const bytes = body === undefined ? undefined : Buffer.from(raw ? body : JSON.stringify(body));
    const answer = await exchange(`${this.base}${path}`, bytes, {
      method,
      headers: {
        ...(this.key !== null && { authorization: `Bearer ${this.key}` }),
        ...(bytes !== undefined && { 'content-type': 'application/json', 'content-length': bytes.length }),
        ...headers,
      },
    });
    const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
    return { ...answer, body: isJson ? JSON.parse(answer.text) : answer.text };
  }

  /**
   * Calls an operation as the contract describes it and checks status and shape of the answer against the
   * contract, down to keys that should not be there.
   */
  async ok<T = Record<string, never>>(name: string, input: Record<string, unknown> = {}): Promise<T> {
    const operation = operationOf(name);
    const answer = await this.call(name, input);
    if (answer.status !== operation.status) {
      throw new Error(`${name} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
    if (operation.status === 204) return undefined as T;
    const shape = operation.output.parse(answer.body);
    if (JSON.stringify(sorted(shape)) !== JSON.stringify(sorted(answer.body))) {
      throw new Error(`${name} answered more than the contract says: ${JSON.stringify(answer.body)}`);
    }
    return answer.body as T;
  }

  /** Calls an operation and gives whatever comes back. */
  call(name: string, input: Record<string, unknown> = {}): Promise<Answer> {
    const operation = operationOf(name);
    const rest = { ...input };
    const path = operation.path.replaceAll(/\{(\w+)\}/g, (_match, key: string) => {
      const value = rest[key];
      delete rest[key];
      return encodeURIComponent(String(value));
    });
    const inQuery = operation.method === 'get' || operation.method === 'delete';
    const query = inQuery ? `?${new URLSearchParams(rest as Record<string, string>)}` : '';
    return this.send(operation.method.toUpperCase(), `/api/v1${path}/${query}`, inQuery ? undefined : rest);
  }
}

/** One request over a connection of its own, answered as it came: no redirect is followed. */
function exchange(url: string, body: Buffer | undefined, options: RequestOptions) {
  return new Promise<{ status: number; headers: Headers; text: string }>((resolve, reject) => {
    const outgoing = request(url, options, (incoming) => {
      const headers = new Headers();
      for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
        headers.append(incoming.rawHeaders[at] ?? '', incoming.rawHeaders[at + 1] ?? '');
      }
      text(incoming).then(
        (read) => resolve({ status: incoming.statusCode ?? 0, headers, text: read }),
        reject,
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function operationOf(name: string): Operation {
  const [area = '', key = ''] = name.split('.');
  const operation = (contract as unknown as Record<string, Record<string, Operation>>)[area]?.[key];
  if (!operation) throw new Error(`There is no operation ${name}.`);
  return operation;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, one]) => [key, sorted(one)] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

export interface TestServer {
  readonly base: string;
  readonly running: Running;
  readonly connection: Connection;
  readonly databaseUrl: string;
  readonly nobody: Caller;
  /** Makes the first account and gives its caller. */
  setUp(): Promise<Caller>;
  /** An ordinary account of its own, with its own environment. */
  addUser(username: string): Promise<Caller>;
  close(): Promise<void>;
}

/** The whole server on a socket and a database of its own, without screens. */
export async function startTestServer(
  env: Record<string, string> = {},
  more: Partial<StartOptions> = {},
): Promise<TestServer> {
  const database = await createTestDatabase();
  const config = loadConfig(
    {
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_URL: database.url,
      PIPEWRIGHT_SECRET_KEY: 'x'.repeat(40),
      // Suites call as fast as they can; those about the limits set them.
      PIPEWRIGHT_RATE_LIMIT: '0',
      PIPEWRIGHT_RATE_LIMIT_STRANGERS: '0',
      ...env,
    },
    [],
  );
  const log = pino({ level: 'silent' });
  const running = await startPipewright({ config, log, screens: false, ...more });
  const connection = connect(database.url, 3);
  const base = `http://127.0.0.1:${running.port}`;
  const nobody = new Caller(base, null);
  return {
    base,
    running,
    connection,
    databaseUrl: database.url,
    nobody,
    setUp: async () => {
      const { key } = await nobody.ok<{ key: string }>('auth.setup', {
        username: 'ada',
        password: 'lovelace',
      });
      return new Caller(base, key);
    },
    addUser: async (username) => {
      const { db } = connection;
      const { userId } = await db
        .transaction()
        .execute((trx) => createAccount(trx, { username, password_hash: '', role: 'normal' }));
      return new Caller(base, await issueLoginKey(db, userId));
    },
    close: async () => {
      await running.stop({ graceMs: 500 });
      await connection.close();
      await database.drop();
    },
  };
}

/** Asks until `check` gives something, at most `ms`. */
export async function until<T>(check: () => Promise<T | null | false | undefined>, ms = 10_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (Date.now() > end) throw new Error(`It did not happen within ${ms} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
