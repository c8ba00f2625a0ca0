import { AppError } from '#domain/problem.ts';
import type { Trx } from './row.ts';

/** A fault of one field of the request. */
export const fieldProblem = (field: string, msg: string, input: unknown): AppError =>
  new AppError('invalid', [{ type: 'value_error', loc: ['body', field], msg, input }]);

// Whoever may change an epic sees everything of its environment, and it refers to nothing beyond.

const NO_WORKFLOW = 'There is no such workflow.';

/** @throws AppError `invalid` for a workflow of another environment, in the words for one that is absent. */
export async function checkWorkflowId(
  trx: Trx,
  environmentId: number,
  id: number | null | undefined,
): Promise<void> {
  if (id == null) return;
  const row = await workflowsOf(trx, environmentId).where('id', '=', id).executeTakeFirst();
  if (!row) throw fieldProblem('workflow_id', NO_WORKFLOW, id);
}

/** The id of the workflow of this slug. @throws AppError `invalid` as {@link checkWorkflowId}. */
export async function workflowIdOf(
  trx: Trx,
  environmentId: number,
  slug: string | null,
): Promise<number | null> {
  if (slug === null) return null;
  const row = await workflowsOf(trx, environmentId).where('slug', '=', slug).executeTakeFirst();
  if (!row) throw fieldProblem('workflow_slug', NO_WORKFLOW, slug);
  return row.id;
}

/** Held, so that none is deleted before it is referred to. */
const workflowsOf = (trx: Trx, environmentId: number) =>
  trx.selectFrom('workflows').select('id').where('environment_id', '=', environmentId).forKeyShare();

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** @throws AppError `invalid` for a run of another environment, in the words for one that is absent. */
export async function checkExecution(
  trx: Trx,
  environmentId: number,
  id: string | null | undefined,
): Promise<void> {
  if (id == null) return;
  const runs = trx.selectFrom('executions').select('id').where('environment_id', '=', environmentId);
  const row = UUID.test(id) ? await runs.where('id', '=', id).forKeyShare().executeTakeFirst() : undefined;
  if (!row) throw fieldProblem('execution_id', 'There is no such execution.', id);
}
