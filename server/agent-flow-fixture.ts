import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type Caller, startTestServer, type TestServer } from '#server/http/test-server.ts';
import { type ScriptedProvider, startScriptedProvider } from '#server/model/provider-fixture.ts';

export const MODEL_KEY = 'sk-canary-agent-0123456789';

/** Something on the network that tools call; it notes every call and answers by its path. */
export class Target {
  readonly calls: string[] = [];
  /** By path; else `ok`. */
  readonly answers = new Map<string, string>();
  private readonly server: Server;
  private held: (() => void)[] = [];

  private constructor() {
    this.server = createServer((request, response) => {
      const path = request.url ?? '';
      this.calls.push(path);
      const answer = (): void => {
        response.end(this.answers.get(path) ?? 'ok');
      };
      if (path.startsWith('/slow')) this.held.push(answer);
      else answer();
    });
  }

  static async start(): Promise<Target> {
    const target = new Target();
    target.server.listen(0, '127.0.0.1');
    await once(target.server, 'listening');
    return target;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  url(path: string): string {
    return `http://${this.host}${path}`;
  }

  /** Answers the calls of `/slow…` that have come. */
  release(): void {
    for (const answer of this.held.splice(0)) answer();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

interface DrawnNode {
  readonly type: string;
  readonly config?: object;
}

/** A workflow as a document: nodes by id, and edges as `from.port > to.port`. */
export function documentOf(
  name: string,
  nodes: Readonly<Record<string, DrawnNode>>,
  edges: readonly string[],
): object {
  return {
    format: 'pipewright/workflow',
    version: 1,
    workflow: { name },
    nodes: Object.entries(nodes).map(([id, { type, config = {} }], at) => ({
      id,
      type,
      label: null,
      x: at * 200,
      y: 0,
      config,
      settings: { onError: 'fail', join: 'all' },
    })),
    edges: edges.map((edge, at) => {
      const [source = '', sourcePort = '', target = '', targetPort = ''] = edge.split(/\s*[.>]\s*/);
      return { id: at + 1, source, sourcePort, target, targetPort, priority: 0 };
    }),
  };
}

export interface AgentFlow {
  /** The agent's config. */
  readonly agent?: Readonly<Record<string, unknown>>;
  readonly type?: 'agent' | 'deep_agent';
  readonly model?: Readonly<Record<string, unknown>>;
  /** By node id; plugged into the agent's tools. */
  readonly tools?: Readonly<Record<string, DrawnNode>>;
  /** Its config, where one is plugged in. */
  readonly memory?: Readonly<Record<string, unknown>>;
  readonly trigger?: 'trigger_chat' | 'trigger_manual';
}

/** A trigger, an agent, and what is plugged into it. */
export function agentDocument(flow: AgentFlow): object {
  const { agent = {}, type = 'agent', model = {}, tools = {}, memory, trigger = 'trigger_chat' } = flow;
  const isChat = trigger === 'trigger_chat';
  const template = isChat ? {} : { input_template: '{{ trigger.text }}' };
  return documentOf(
    'Agent',
    {
      start: { type: trigger },
      agent: { type, config: { ...template, ...agent } },
      model: {
        type: 'ai_model',
        config: { model_name: 'scripted-1', max_retries: 0, ...model },
      },
      ...(memory && { memory: { type: 'memory', config: memory } }),
      ...tools,
    },
    [
      `start.${isChat ? 'text' : 'payload'} > agent.messages`,
      'model.model > agent.model',
      ...(memory ? ['memory.memory > agent.memory'] : []),
      ...Object.keys(tools).map((id) => `${id}.tool > agent.tools`),
    ],
  );
}

export interface RunDetail {
  readonly execution_id: string;
  readonly status: string;
  readonly error_message: string;
  readonly final_output: unknown;
  readonly total_tokens: number;
  readonly llm_calls: number;
  readonly logs: readonly {
    readonly node_id: string;
    readonly status: string;
    readonly error_code: string | null;
  }[];
}

interface StepCall {
  readonly key: string;
  readonly kind: string;
  readonly title: string;
  readonly request: unknown;
  readonly result: unknown;
  readonly is_error: boolean;
  readonly tool_node_id: string | null;
}

const OVER = ['completed', 'failed', 'cancelled'];
const PATIENCE_MS = 30_000;

/** Agents as people run them: the whole server, a scripted provider and something for tools to call. */
export interface AgentStage {
  readonly server: TestServer;
  readonly llm: ScriptedProvider;
  readonly target: Target;
  readonly person: Caller;
  readonly credential: number;
  /** @returns the slug of a new workflow */
  draw(flow: AgentFlow): Promise<string>;
  /** Says something; resolves when the run is over. */
  say(slug: string, text: string, more?: Readonly<Record<string, unknown>>): Promise<RunDetail>;
  begin(slug: string, text: string): Promise<string>;
  end(executionId: string): Promise<RunDetail>;
  callsOf(executionId: string): Promise<readonly StepCall[]>;
  close(): Promise<void>;
}

export async function startAgentStage(): Promise<AgentStage> {
  const [llm, target] = await Promise.all([startScriptedProvider(), Target.start()]);
  const server = await startTestServer({ PIPEWRIGHT_EGRESS_ALLOW: `${llm.host},${target.host}` });
  const person = await server.addUser('ada');
  const { id } = await person.ok<{ id: number }>('credentials.create', {
    name: 'Scripted',
    credential_type: 'llm',
    detail: { provider_type: 'openai_compatible', base_url: llm.openai, api_key: MODEL_KEY },
  });
  const stage: AgentStage = {
    server,
    llm,
    target,
    person,
    credential: id,
    draw: async (flow) => {
      const { slug } = await person.ok<{ slug: string }>('workflows.import', {
        document: agentDocument(flow),
      });
      // A document names no credentials of this installation.
      const config = { llm_credential_id: id };
      await person.ok('nodes.update', { workflow_slug: slug, node: 'model', config });
      return slug;
    },
    begin: async (slug, text) => {
      const sent = await person.ok<{ execution_id: string }>('chat.send', { workflow_slug: slug, text });
      return sent.execution_id;
    },
    say: async (slug, text, more = {}) => {
      const sent = await person.ok<{ execution_id: string }>('chat.send', {
        workflow_slug: slug,
        text,
        ...more,
      });
      return stage.end(sent.execution_id);
    },
    end: async (executionId) => {
      const deadline = Date.now() + PATIENCE_MS;
      for (;;) {
        const run = await person.ok<RunDetail>('executions.get', { execution_id: executionId });
        if (OVER.includes(run.status)) return run;
        if (Date.now() > deadline) throw new Error(`The run is still ${run.status}.`);
        await pause(20);
      }
    },
    callsOf: async (executionId) => {
      const page = await person.ok<{ items: StepCall[] }>('executions.calls', {
        execution_id: executionId,
        limit: 100,
      });
      return page.items;
    },
    close: async () => {
      await server.close();
      await Promise.all([llm.close(), target.close()]);
    },
  };
  return stage;
}
