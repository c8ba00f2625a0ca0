import type { Db } from '#server/db/connection.ts';
import { type EndedRun, EngineError, type EngineLog } from '#server/engine/interface.ts';
import { originOf } from '#server/run-start/run-origin.ts';
import {
  activeTriggers,
  type RunStartOptions,
  type RunTarget,
  runnable,
  TARGET_COLUMNS,
} from '#server/run-start/run-target.ts';

export interface ErrorRunOptions extends RunStartOptions {
  readonly log: EngineLog;
}

/**
 * Starts the error trigger that is meant for a failed run, once. A run that such a trigger started, and one that a
 * step waits for, start none: that is the guard against errors about errors, and the caller is told anyway.
 * @throws EngineError `unavailable` when it should be tried again.
 */
export function createErrorRuns(options: ErrorRunOptions): (run: EndedRun) => Promise<void> {
  return async (run) => {
    if (run.status !== 'failed' || run.depth > 0 || run.triggerKind === 'error') return;
    const failed = await findWorkflow(options.db, run.workflowId);
    if (!failed) return;
    const named = failed.error_handler_workflow_id;
    const handler = named === null ? failed : await findWorkflow(options.db, named);
    if (!handler || handler.environment_id !== failed.environment_id) return;
    const skip = (why: string): void => {
      if (named === null) return;
      const detail = { workflow: failed.slug, handler: handler.slug, execution: run.executionId };
      options.log('warn', `An error handler was not started: ${why}`, detail);
    };
    await startHandler(options, { run, failed, handler, skip });
  };
}

interface Handling {
  readonly run: EndedRun;
  readonly failed: RunTarget;
  readonly handler: RunTarget;
  readonly skip: (why: string) => void;
}

async function startHandler(
  options: ErrorRunOptions,
  { run, failed, handler, skip }: Handling,
): Promise<void> {
  if (!handler.is_active) return skip('it is switched off');
  const trigger = (await activeTriggers(options, handler.id)).find((one) => one.kind === 'error');
  if (!trigger) return skip('it has no error trigger');
  const request = await runnable(options, handler, trigger.nodeId);
  if ('problems' in request) return skip(request.problems[0] ?? 'it has errors');
  const payload = {
    error: run.error,
    execution_id: run.executionId,
    workflow_slug: failed.slug,
    workflow_name: failed.name,
  };
  // Its cost is that of whoever began the failed run.
  const origin = await originOf(options.db, run.executionId, run.triggerKind);
  try {
    await options.engine().start({
      ...request,
      options: { ...request.options, origin },
      triggerKind: 'error',
      payload,
      startedBy: null,
      idempotencyKey: `error:${run.executionId}`,
    });
  } catch (error) {
    // It was started before, when the workflow had another name.
    if (error instanceof EngineError && error.code === 'conflict') return;
    throw error;
  }
}

function findWorkflow(db: Db, id: number) {
  return db
    .selectFrom('workflows')
    .select([...TARGET_COLUMNS, 'error_handler_workflow_id'])
    .where('id', '=', id)
    .executeTakeFirst();
}
