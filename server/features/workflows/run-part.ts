import { coerce } from '#domain/graph/coerce.ts';
import { framesOf, withoutReturns } from '#domain/graph/frame.ts';
import { type Graph, type GraphNode, nodeTitle } from '#domain/graph/graph.ts';
import { downstreamOf } from '#domain/graph/order.ts';
import { planesOf, withParts } from '#domain/graph/plug.ts';
import { type Problem, problemsOnPath } from '#domain/graph/validate.ts';
import { type DefinitionOf, portsOf } from '#domain/node/definition.ts';
import { AppError } from '#domain/problem.ts';
import type { Outputs } from '#domain/run/fact.ts';
import type { RunOptions } from '#domain/run/option.ts';
import { PlanError } from '#domain/run/plan-error.ts';
import { reachedFrom } from '#domain/run/plan-reach.ts';

type ByNode = Readonly<Record<string, Outputs>>;

/** Which part of a workflow is run, and on what. Node ids. */
export interface PartRequest {
  /** Nothing but this node, with `inputs` or else what its edges bring from `reusable`. */
  readonly only?: string | null | undefined;
  /** Nothing but what this node needs, and it. */
  readonly until?: string | null | undefined;
  /** This node and everything behind it runs anew. */
  readonly from?: string | null | undefined;
  readonly inputs?: ByNode | null | undefined;
  readonly usePins?: boolean | undefined;
  /** What an earlier run gave. */
  readonly reusable: ByNode;
  /** The names of the fields above in the request, where they differ. */
  readonly fields?: { readonly from: string };
}

interface Drawn {
  readonly graph: Graph;
  readonly definitionOf: DefinitionOf;
}

const invalid = (path: readonly string[], msg: string, input: unknown): AppError =>
  new AppError('invalid', [{ type: 'value_error', loc: ['body', ...path], msg, input }]);

/** @throws AppError `invalid` that names the field. */
export function partOptions(drawn: Drawn, request: PartRequest): RunOptions {
  checkRequest(drawn, request);
  const { only, until, usePins } = request;
  const given = givenOf(drawn, request);
  const inputs = inputsOf(drawn, request, given);
  return {
    ...(Object.keys(given).length > 0 && { given }),
    ...(Object.keys(inputs).length > 0 && { inputs }),
    ...(only != null && { only }),
    ...(until != null && { until }),
    ...(usePins === true && { usePins }),
  };
}

function checkRequest({ graph, definitionOf }: Drawn, request: PartRequest): void {
  const { only, until, from, inputs } = request;
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const fromField = request.fields?.from ?? 'from';
  for (const [field, id] of [
    ['only', only],
    ['until', until],
    [fromField, from],
  ] as const) {
    if (id != null && !nodes.has(id))
      throw invalid([field], `There is no node “${id}” in this workflow.`, id);
  }
  if (only != null) {
    if (until != null) throw invalid(['until'], 'Give either “only” or “until”, not both.', until);
    if (from != null) throw invalid([fromField], `Give either “only” or “${fromField}”, not both.`, from);
    const type = nodes.get(only)?.type ?? '';
    if (definitionOf(type)?.trigger) {
      throw invalid(['only'], `“${only}” is a trigger: it only starts runs. Run the node behind it.`, only);
    }
  }
  for (const [id, values] of Object.entries(inputs ?? {})) {
    const node = nodes.get(id);
    if (!node) throw invalid(['inputs', id], `There is no node “${id}” in this workflow.`, values);
    const ports = portsOf(node, definitionOf).inputs.map((port) => port.name);
    for (const port of Object.keys(values)) {
      if (ports.includes(port)) continue;
      const known = ports.length > 0 ? `It has: ${ports.join(', ')}.` : 'It has none.';
      throw invalid(['inputs', id, port], `“${nodeTitle(node)}” has no input port “${port}”. ${known}`, port);
    }
  }
}

/** What is taken over as it is: nothing that runs anew, nothing that is gone from the graph. */
function givenOf(
  { graph, definitionOf }: Drawn,
  { only, until, from, usePins, reusable }: PartRequest,
): ByNode {
  const anew = new Set([only, until].filter((id) => id != null));
  if (from != null) {
    // Inside a repetition nothing can be begun: its outermost opener is.
    const start = framesOf(graph, definitionOf).around.get(from)?.[0] ?? from;
    anew.add(start);
    for (const id of downstreamOf(withoutReturns(graph, definitionOf), start)) anew.add(id);
  }
  const given: Record<string, Outputs> = {};
  for (const node of graph.nodes) {
    if (anew.has(node.id)) continue;
    const isTrigger = definitionOf(node.type)?.trigger !== undefined;
    const pin = usePins && only != null ? node.settings.pin : undefined;
    const outputs = pin ?? (Object.hasOwn(reusable, node.id) ? reusable[node.id] : undefined);
    // A trigger is never run; only templates of a node that runs alone look it up here.
    if (outputs && (!isTrigger || only != null)) given[node.id] = outputs;
  }
  return given;
}

