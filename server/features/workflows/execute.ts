import type { Graph } from '#domain/graph/graph.ts';
import { type Problem, problemsOnPath, validateGraph } from '#domain/graph/validate.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { SharedReads } from '#server/db/shared-read.ts';
import { type Engine, EngineError } from '#server/engine/engine.ts';
import { type RequestContext, seesEverything, signedIn, type Viewer } from '../handler.ts';
import type { NodeApiFields } from './row.ts';
import { findWorkflow, type WorkflowRow } from './store.ts';
import type { Versions } from './version.ts';

export interface ExecuteOptions {
  readonly db: Db;
  readonly engine: Engine;
  readonly versions: Versions;
  readonly definitionOf: DefinitionOf;
}

export interface ExecuteInput {
  readonly workflow_slug: string;
  readonly text: string;
  readonly payload?: Readonly<Record<string, unknown>> | undefined;
  readonly trigger_node_id?: string | null | undefined;
}

/** Starts a run by hand: from a manual trigger, or from any when the payload is given. @throws AppError in the documented words, and when the path has errors. */
export async function execute(options: ExecuteOptions, context: RequestContext, input: ExecuteInput) {
  const { db, engine, versions, definitionOf } = options;
  const viewer = signedIn(context);
  const { workflow, triggers } = await findStart(db, viewer, input.workflow_slug);
  if (!workflow.is_active) throw new AppError('not_found', 'Workflow not found');
  const trigger = chooseTrigger(triggers, definitionOf, input);
  const version = await versions.current(workflow.id, workflow.revision);
  if (!version) throw new AppError('not_found', 'Workflow not found');
  const problems = problemsOnPath(problemsOf(version.graph, definitionOf), version.graph, trigger);
  if (problems.length > 0) {
    throw new AppError('invalid', { validation_errors: problems.map((problem) => problem.message) });
  }
  const { executionId } = await started(
    engine.start({
      environmentId: workflow.environment_id,
      workflowId: workflow.id,
      versionId: version.versionId,
      graph: version.graph,
      triggerNode: trigger,
      triggerKind: 'manual',
      payload: { text: input.text, ...input.payload },
      startedBy: viewer.userId,
      idempotencyKey: context.idempotencyKey,
      deadlineSeconds: workflow.max_execution_seconds,
    }),
  );
  return { execution_id: executionId, status: 'pending' as const };
}

/** The engine's refusals as problems of the API. */
export async function started<T>(start: Promise<T>): Promise<T> {
  try {
    return await start;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    if (error.code === 'conflict') throw new AppError('conflict', error.message);
    throw new AppError('unavailable', error.message, { retryAfterSeconds: 1 });
  }
}

interface TriggerRow {
  readonly id: number;
  readonly node_id: string;
  readonly type: string;
  readonly api_fields: NodeApiFields;
}

interface StartPoint {
  readonly workflow: WorkflowRow;
  readonly triggers: readonly TriggerRow[];
}

const reads = new WeakMap<Db, SharedReads<StartPoint>>();

/** The workflow with its trigger nodes; callers who start the same one at once share the look-up. */
function findStart(db: Db, viewer: Viewer, slug: string): Promise<StartPoint> {
  let shared = reads.get(db);
  if (!shared) {
    shared = new SharedReads();
    reads.set(db, shared);
  }
  return shared.read(`${seesEverything(viewer) ? '*' : viewer.environmentId} ${slug}`, async () => {
    const workflow = await findWorkflow(db, viewer, slug, 'Workflow not found');
    const triggers = (await db
      .selectFrom('nodes')
      .select(['id', 'node_id', 'type', 'api_fields'])
      .where('workflow_id', '=', workflow.id)
      .where('type', 'like', 'trigger\\_%')
      .execute()) as TriggerRow[];
    return { workflow, triggers };
  });
}

const known = new WeakMap<Graph, readonly Problem[]>();

/** A version's graph never changes, so its problems are worked out once. */
export function problemsOf(graph: Graph, definitionOf: DefinitionOf): readonly Problem[] {
  let problems = known.get(graph);
  if (!problems) {
    problems = validateGraph(graph, definitionOf);
    known.set(graph, problems);
  }
  return problems;
}

function chooseTrigger(
  nodes: readonly TriggerRow[],
  definitionOf: DefinitionOf,
  input: ExecuteInput,
): string {
  const manual = nodes.filter((node) => definitionOf(node.type)?.trigger === 'manual');
  const wanted = input.trigger_node_id ?? '';
  if (wanted !== '') {
    // Whoever hands over the payload can stand in for the caller of any trigger, as Run in the editor does.
    const startable = input.payload ? nodes.filter((node) => definitionOf(node.type)?.trigger) : manual;
    if (startable.some((node) => node.node_id === wanted)) return wanted;
    throw new AppError('not_found', 'Manual trigger node not found');
  }
  const [first] = manual.filter(isActive).sort((a, b) => priorityOf(b) - priorityOf(a) || a.id - b.id);
  if (!first) throw new AppError('not_found', 'No trigger configured for manual execution');
  return first.node_id;
}

export const isActive = (node: Pick<TriggerRow, 'api_fields'>): boolean =>
  node.api_fields.config?.is_active !== false;
export const priorityOf = (node: Pick<TriggerRow, 'api_fields'>): number =>
  Number(node.api_fields.config?.priority ?? 0);
