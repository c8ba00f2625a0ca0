import type { Graph } from '#domain/graph/graph.ts';
import { problemsOnPath } from '#domain/graph/validate.ts';
import type { DefinitionOf, TriggerKind } from '#domain/node/definition.ts';
import type { Db } from '#server/db/connection.ts';
import type { Engine, StartRequest } from '#server/engine/engine.ts';
import { problemsOf } from './graph-problem.ts';
import { runOptionsOf } from './run-option.ts';
import { isActive, priorityOf, type TriggerFields } from './trigger-order.ts';

/** What starting runs from inside other runs takes. */
export interface RunStartOptions {
  readonly db: Db;
  readonly versions: {
    /** The stored version of a workflow's newest revision; null when the workflow is gone. */
    current(
      workflowId: number,
      revision: number,
    ): Promise<{ readonly versionId: number; readonly graph: Graph } | null>;
  };
  readonly definitionOf: DefinitionOf;
  /** Asked when a run is started: the engine is made after what its steps may use. */
  readonly engine: () => Engine;
}

/** A workflow as somebody other than its people starts it. */
export interface RunTarget {
  readonly id: number;
  readonly environment_id: number;
  readonly slug: string;
  readonly name: string;
  readonly is_active: boolean;
  readonly revision: number;
  readonly max_execution_seconds: number;
  readonly priority: number;
  readonly deadline_counts_waits: boolean;
}

export const TARGET_COLUMNS = [
  'id',
  'environment_id',
  'slug',
  'name',
  'is_active',
  'revision',
  'max_execution_seconds',
  'priority',
  'deadline_counts_waits',
] as const;

export interface TargetTrigger {
  readonly nodeId: string;
  readonly kind: TriggerKind;
  readonly config: Readonly<Record<string, unknown>>;
}

/** The triggers of a workflow that are switched on, the preferred ones first. */
export async function activeTriggers(
  { db, definitionOf }: Pick<RunStartOptions, 'db' | 'definitionOf'>,
  workflowId: number,
): Promise<TargetTrigger[]> {
  const rows = await db
    .selectFrom('nodes')
    .select(['id', 'node_id', 'type', 'config', 'api_fields'])
    .where('workflow_id', '=', workflowId)
    .where('type', 'like', 'trigger\\_%')
    .execute();
  return rows
    .map((row) => ({ ...row, api_fields: row.api_fields as TriggerFields }))
    .filter(isActive)
    .toSorted((a, b) => priorityOf(b) - priorityOf(a) || a.id - b.id)
    .flatMap((row): TargetTrigger[] => {
      const kind = definitionOf(row.type)?.trigger;
      return kind ? [{ nodeId: row.node_id, kind, config: row.config as TargetTrigger['config'] }] : [];
    });
}

/** What the engine needs of a workflow to run it from a trigger, or the reasons why it cannot. */
export type Runnable =
  | { readonly problems: readonly string[] }
  | Pick<
      StartRequest,
      | 'environmentId'
      | 'workflowId'
      | 'versionId'
      | 'graph'
      | 'triggerNode'
      | 'deadlineSeconds'
      | 'priority'
      | 'options'
    >;

export async function runnable(
  { versions, definitionOf }: Pick<RunStartOptions, 'versions' | 'definitionOf'>,
  target: RunTarget,
  triggerNode: string,
): Promise<Runnable> {
  const version = await versions.current(target.id, target.revision);
  if (!version) return { problems: ['It was deleted a moment ago.'] };
  const problems = problemsOnPath(
    problemsOf(version.graph, definitionOf),
    version.graph,
    triggerNode,
    definitionOf,
  );
  if (problems.length > 0) return { problems: problems.map((problem) => problem.message) };
  return {
    environmentId: target.environment_id,
    workflowId: target.id,
    versionId: version.versionId,
    graph: version.graph,
    triggerNode,
    deadlineSeconds: target.max_execution_seconds,
    priority: target.priority,
    options: runOptionsOf(target),
  };
}
