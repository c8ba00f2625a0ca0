import type { Graph } from '#domain/graph/graph.ts';
import { downstreamOf } from '#domain/graph/order.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { AppError } from '#domain/problem.ts';
import type { Outputs } from '#domain/run/fact.ts';
import { isActive, priorityOf } from '#server/run-start/trigger-order.ts';
import type { EarlierRun } from './earlier-run.ts';
import type { NodeApiFields } from './row.ts';

export interface ExecuteInput {
  readonly workflow_slug: string;
  readonly text: string;
  readonly payload?: Readonly<Record<string, unknown>> | undefined;
  readonly trigger_node_id?: string | null | undefined;
  readonly until?: string | null | undefined;
  readonly only?: string | null | undefined;
  readonly inputs?: Readonly<Record<string, Outputs>> | null | undefined;
  readonly reuse_execution_id?: string | null | undefined;
  readonly from?: string | null | undefined;
  readonly use_pins?: boolean | undefined;
}

export interface TriggerRow {
  readonly id: number;
  readonly node_id: string;
  readonly type: string;
  readonly api_fields: NodeApiFields;
}

interface Choice {
  readonly triggers: readonly TriggerRow[];
  readonly definitionOf: DefinitionOf;
  readonly graph: Graph;
  readonly earlier: EarlierRun | null;
}

/** Whether less than a plain run of the whole workflow is asked for. */
export const isPartial = (input: ExecuteInput): boolean =>
  input.only != null ||
  input.until != null ||
  input.inputs != null ||
  input.reuse_execution_id != null ||
  input.use_pins === true;

/** Where a run by hand starts. @throws AppError `not_found` in the documented words. */
export function chooseTrigger(
  { triggers, definitionOf, graph, earlier }: Choice,
  input: ExecuteInput,
): string {
  const ofKind = (kind?: string) =>
    triggers
      .filter((node) => {
        const trigger = definitionOf(node.type)?.trigger;
        return kind === undefined ? trigger : trigger === kind;
      })
      .toSorted((a, b) => priorityOf(b) - priorityOf(a) || a.id - b.id);
  const wanted = input.trigger_node_id ?? '';
  if (wanted !== '') {
    // Whoever hands over the payload can stand in for the caller of any trigger, as Run in the editor does.
    const startable = input.payload || isPartial(input) ? ofKind() : ofKind('manual');
    if (startable.some((node) => node.node_id === wanted)) return wanted;
    throw new AppError('not_found', 'Manual trigger node not found');
  }
  if (earlier && ofKind().some((node) => node.node_id === earlier.triggerNode)) return earlier.triggerNode;
  const manual = ofKind('manual').filter(isActive);
  const { only, until } = input;
  // A node that runs alone is started by nobody in particular.
  if (only != null) return (manual[0] ?? ofKind()[0])?.node_id ?? only;
  const leading = until == null ? undefined : manual.find((node) => leadsTo(graph, node.node_id, until));
  const first = leading ?? manual[0];
  if (!first) throw new AppError('not_found', 'No trigger configured for manual execution');
  return first.node_id;
}

const leadsTo = (graph: Graph, triggerNode: string, id: string): boolean =>
  triggerNode === id || downstreamOf(graph, triggerNode).has(id);
