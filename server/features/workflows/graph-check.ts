import { applyCommands, CommandError, type GraphCommand } from '#domain/graph/command.ts';
import { refusal } from '#domain/graph/connect.ts';
import type { Graph, GraphEdge } from '#domain/graph/graph.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { AppError } from '#domain/problem.ts';

/** Bounds of one workflow; beyond them neither the canvas nor a run is of use to anybody. */
export const MAX_NODES = 2000;
export const MAX_EDGES = 5000;
const MAX_CONFIG_BYTES = 512 * 1024;

/** Drawn incompletely: the node or port may still come. Validation reports these; a run refuses them. */
const TOLERATED = new Set(['unknown_node', 'unknown_port']);

/**
 * The graph after the commands.
 * @throws AppError `invalid` naming the command that does not fit.
 */
export function applyChecked(graph: Graph, commands: readonly GraphCommand[]): Graph {
  try {
    return applyCommands(graph, commands);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const loc = ['body', 'commands', error.index];
    throw new AppError('invalid', [{ type: 'command_refused', loc, msg: error.message }]);
  }
}

/**
 * Refuses what must not be stored: too much, unknown node types, edges that may not exist. Only what `after` has
 * and `before` had not is looked at, so a graph drawn under older rules can still be changed.
 * @throws AppError `invalid`
 */
export function checkGraph(before: Graph, after: Graph, definitionOf: DefinitionOf): void {
  if (after.nodes.length > MAX_NODES || after.edges.length > MAX_EDGES) {
    throw refused([`A workflow may have at most ${MAX_NODES} nodes and ${MAX_EDGES} edges.`]);
  }
  const known = new Set(before.nodes);
  for (const node of after.nodes) {
    if (known.has(node)) continue;
    if (!definitionOf(node.type)) throw refused([`Node '${node.id}': there is no node type '${node.type}'.`]);
    if (Buffer.byteLength(JSON.stringify(node.config)) > MAX_CONFIG_BYTES) {
      throw refused([`Node '${node.id}': its configuration is larger than ${MAX_CONFIG_BYTES / 1024} KiB.`]);
    }
  }
  const old = new Set(before.edges);
  const refusals = after.edges
    .filter((edge) => !old.has(edge))
    .flatMap((edge) => refusalOf(after, edge, definitionOf));
  if (refusals.length > 0) throw refused(refusals.slice(0, 20));
}

function refusalOf(graph: Graph, edge: GraphEdge, definitionOf: DefinitionOf): string[] {
  const found = refusal(graph, edge, definitionOf, edge.id);
  return found === null || TOLERATED.has(found.code) ? [] : [found.message];
}

const refused = (messages: readonly string[]): AppError =>
  new AppError('invalid', { validation_errors: messages });
