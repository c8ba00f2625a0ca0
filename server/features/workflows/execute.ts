import type { DefinitionOf } from '#domain/node/definition.ts';
import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import { SharedReads } from '#server/db/shared-read.ts';
import { isGone } from '#server/engine/database-error.ts';
import { type Engine, EngineError } from '#server/engine/engine.ts';
import { problemsOf, refuseProblems } from '#server/run-start/graph-problem.ts';
import { requestDigest } from '#server/run-start/request-digest.ts';
import { runOptionsOf } from '#server/run-start/run-option.ts';
import { type RequestContext, seesEverything, signedIn, type Viewer } from '../handler.ts';
import { type EarlierRun, findEarlierRun } from './earlier-run.ts';
import { partOptions, problemsInPart } from './run-part.ts';
import { chooseTrigger, type ExecuteInput, isPartial, type TriggerRow } from './start-trigger.ts';
import { findWorkflow, type WorkflowRow } from './store.ts';
import type { Versions } from './version.ts';

export interface ExecuteOptions {
  readonly db: Db;
  readonly engine: Engine;
  readonly versions: Versions;
  readonly definitionOf: DefinitionOf;
}

/**
 * Starts a run by hand, of the whole workflow or of a part of it: from a manual trigger, or from any when the payload
 * is given or the run is for debugging.
 * @throws AppError in the documented words, and when what is to run has errors.
 */
export async function execute(options: ExecuteOptions, context: RequestContext, input: ExecuteInput) {
  const { db, engine, versions, definitionOf } = options;
  const viewer = signedIn(context);
  const { workflow, triggers } = await findStart(db, viewer, input.workflow_slug);
  if (!workflow.is_active) throw new AppError('not_found', 'Workflow not found');
  const version = await versions.current(workflow.id, workflow.revision);
  if (!version) throw new AppError('not_found', 'Workflow not found');
  const { graph } = version;
  const earlier = await earlierOf(db, viewer, workflow.id, input);
  const trigger = chooseTrigger({ triggers, definitionOf, graph, earlier }, input);
  const wanted = { ...input, usePins: input.use_pins, reusable: earlier?.outputs ?? {} };
  const part = isPartial(input) ? partOptions({ graph, definitionOf }, wanted) : {};
  const runOptions = { ...part, ...runOptionsOf(workflow, context.origin) };
  const place = { graph, definitionOf, triggerNode: trigger, options: runOptions };
  refuseProblems(problemsInPart(problemsOf(graph, definitionOf), place));
  const isOwnPayload = input.payload !== undefined || input.text !== '' || !earlier;
  const { executionId } = await started(
    engine.start({
      environmentId: workflow.environment_id,
      workflowId: workflow.id,
      versionId: version.versionId,
      graph,
      triggerNode: trigger,
      triggerKind: 'manual',
      payload: isOwnPayload ? { text: input.text, ...input.payload } : earlier.trigger,
      startedBy: viewer.userId,
      idempotencyKey: context.idempotencyKey,
      ...(context.idempotencyKey !== null && { requestDigest: requestDigest(input) }),
      deadlineSeconds: workflow.max_execution_seconds,
      priority: workflow.priority,
      options: runOptions,
    }),
  );
  return { execution_id: executionId, status: 'pending' as const };
}

/** The run whose results are reused, if any. @throws AppError `invalid` that names the field. */
async function earlierOf(
  db: Db,
  viewer: Viewer,
  workflowId: number,
  { reuse_execution_id, from }: ExecuteInput,
): Promise<EarlierRun | null> {
  const invalid = (field: string, msg: string, input: string) =>
    new AppError('invalid', [{ type: 'value_error', loc: ['body', field], msg, input }]);
  if (reuse_execution_id == null) {
    if (from == null) return null;
    throw invalid('from', 'Running from a node needs an earlier run: give reuse_execution_id, too.', from);
  }
  const earlier = await findEarlierRun(db, viewer, reuse_execution_id);
  if (earlier?.workflowId === workflowId) return earlier;
  throw invalid('reuse_execution_id', 'There is no such run of this workflow.', reuse_execution_id);
}

/** The engine's refusals as problems of the API. */
export async function started<T>(start: Promise<T>): Promise<T> {
  try {
    return await start;
  } catch (error) {
    // The workflow was deleted a moment ago.
    if (isGone(error)) throw new AppError('not_found', 'Workflow not found');
    if (!(error instanceof EngineError)) throw error;
    if (error.code === 'conflict') throw new AppError('conflict', error.message);
    if (error.code === 'full') throw new AppError('too_many', error.message, { retryAfterSeconds: 5 });
    throw new AppError('unavailable', error.message, { retryAfterSeconds: 1 });
  }
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
