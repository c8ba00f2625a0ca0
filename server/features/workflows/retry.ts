import type { Contract } from '#contract/contract.ts';
import type { Graph } from '#domain/graph/graph.ts';
import { AppError } from '#domain/problem.ts';
import type { Outputs } from '#domain/run/fact.ts';
import type { Db } from '#server/db/connection.ts';
import type { StartRequest } from '#server/engine/engine.ts';
import { problemsOf, refuseProblems } from '#server/run-start/graph-problem.ts';
import { requestDigest } from '#server/run-start/request-digest.ts';
import { runOptionsOf } from '#server/run-start/run-option.ts';
import { type HandlersOf, type RequestContext, signedIn } from '../handler.ts';
import { type EarlierRun, findEarlierRun } from './earlier-run.ts';
import { type ExecuteOptions, started } from './execute.ts';
import { partOptions, problemsInPart } from './run-part.ts';

type Retry = HandlersOf<Contract['executions']>['retry'];

export interface RetryInput {
  readonly execution_id: string;
  readonly from_node_id?: string | null | undefined;
  readonly inputs?: Readonly<Record<string, Outputs>> | null | undefined;
}

/**
 * Starts a run of the same version on the same payload that reuses what the earlier one has achieved.
 * Throws AppError `not_found`, `conflict` when there is nothing to retry, `invalid` for a wrong field.
 */
export const retryHandler =
  (options: ExecuteOptions): Retry =>
  async (context, input) => {
    const { db, definitionOf, engine } = options;
    const earlier = await findEarlierRun(db, signedIn(context), input.execution_id);
    if (!earlier) throw new AppError('not_found', 'Execution not found.');
    refuseUnfit(earlier, input);
    const { workflow, graph } = await readPlace(db, earlier);
    const request = requestOf({ context, input, earlier, workflow, graph });
    const { given, ...old } = earlier.options;
    const part = partOptions(
      { graph, definitionOf },
      {
        only: old.only,
        until: old.until,
        from: old.only === undefined ? input.from_node_id : null,
        inputs: { ...old.inputs, ...input.inputs },
        usePins: old.usePins,
        reusable: { ...given, ...earlier.outputs },
        fields: { from: 'from_node_id' },
      },
    );
    const runOptions = { ...part, ...runOptionsOf(workflow, context.origin) };
    const place = { graph, definitionOf, triggerNode: earlier.triggerNode, options: runOptions };
    refuseProblems(problemsInPart(problemsOf(graph, definitionOf), place));
    const { executionId } = await started(engine.start({ ...request, options: runOptions }));
    return { execution_id: executionId, status: 'pending' as const };
  };

function refuseUnfit({ status, options }: EarlierRun, { from_node_id }: RetryInput): void {
  if (['queued', 'running', 'waiting'].includes(status)) {
    throw new AppError('conflict', 'This run has not ended yet. Wait for its end, or cancel it first.');
  }
  if (status !== 'failed' && from_node_id == null) {
    const msg = `This run has not failed: it is ${status}. Say from which node it is to run again (from_node_id).`;
    throw new AppError('conflict', msg);
  }
  if (from_node_id != null && options.only !== undefined && from_node_id !== options.only) {
    const msg = `Only “${options.only}” was run. Leave from_node_id out, or run the workflow.`;
    throw new AppError('invalid', [
      { type: 'value_error', loc: ['body', 'from_node_id'], msg, input: from_node_id },
    ]);
  }
}

async function readPlace(db: Db, earlier: EarlierRun) {
  const workflow = await db
    .selectFrom('workflows')
    .select([
      'id',
      'environment_id',
      'is_active',
      'max_execution_seconds',
      'priority',
      'deadline_counts_waits',
    ])
    .where('id', '=', earlier.workflowId)
    .executeTakeFirst();
  const version = await db
    .selectFrom('workflow_versions')
    .select('graph')
    .where('id', '=', earlier.versionId)
    .executeTakeFirst();
  if (!workflow || !version) throw new AppError('not_found', 'Execution not found.');
  if (!workflow.is_active) {
    throw new AppError('conflict', 'The workflow is switched off. Switch it on to run it again.');
  }
  return { workflow, graph: version.graph as Graph };
}

interface Retrying {
  readonly context: RequestContext;
  readonly input: RetryInput;
  readonly earlier: EarlierRun;
  readonly workflow: Awaited<ReturnType<typeof readPlace>>['workflow'];
  readonly graph: Graph;
}

function requestOf({ context, input, earlier, workflow, graph }: Retrying): StartRequest {
  const key = context.idempotencyKey;
  return {
    environmentId: workflow.environment_id,
    workflowId: workflow.id,
    versionId: earlier.versionId,
    graph,
    triggerNode: earlier.triggerNode,
    // What was started for an error must not start another error run.
    triggerKind: earlier.triggerKind === 'error' ? 'error' : 'manual',
    payload: earlier.trigger,
    startedBy: signedIn(context).userId,
    idempotencyKey: key === null ? null : `retry:${input.execution_id}:${key}`,
    ...(key !== null && { requestDigest: requestDigest(input) }),
    deadlineSeconds: workflow.max_execution_seconds,
    priority: workflow.priority,
  };
}