/** The inputs in place of what edges bring. A node that runs alone has no edges: theirs are put together here. */
function inputsOf({ graph, definitionOf }: Drawn, { only, inputs }: PartRequest, given: ByNode): ByNode {
  const chosen = inputs ?? {};
  const node = graph.nodes.find((one) => one.id === only);
  if (!node || Object.hasOwn(chosen, node.id)) return chosen;
  const nodes = new Map(graph.nodes.map((one) => [one.id, one]));
  const ports = portsOf(node, definitionOf).inputs;
  const brought: Record<string, unknown> = {};
  const edges = graph.edges.filter((edge) => edge.target === node.id);
  for (const edge of edges.toSorted((a, b) => a.priority - b.priority || a.id - b.id)) {
    const source = nodes.get(edge.source);
    const outputs = Object.hasOwn(given, edge.source) ? given[edge.source] : undefined;
    const to = ports.find((port) => port.name === edge.targetPort);
    const from =
      source && portsOf(source, definitionOf).outputs.find((port) => port.name === edge.sourcePort);
    if (!outputs || !to || !from || to.loop || !Object.hasOwn(outputs, from.name)) continue;
    const value = coerce(outputs[from.name], from.type, to.type);
    if (to.many) ((brought[to.name] ??= []) as unknown[]).push(value);
    else if (!Object.hasOwn(brought, to.name)) brought[to.name] = value;
  }
  return Object.keys(brought).length > 0 ? { ...chosen, [node.id]: brought } : chosen;
}

/** Wrong for every node of a run, whether its outputs are given or not. */
const STRUCTURAL = new Set(['unknown_type', 'cycle', 'loop_crossed', 'loop_return', 'frames_overlap']);

interface Part extends Drawn {
  readonly triggerNode: string;
  readonly options: RunOptions;
}

/**
 * The errors that must refuse a run of this part; what is wrong elsewhere does not matter.
 * @throws AppError `invalid` when `until` cannot be reached from the trigger.
 */
export function problemsInPart(problems: readonly Problem[], part: Part): Problem[] {
  const { graph, definitionOf, triggerNode, options } = part;
  const { given = {}, inputs = {}, only, until, usePins } = options;
  const errors = problems.filter((problem) => problem.level === 'error');
  if (only !== undefined) {
    return errors.filter(
      ({ nodeId, code }) =>
        nodeId === only && (code === 'unknown_type' || !(STRUCTURAL.has(code) || code === 'required_input')),
    );
  }
  const there =
    until === undefined
      ? problemsOnPath(errors, graph, triggerNode, definitionOf)
      : onWay(errors, part, until);
  const isReady = (node: GraphNode): boolean =>
    Object.hasOwn(given, node.id) || (usePins === true && node.settings.pin !== undefined);
  const ready = new Set(graph.nodes.filter(isReady).map((node) => node.id));
  return there.filter(({ nodeId, code }) => {
    if (nodeId === undefined) return true;
    if (code === 'required_input' && Object.hasOwn(inputs, nodeId)) return false;
    return STRUCTURAL.has(code) || !ready.has(nodeId);
  });
}

/** The errors of what leads from the trigger to a node. */
function onWay(
  errors: readonly Problem[],
  { graph, definitionOf, triggerNode }: Part,
  until: string,
): Problem[] {
  const { flow, plugs } = planesOf(graph, definitionOf);
  const reached = reach(flow, triggerNode, until);
  const nodes = withParts(
    reached.nodes.map((node) => node.id),
    plugs,
  );
  const used = plugs.filter((plug) => nodes.has(plug.target));
  const edges = new Set([...reached.edges, ...used].map((edge) => edge.id));
  return errors.filter(({ nodeId, edgeId }) =>
    edgeId === undefined ? nodeId !== undefined && nodes.has(nodeId) : edges.has(edgeId),
  );
}

function reach(graph: Graph, triggerNode: string, until: string) {
  try {
    return reachedFrom({ graph, triggerNode, until });
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    throw invalid(['until'], error.message, until);
  }
}
