import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import {
  createMcpHandler,
  Server,
  type Tool,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';

/** A server of the official SDK, for tests: it wants a bearer token, and shows what it was sent. */
export interface ReferenceServer {
  readonly url: string;
  /** For the allow-list of the egress. */
  readonly host: string;
  readonly calls: { readonly name: string; readonly args: unknown }[];
  /** Sessions that are open now; only the old protocol has any. */
  readonly sessions: ReadonlySet<string>;
  /** How many sessions there have been. */
  readonly opened: () => number;
  /** Does not answer when a session is to be ended. */
  isDeaf: boolean;
  close(): Promise<void>;
}

export const TOKEN = 'mcp-canary-0123456789';

const number = { type: 'number' } as const;
const TOOLS: Tool[] = [
  {
    name: 'add',
    description: 'Adds two numbers.',
    inputSchema: { type: 'object', properties: { a: number, b: number }, required: ['a', 'b'] },
    annotations: { readOnlyHint: true },
  },
  { name: 'files/delete', description: 'Deletes a file.', inputSchema: { type: 'object' } },
  { name: 'fail', description: 'Fails.', inputSchema: { type: 'object' } },
  { name: 'refuse', description: 'Is refused.', inputSchema: { type: 'object' } },
  { name: 'echo_key', description: 'Repeats the token.', inputSchema: { type: 'object' } },
  { name: 'hang', description: 'Never answers.', inputSchema: { type: 'object' } },
  {
    name: 'badge',
    description: 'Answers with what its own pattern takes for ever to look at.',
    inputSchema: { type: 'object' },
    outputSchema: { type: 'object', properties: { name: { type: 'string', pattern: '^(a+)+$' } } },
  },
  {
    name: 'endless',
    description: 'Has more to say about its arguments than a model can read.',
    inputSchema: { type: 'object', description: 'x'.repeat(100_000) },
  },
];

/** @param protocol `stateful`: as before 2026, with sessions */
export async function startReferenceServer(
  protocol: 'modern' | 'stateful' = 'modern',
): Promise<ReferenceServer> {
  const calls: { name: string; args: unknown }[] = [];
  const sessions = new Set<string>();
  let opened = 0;
  const factory = (): Server => serverOf(calls);
  const modern = createMcpHandler(factory);
  const transports = new Map<string, WebStandardStreamableHTTPServerTransport>();
  const stateful = async (request: Request): Promise<Response> => {
    const known = transports.get(request.headers.get('mcp-session-id') ?? '');
    if (known) return known.handleRequest(request);
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => {
        opened += 1;
        sessions.add(id);
        transports.set(id, transport);
      },
      onsessionclosed: (id) => {
        sessions.delete(id);
      },
    });
    await factory().connect(transport);
    return transport.handleRequest(request);
  };
  const listener = getRequestListener(async (request) => {
    if (request.headers.get('authorization') !== `Bearer ${TOKEN}`)
      return new Response(null, { status: 401 });
    if (self.isDeaf && request.method === 'DELETE') await new Promise(() => undefined);
    return protocol === 'modern' ? modern.fetch(request) : stateful(request);
  });
  const server = createServer((incoming, outgoing) => void listener(incoming, outgoing));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const self: ReferenceServer = {
    isDeaf: false,
    url: `http://${host}/mcp`,
    host,
    calls,
    sessions,
    opened: () => opened,
    close: async () => {
      await modern.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return self;
}

function serverOf(calls: { name: string; args: unknown }[]): Server {
  const server = new Server({ name: 'reference', version: '1' }, { capabilities: { tools: {} } });
  // Two pages.
  server.setRequestHandler('tools/list', ({ params }) =>
    params?.cursor === undefined
      ? { tools: TOOLS.slice(0, 3), nextCursor: 'rest' }
      : { tools: TOOLS.slice(3) },
  );
  server.setRequestHandler('tools/call', async ({ params: { name, arguments: args } }, { mcpReq }) => {
    calls.push({ name, args });
    if (name === 'hang') await once(mcpReq.signal, 'abort');
    if (name === 'badge') return { content: [], structuredContent: { name: `${'a'.repeat(40)}!` } };
    if (name === 'refuse') throw new Error('The moon is full.');
    const said: Readonly<Record<string, string>> = {
      add: String(Number(args?.['a']) + Number(args?.['b'])),
      'files/delete': 'Gone.',
      fail: 'The till is empty.',
      echo_key: `You sent ${TOKEN}.`,
    };
    return { content: [{ type: 'text', text: said[name] ?? '' }], isError: name === 'fail' };
  });
  return server;
}
