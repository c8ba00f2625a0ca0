import { problemsOnPath, validateGraph } from '#domain/graph/validate.ts';
import type { DefinitionOf } from '#domain/node/definition.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { type Engine, EngineError } from '#server/engine/engine.ts';
import { type RequestContext, signedIn } from '../handler.ts';
import { loadGraph, type NodeRow } from './row.ts';
import { findWorkflow } from './store.ts';
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
  const workflow = await findWorkflow(db, viewer, input.workflow_slug, 'Workflow not found');
  if (!workflow.is_active) throw new AppError('not_found', 'Workflow not found');
  const trigger = await chooseTrigger(options, workflow.id, input);
  const version = await versions.current(workflow.id, workflow.revision);
  if (!version) throw new AppError('not_found', 'Workflow not found');
  const problems = problemsOnPath(validateGraph(version.graph, definitionOf), version.graph, trigger);
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

async function chooseTrigger({ db, definitionOf }: ExecuteOptions, workflowId: number, input: ExecuteInput) {
  const { nodes } = await loadGraph(db, workflowId);
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

const isActive = (node: NodeRow): boolean => node.api_fields.config?.is_active !== false;
const priorityOf = (node: NodeRow): number => Number(node.api_fields.config?.priority ?? 0);
