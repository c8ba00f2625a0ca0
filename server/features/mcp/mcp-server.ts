import { createMcpHandler, ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server';
import { may } from '#domain/access/permission.ts';
import { AppError } from '#domain/problem.ts';
import type { Engine } from '#server/engine/engine.ts';
import type { RunStartOptions } from '#server/run-start/run-target.ts';
import type { Viewer } from '../handler.ts';
import { callTool } from './call-tool.ts';
import { CallsInHand } from './calls-in-hand.ts';
import { findTool, listTools } from './offered-tool.ts';

export interface McpOptions extends Omit<RunStartOptions, 'engine'> {
  readonly engine: Engine;
  readonly version: string;
  readonly onError: (error: unknown) => void;
  /** Tools a page. */
  readonly pageSize?: number;
  /** Calls of tools that this process answers at once, half of them for one environment; 200 if absent. */
  readonly mostCalls?: number;
}

export interface McpServer {
  /**
   * Answers one request of somebody whose key was checked. `body` is its JSON; undefined where it has none.
   * @throws AppError `too_many` for a call of a tool while as many as there may be are under way
   */
  answer(request: Request, viewer: Viewer, body: unknown): Promise<Response>;
  close(): Promise<void>;
}

const PAGE = 100;
const INSTRUCTIONS = 'Each tool runs a workflow and answers with what it gives.';

/**
 * Pipewright as a server of the Model Context Protocol over streamable HTTP, without sessions: every request stands
 * for itself, so that any process answers it.
 */
export function createMcpServer(options: McpOptions): McpServer {
  const calls = new CallsInHand(options.mostCalls);
  const viewers = new WeakMap<Request, Viewer>();
  const handler = createMcpHandler(
    ({ requestInfo }) => {
      const viewer = requestInfo && viewers.get(requestInfo);
      if (!viewer) throw new Error('A request without a caller reached the MCP server.');
      return serverFor(options, viewer, calls);
    },
    { onerror: options.onError },
  );
  return {
    answer: async (request, viewer, body) => {
      if (callsTool(body) && !calls.hasPlace(viewer))
        throw new AppError('too_many', FULL, { retryAfterSeconds: 5 });
      calls.heard(viewer, body);
      viewers.set(request, viewer);
      return handler.fetch(request, body === undefined ? {} : { parsedBody: body });
    },
    close: () => handler.close(),
  };
}

const FULL = 'As many tools as this server answers at once are being called. Try again in a moment.';

/** One message, or several in the protocol before 2026. */
const callsTool = (body: unknown): boolean =>
  [body].flat().some((one) => (one as { method?: unknown } | null | undefined)?.method === 'tools/call');

function serverFor(options: McpOptions, viewer: Viewer, calls: CallsInHand): Server {
  const { db, version, pageSize = PAGE } = options;
  const server = new Server(
    { name: 'pipewright', version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  server.setRequestHandler('tools/list', async ({ params }) => {
    if (!may(viewer, 'workflow.read')) return { tools: [] };
    const page = { after: readCursor(params?.cursor), limit: pageSize };
    const { tools, hasMore } = await listTools(db, viewer.environmentId, page);
    const last = tools.at(-1);
    return {
      tools: tools.map(({ name, title, description, inputSchema }) => ({
        name,
        title,
        description,
        inputSchema: { ...inputSchema },
      })),
      ...(hasMore && last && { nextCursor: Buffer.from(last.name).toString('base64url') }),
    };
  });
  server.setRequestHandler('tools/call', async ({ params }, { mcpReq }) => {
    const tool = may(viewer, 'workflow.run') ? await findTool(db, viewer.environmentId, params.name) : null;
    if (!tool) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool “${params.name}”.`);
    // Those that came in one batch were let in together.
    if (!calls.hasPlace(viewer)) return { content: [{ type: 'text', text: FULL }], isError: true };
    const token = mcpReq._meta?.progressToken;
    const onProgress =
      token === undefined
        ? null
        : (progress: number, message: string): void => {
            const notification = {
              method: 'notifications/progress',
              params: { progressToken: token, progress, message },
            };
            // Whoever has hung up hears nothing of it.
            mcpReq.notify(notification).catch(() => undefined);
          };
    return calls.during(viewer, mcpReq, (signal) =>
      callTool(options, { viewer, tool, args: params.arguments ?? {}, signal, onProgress }),
    );
  });
  return server;
}

function readCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const name = Buffer.from(cursor, 'base64url').toString();
  if (/^[A-Za-z0-9_-]{1,64}$/.test(name)) return name;
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The cursor is not one of ours.');
}
