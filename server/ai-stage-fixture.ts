import { DEFAULT_SETTINGS } from '#domain/graph/graph.ts';
import { type Caller, startTestServer, type TestServer, until } from './http/test-server.ts';
import { type ScriptedProvider, startScriptedProvider } from './model/provider-fixture.ts';

/** US dollars per million tokens of the model that flows ask here, as it is delivered. */
export const MODEL = { name: 'gpt-4o', input: 2.5, cached: 1.25, output: 10 } as const;
/** A second one, for what is asked of another model. */
export const SMALL_MODEL = { name: 'gpt-4o-mini', input: 0.15, cached: 0.075, output: 0.6 } as const;

interface Tokens {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

/** What the tokens of one call cost in US dollars. @throws Error for a model no flow asks */
export function costOf(model: string, { input, cached, output }: Tokens): number {
  const price = [MODEL, SMALL_MODEL].find(({ name }) => name === model);
  if (!price) throw new Error(`No flow asks ${model}.`);
  return ((input - cached) * price.input + cached * price.cached + output * price.output) / 1_000_000;
}

export type NodeSketch = readonly [type: string, config?: object, settings?: object];

export interface EndedRun {
  readonly execution_id: string;
  readonly status: string;
  readonly error_message: string;
  readonly final_output: Record<string, unknown> | null;
  readonly total_tokens: number;
  readonly total_cost_usd: number;
  readonly llm_calls: number;
}

export interface RunEventOut {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The whole server with a provider of models that answers by a script. */
export interface AiStage {
  readonly llm: ScriptedProvider;
  readonly server: TestServer;
  readonly ada: Caller;
  /** A `ai_model` node that asks the scripted provider. */
  readonly model: NodeSketch;
  /** Stores a workflow. Edges as `from.port > to.port`. */
  draw(slug: string, nodes: Readonly<Record<string, NodeSketch>>, edges: readonly string[]): Promise<void>;
  /** Starts a run at its manual trigger; `text` is part of the payload. @returns its id */
  start(slug: string, payload?: object): Promise<string>;
  ended(executionId: string): Promise<EndedRun>;
  run(slug: string, payload?: object): Promise<EndedRun>;
  events(executionId: string): Promise<RunEventOut[]>;
  /** What the run has done through `once` and tools, in order. */
  calls(executionId: string): Promise<{ key: string; title: string; result: unknown; is_error: boolean }[]>;
  close(): Promise<void>;
}

const OVER = ['completed', 'failed', 'cancelled'];

/** @param allow further private destinations that steps may reach, as `host:port` */
export async function startAiStage(
  allow: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<AiStage> {
  const llm = await startScriptedProvider();
  const server = await startTestServer({ PIPEWRIGHT_EGRESS_ALLOW: [llm.host, ...allow].join(','), ...env });
  const ada = await server.setUp();
  const { id: llm_credential_id } = await ada.ok<{ id: number }>('credentials.create', {
    name: 'Models',
    credential_type: 'llm',
    detail: { provider_type: 'openai_compatible', base_url: llm.openai, api_key: 'sk-scripted-0123456789' },
  });
  const { db } = server.connection;
  const ended = (execution_id: string): Promise<EndedRun> =>
    until(async () => {
      const found = await ada.ok<EndedRun>('executions.get', { execution_id });
      return OVER.includes(found.status) ? found : null;
    }, 30_000);
  const start = async (workflow_slug: string, payload: object = {}): Promise<string> => {
    const input = { workflow_slug, payload };
    return (await ada.ok<{ execution_id: string }>('workflows.execute', input)).execution_id;
  };
  return {
    llm,
    server,
    ada,
    model: ['ai_model', { llm_credential_id, model_name: MODEL.name }],
    draw: async (slug, nodes, edges) => {
      await ada.ok('workflows.create', { name: slug, slug });
      const commands = commandsOf(nodes, edges);
      await ada.ok('workflows.changeGraph', { workflow_slug: slug, base_revision: 0, commands });
    },
    start,
    ended,
    run: async (slug, payload) => ended(await start(slug, payload)),
    events: async (execution_id) =>
      (await ada.ok<{ items: RunEventOut[] }>('executions.events', { execution_id, limit: 1000 })).items,
    calls: async (executionId) => {
      const rows = await db
        .selectFrom('step_calls')
        .select(['key', 'title', 'result', 'is_error'])
        .where('execution_id', '=', executionId)
        .orderBy('n')
        .execute();
      return rows as { key: string; title: string; result: unknown; is_error: boolean }[];
    },
    close: async () => {
      await server.close();
      await llm.close();
    },
  };
}

function commandsOf(nodes: Readonly<Record<string, NodeSketch>>, edges: readonly string[]): object[] {
  return [
    ...Object.entries(nodes).map(([id, [type, config = {}, settings = {}]]) => ({
      kind: 'add_node',
      node: { id, type, label: null, x: 0, y: 0, config, settings: { ...DEFAULT_SETTINGS, ...settings } },
    })),
    ...edges.map((text, index) => {
      const [source = '', sourcePort = '', target = '', targetPort = ''] = text.split(/\s*>\s*|\./);
      const edge = { id: index + 1, source, sourcePort, target, targetPort, priority: 0 };
      return { kind: 'add_edge', edge };
    }),
  ];
}
