import { ASK_BEFORE, type AskBefore } from '#domain/agent/config.ts';
import type { Graph, GraphNode } from '#domain/graph/graph.ts';
import { type DefinitionOf, readConfig } from '#domain/node/definition.ts';
import type { Db } from '#server/db/connection.ts';
import type { RequestContext } from '../../handler.ts';

const AGENTS: ReadonlySet<string> = new Set(['agent', 'deep_agent']);

/**
 * How careful the agent is that calls an operation, by the version of its workflow that runs: what it makes may do
 * nothing unasked that it would have to ask for itself. People, and agents that never ask, are held back by nothing.
 */
export async function careOf(db: Pick<Db, 'selectFrom'>, { step }: RequestContext): Promise<AskBefore> {
  if (!step) return 'never';
  const row = await db
    .selectFrom('executions as e')
    .innerJoin('workflow_versions as v', 'v.id', 'e.workflow_version_id')
    .select('v.graph')
    .where('e.id', '=', step.executionId)
    .executeTakeFirst();
  const node = (row?.graph as Graph | undefined)?.nodes.find(({ id }) => id === step.node);
  // What is no agent, or is not known, had nobody look at what it makes.
  return node && AGENTS.has(node.type) ? askBefore(node) : 'destructive';
}

function askBefore({ config }: GraphNode): AskBefore {
  return ASK_BEFORE.find((one) => one === config['ask_before']) ?? 'never';
}

/** The same nodes, their agents no less careful than that. */
export function withCare(nodes: readonly GraphNode[], care: AskBefore): GraphNode[] {
  return nodes.map((node) => {
    const isLess = ASK_BEFORE.indexOf(askBefore(node)) < ASK_BEFORE.indexOf(care);
    return AGENTS.has(node.type) && isLess ? { ...node, config: { ...node.config, ask_before: care } } : node;
  });
}

/** The steps that change something outside by themselves, of which an agent with such a tool would ask first. */
export function destructiveSteps({ nodes, edges }: Graph, definitionOf: DefinitionOf): string[] {
  const tools = new Set(edges.filter(({ sourcePort }) => sourcePort === 'tool').map(({ source }) => source));
  return nodes
    .filter(({ id, type, config }) => {
      const definition = definitionOf(type);
      if (!definition?.tool || definition.isPart || tools.has(id)) return false;
      return definition.tool(readConfig(definition, config)).some(({ destructive }) => destructive === true);
    })
    .map(({ id }) => id);
}
