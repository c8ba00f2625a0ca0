import type { Outside } from './ai-outside-fixture.ts';
import type { AiStage, NodeSketch } from './ai-stage-fixture.ts';
import type { ReferenceServer } from './mcp/mcp-fixture.ts';
import type { ScriptedAnswer, ScriptedRequest } from './model/provider-fixture.ts';

/** What flows run on: one server for all of them, and what their tools reach. */
export interface FlowWorld {
  readonly stage: AiStage;
  readonly outside: Outside;
  readonly mcp: ReferenceServer;
}

/** An answer, or one that depends on what the tools have given in this step so far, in order. */
export type FlowAnswer = ScriptedAnswer | ((told: readonly string[]) => ScriptedAnswer);

/** One recorded call of a tool or of an agent's own function; `result` may be a matcher. */
export interface FlowCall {
  readonly key: string;
  readonly kind: string;
  readonly title: string;
  readonly tool_node: string | null;
  readonly result: unknown;
}

/** One call of a model, as it is charged. */
export interface ChargedCall {
  readonly node_id: string;
  /** Which call within the step. */
  readonly step_key: string;
  readonly model: string;
}

/**
 * A workflow of one AI or tool node with everything that can be said of its run. It begins with a manual trigger
 * `start`, whose text goes through `text` into `work`; `model` serves `work`.
 */
export interface Flow {
  /** The node type this is the flow of. */
  readonly type: string;
  readonly nodes: Readonly<Record<string, NodeSketch>>;
  readonly edges: readonly string[];
  /** The answers of the provider, in order. What each takes in tokens is `usageOf`. */
  readonly script: readonly FlowAnswer[];
  /** How the provider's answers are charged, in order. */
  readonly charged: readonly ChargedCall[];
  readonly calls: readonly FlowCall[];
  /** What the run gives. */
  readonly answer: unknown;
  /** What the model is told last, as a matcher of its messages. */
  readonly told?: unknown;
  /** Runs that were started and waited for. */
  readonly children?: number;
  /** What the tools' targets have seen. */
  readonly reached?: unknown;
}

/** What a row needs to be there before its run. */
export interface FlowRow {
  readonly type: string;
  readonly flow: (world: FlowWorld) => Flow | Promise<Flow>;
}

/** What the tokens of the provider's n-th answer are, from 1: different for each, so that none is taken for another. */
export const usageOf = (n: number) => ({ input: 1000 + 111 * n, cached: 64 * n, output: 17 + n });

/** What the tools have given, as the model was told, without the marks that tell it that this is data. */
export const toldOf = ({ body }: ScriptedRequest): string[] =>
  body.messages.flatMap(({ role, content }) =>
    role === 'tool' ? [String(content).replaceAll(/^<tool_\w+[^>]*>\n?|\n?<\/tool_\w+>$/g, '')] : [],
  );

/** Answers by the script, each with the tokens of its place. @returns how many answers were asked for */
export function follow({ llm }: AiStage, script: readonly FlowAnswer[]): () => number {
  let asked = 0;
  llm.requests.length = 0;
  llm.always((request) => {
    const answer = script[asked];
    asked += 1;
    if (answer === undefined) return { status: 400, error: 'The script has ended.' };
    return { ...(typeof answer === 'function' ? answer(toldOf(request)) : answer), usage: usageOf(asked) };
  });
  return () => asked;
}

/** The calls of models in a run and in those it has started, as they were charged, in order. */
export const chargesOf = async ({ server }: AiStage, rootId: string) => {
  const rows = await server.connection.db
    .selectFrom('llm_calls')
    .select(['node_id', 'step_key', 'model', 'status', 'input_tokens', 'cached_tokens', 'output_tokens'])
    .select(['cost_usd', 'is_estimated', 'reserved_tokens'])
    .where('root_id', '=', rootId)
    .orderBy('id')
    .execute();
  return rows.map(({ cost_usd, ...row }) => ({ ...row, cost_usd: Number(cost_usd) }));
};

/** What a run has recorded besides what models answered, in order. */
export const recordedBy = ({ server }: AiStage, executionId: string) =>
  server.connection.db
    .selectFrom('step_calls')
    .select(['key', 'kind', 'title', 'tool_node', 'result', 'is_error'])
    .where('execution_id', '=', executionId)
    .where('kind', '<>', 'model')
    .orderBy('n')
    .execute();
