import { setTimeout as pause } from 'node:timers/promises';
import {
  Client,
  type jsonSchemaValidator,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  StreamableHTTPClientTransport,
  type Tool,
} from '@modelcontextprotocol/client';
import type { McpAnswer, McpPlace, McpRequest, McpTool } from '#domain/mcp/request.ts';
import { StepError } from '#domain/node/executor.ts';
import type { Egress } from '#server/egress/client.ts';
import { EgressError } from '#server/egress/egress-error.ts';
import type { StepPlace } from '#server/engine/interface.ts';
import { guardedFetch } from '#server/model/guarded-fetch.ts';
import type { Cleaner } from '#server/redaction/redactor.ts';
import type { Vault } from '#server/vault/vault.ts';
import { valueOf } from './tool-result.ts';

export interface McpClientOptions {
  readonly egress: Egress;
  readonly vault: Vault;
  readonly version: string;
}

export type McpCalls = <R extends McpRequest>(request: R, place: StepPlace) => Promise<McpAnswer<R>>;

const MOST_TOOLS = 500;
/** Characters that the description of one tool's arguments may have; models are told all of it every time. */
const LONGEST_SCHEMA = 65_536;
/** Of a whole answer of the server. */
const MAX_BYTES = 10 * 1024 * 1024;
/**
 * A server's schemas are not turned into code: a pattern in one could keep the process busy for ever. What it answers
 * is data for a model, whatever its form.
 */
const NO_VALIDATION: jsonSchemaValidator = {
  getValidator: () => (input) => ({ valid: true, data: input as never, errorMessage: undefined }),
};

/** Asks servers of the Model Context Protocol for steps: one connection each time, given up at the end. */
export function createMcpCalls(options: McpClientOptions): McpCalls {
  return async <R extends McpRequest>(request: R, place: StepPlace) => {
    const { url } = request.server;
    if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
      const message = `“${url}” is no address of an MCP server. Give one with https://.`;
      throw new StepError('bad_url', message, { permanent: true });
    }
    const { auth, cleaner } = await openCredential(options, request.server, place);
    const failures: EgressError[] = [];
    const guarded = guardedFetch({
      egress: options.egress,
      auth,
      timeoutMs: request.server.timeoutMs,
      maxBytes: MAX_BYTES,
    });
    const transport = new StreamableHTTPClientTransport(new URL(url), {
      fetch: async (input, init) => {
        try {
          return await guarded(input, { ...init, signal: withSignal(init?.signal, place.signal) });
        } catch (error) {
          // What is broken off here was given up for another reason.
          if (error instanceof EgressError && error.code !== 'aborted') failures.push(error);
          throw error;
        }
      },
      reconnectionOptions: {
        initialReconnectionDelay: 500,
        maxReconnectionDelay: 2_000,
        reconnectionDelayGrowFactor: 2,
        maxRetries: 1,
      },
    });
    const client = new Client(
      { name: 'pipewright', version: options.version },
      { versionNegotiation: { mode: 'auto' }, listMaxPages: 20, jsonSchemaValidator: NO_VALIDATION },
    );
    try {
      await client.connect(transport, limitsOf(request.server, place));
      const answer = await answerOf(client, request, place);
      return cleaner ? cleaner.value(answer as McpAnswer<R>) : (answer as McpAnswer<R>);
    } catch (error) {
      throw readable(error, { url, failure: failures[0] ?? null, cleaner });
    } finally {
      await hangUp(client, transport);
    }
  };
}

async function openCredential({ vault }: McpClientOptions, { credential }: McpPlace, place: StepPlace) {
  if (credential === null) return { auth: null, cleaner: null };
  return vault.forHttp(credential, { ...place, node: place.actor });
}

const withSignal = (given: AbortSignal | null | undefined, own: AbortSignal): AbortSignal =>
  given ? AbortSignal.any([given, own]) : own;

const limitsOf = ({ timeoutMs }: McpPlace, { signal }: StepPlace) => ({
  signal,
  timeout: timeoutMs,
  maxTotalTimeout: timeoutMs,
});

async function answerOf(
  client: Client,
  request: McpRequest,
  place: StepPlace,
): Promise<McpAnswer<McpRequest>> {
  const limits = limitsOf(request.server, place);
  const tools = await toolsOf(client, limits);
  if (request.kind === 'list') return tools.map(({ own }) => own);
  const found = tools.find(({ own }) => own.name === request.tool);
  if (!found) {
    throw new StepError('no_such_tool', `The MCP server has no tool “${request.tool}” any more.`, {
      permanent: true,
    });
  }
  const called = { name: found.tool.name, arguments: { ...request.args } };
  return valueOf(await client.callTool(called, { ...limits, toolDefinition: found.tool }));
}

interface Found {
  readonly tool: Tool;
  readonly own: McpTool;
}

/** The tools with names and arguments that models take; of those whose names become the same, the first. */
async function toolsOf(client: Client, limits: ReturnType<typeof limitsOf>): Promise<readonly Found[]> {
  if (!client.getServerCapabilities()?.tools) return [];
  const { tools } = await client.listTools(undefined, limits);
  const byName = new Map<string, Found>();
  for (const tool of tools.slice(0, MOST_TOOLS)) {
    const name = tool.name.replaceAll(/[^A-Za-z0-9_-]+/g, '_').slice(0, 64);
    if (JSON.stringify(tool.inputSchema).length > LONGEST_SCHEMA) continue;
    if (name !== '' && !byName.has(name)) byName.set(name, { tool, own: { name, ...describe(tool) } });
  }
  return [...byName.values()];
}

function describe({ title, description, inputSchema, annotations }: Tool): Omit<McpTool, 'name'> {
  return {
    description: (description ?? title ?? '').slice(0, 4_000),
    inputSchema,
    // What says nothing about itself may do anything.
    destructive: annotations?.readOnlyHint !== true && annotations?.destructiveHint !== false,
  };
}

/** Nobody waits longer for a server to take notice of an end: what it was asked is answered. */
const HANG_UP_MS = 1_000;

/** Ends the session, where the server keeps one; a server that does not answer to that is left alone. */
async function hangUp(client: Client, transport: StreamableHTTPClientTransport): Promise<void> {
  if (transport.sessionId !== undefined) {
    const late = new AbortController();
    const ended = transport.terminateSession().catch(() => undefined);
    await Promise.race([ended, pause(HANG_UP_MS, undefined, late).catch(() => undefined)]);
    late.abort();
  }
  await client.close().catch(() => undefined);
}

interface Circumstances {
  readonly url: string;
  readonly failure: EgressError | null;
  readonly cleaner: Cleaner | null;
}

/** Whatever went wrong, in a sentence that says what to do, without secrets. */
function readable(error: unknown, { url, failure, cleaner }: Circumstances): unknown {
  if (error instanceof StepError) return error;
  if (failure) return failure;
  const { host } = new URL(url);
  const said = error instanceof Error ? error.message : String(error);
  const clean = (cleaner ? cleaner.text(said) : said).slice(0, 500);
  if (error instanceof ProtocolError) {
    return new StepError('mcp_refused', `The MCP server at ${host} refused: ${clean}`, { permanent: true });
  }
  if (/unauthorized|\b401\b/i.test(said)) {
    const message = `The MCP server at ${host} wants to know who asks. Choose a credential for it in the node's form.`;
    return new StepError('mcp_unauthorized', message, { permanent: true });
  }
  if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout) {
    return new StepError('timeout', `The MCP server at ${host} did not answer in time.`);
  }
  return new StepError('mcp_failed', `The MCP server at ${host} could not be used: ${clean}`);
}
