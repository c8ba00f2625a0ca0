import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { Connection } from '#server/db/connection.ts';
import { answerCheck } from './answer-check.ts';
import type { Call, Client, Reply } from './client.ts';
import { type ApiDocument, type FuzzRequest, KNOWN, requestArbitrary } from './fuzz-request.ts';
import { addKey } from './person.ts';
import { makeWorld, type World } from './world.ts';

export interface FuzzOptions {
  readonly client: Client;
  readonly connection: Connection;
  readonly requests: number;
  readonly seed: number;
  readonly say?: (line: string) => void;
}

export interface FuzzResult {
  readonly sent: number;
  readonly byStatus: Readonly<Record<number, number>>;
  /** What should not have been answered, with the request; one of each kind. */
  readonly faults: readonly string[];
}

/** After so many requests most of a world has been deleted or spoiled. */
const WORLD_LASTS = 500;
const AT_ONCE = 6;

/**
 * Sends random requests made after the server's own OpenAPI document, with ids of real things among them. Answers of
 * 500, answers the document does not know and answers that break their schema are faults. The same seed sends the
 * same requests.
 */
export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const { client, requests, seed } = options;
  const document = (await client.send({ method: 'GET', path: '/api/v1/openapi.json' })).body as ApiDocument;
  const check = answerCheck(document);
  const byStatus: Record<number, number> = {};
  const faults = new Map<string, string>();
  let sent = 0;
  for (let round = 0; sent < requests; round += 1) {
    const count = Math.min(WORLD_LASTS, requests - sent);
    const world = await makeAdministrator(options, round);
    const list = fc.sample(requestArbitrary(document), { numRuns: count, seed: seed + round });
    await everyOne(list, async (one) => {
      const call = callOf(one, world);
      const reply = await sendAs(options, world, call);
      byStatus[reply.status] = (byStatus[reply.status] ?? 0) + 1;
      const wrong =
        reply.status >= 500 && reply.status < 502 ? 'a mistake of ours' : check(one.described, reply);
      if (wrong !== null) {
        const kind = `${one.described.operationId} ${reply.status} ${wrong.slice(0, 80)}`;
        if (faults.has(kind)) return;
        const text = `${wrong}\n  ${describe(call)}\n  → ${reply.status} ${reply.text.slice(0, 500)}`;
        faults.set(kind, text);
        options.say?.(`FAULT ${text}`);
      }
    });
    sent += count;
    options.say?.(`${sent} requests, ${faults.size} faults`);
  }
  return { sent, byStatus, faults: [...faults.values()] };
}

/** A world whose owner may everything. */
async function makeAdministrator({ client, connection }: FuzzOptions, round: number): Promise<World> {
  const world = await makeWorld({ client, connection }, `fuzz-${round}`);
  await connection.db
    .updateTable('users')
    .set({ role: 'admin' })
    .where('id', '=', world.owner.userId)
    .execute();
  return world;
}

async function everyOne<T>(list: readonly T[], act: (one: T) => Promise<void>): Promise<void> {
  const rest = list.values();
  const worker = async (): Promise<void> => {
    for (const one of rest) await act(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Keys by world: some requests end the key they are sent with, or its owner. */
const keys = new WeakMap<World, string>();

async function sendAs({ client, connection }: FuzzOptions, world: World, call: Call): Promise<Reply> {
  const reply = await client.send({ ...call, key: keys.get(world) ?? world.owner.key });
  if (reply.status !== 401 || call.path.includes('/inbound')) return reply;
  const { userId } = world.owner;
  // Several requests find out at once; one that comes too late for the database’s patience leaves it to the others.
  await connection.db
    .updateTable('users')
    .set({ disabled_at: null, role: 'admin' })
    .where('id', '=', userId)
    .execute()
    .then(() => addKey(connection, { userId }))
    .then((key) => keys.set(world, key))
    .catch(() => undefined);
  return reply;
}

function callOf({ method, template, described, parameters, body }: FuzzRequest, world: World): Call {
  const isAgent = template.startsWith('/users/agents/');
  const knownOf = (name: string): unknown =>
    isAgent && name === 'user_id' ? world.path.agent_id : (world.path[name] ?? 1);
  const value = (name: string): unknown => {
    const given = parameters[name];
    return given === KNOWN ? knownOf(name) : given;
  };
  const path = template.replaceAll(/\{(\w+)\}/g, (_match, name: string) => segmentOf(value(name)));
  const query = new URLSearchParams();
  for (const { name, in: where } of described.parameters ?? []) {
    if (where === 'query' && name in parameters) query.append(name, textOf(value(name)));
  }
  const address = `/api/v1${path}${query.size > 0 ? `?${query}` : ''}`;
  return {
    method,
    path: address,
    ...(body !== undefined && { body: JSON.stringify(withKnown(body, world)) }),
  };
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value.toWellFormed() : (JSON.stringify(value) ?? '');
/** An empty or dotted segment would lead to another operation. */
const segmentOf = (value: unknown): string => {
  const text = textOf(value);
  return /^\.{0,2}$/.test(text) ? 'x' : encodeURIComponent(text.slice(0, 500).toWellFormed());
};

function withKnown(body: unknown, world: World): unknown {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) return body;
  const idOf = (name: string): unknown => {
    if (name.endsWith('workflow_id')) return world.flow.workflowId;
    if (/ids$|slugs$|depends_on/.test(name)) return [world.path[name.replace(/s$/, '')] ?? world.canary];
    return world.path[name.replace(/^(reuse|from)_/, '')] ?? world.canary;
  };
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, isDeepStrictEqual(value, KNOWN) ? idOf(name) : value]),
  );
}

const describe = ({ method, path, body }: Call): string =>
  `${method} ${path.slice(0, 300)} ${typeof body === 'string' ? body.slice(0, 1000) : ''}`;
