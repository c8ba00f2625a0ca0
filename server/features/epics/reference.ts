import { AppError } from '#domain/problem.ts';
import { visible as visibleRuns } from '../executions/store.ts';
import type { Viewer } from '../handler.ts';
import { visible as visibleWorkflows } from '../workflows/store.ts';
import type { Store, Trx } from './row.ts';

/** A fault of one field of the request. */
export const fieldProblem = (field: string, msg: string, input: unknown): AppError =>
  new AppError('invalid', [{ type: 'value_error', loc: ['body', field], msg, input }]);

/** Where the epic is and who refers to something from it. */
export interface Referrer {
  readonly viewer: Viewer;
  readonly environmentId: number;
}

const NO_WORKFLOW = 'There is no such workflow.';

/** @throws AppError `invalid` for a workflow the caller may not see, or of another environment. */
export async function checkWorkflowId(
  trx: Trx,
  { viewer, environmentId }: Referrer,
  id: number | null | undefined,
): Promise<void> {
  if (id == null) return;
  const row = await visibleWorkflows(trx, viewer)
    .select('workflows.id')
    .where('workflows.id', '=', id)
    .where('workflows.environment_id', '=', environmentId)
    .forKeyShare()
    .executeTakeFirst();
  if (!row) throw fieldProblem('workflow_id', NO_WORKFLOW, id);
}

/** The id of the workflow of this slug. @throws AppError `invalid` as {@link checkWorkflowId}. */
export async function workflowIdOf(
  trx: Trx,
  { viewer, environmentId }: Referrer,
  slug: string | null,
): Promise<number | null> {
  if (slug === null) return null;
  const row = await visibleWorkflows(trx, viewer)
    .select('workflows.id')
    .where('workflows.slug', '=', slug)
    .where('workflows.environment_id', '=', environmentId)
    .forKeyShare()
    .executeTakeFirst();
  if (!row) throw fieldProblem('workflow_slug', NO_WORKFLOW, slug);
  return row.id;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** @throws AppError `invalid` for a run the caller may not see, or of another environment. */
export async function checkExecution(
  trx: Store,
  { viewer, environmentId }: Referrer,
  id: string | null | undefined,
): Promise<void> {
  if (id == null) return;
  const row = UUID.test(id)
    ? await visibleRuns(trx, viewer)
        .select('executions.id')
        .where('executions.id', '=', id)
        .where('executions.environment_id', '=', environmentId)
        .executeTakeFirst()
    : undefined;
  if (!row) throw fieldProblem('execution_id', 'There is no such execution.', id);
}
