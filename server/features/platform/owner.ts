import { AppError } from '#domain/problem.ts';
import type { Db } from '#server/db/connection.ts';
import type { Viewer } from '../handler.ts';

/** Where a run belongs. */
export interface RunPlace {
  readonly executionId: string;
  readonly workflowId: number;
  readonly environmentId: number;
}

/**
 * Whom a run acts for: the owner of its workflow, with what they are in the run's environment now. Of an administrator
 * of the installation it gets everything within that environment and nothing beyond: others may edit the workflow.
 * @throws AppError `unauthenticated` when there is no such account any more.
 */
export async function ownerOf(db: Db, { workflowId, environmentId }: RunPlace): Promise<Viewer> {
  const row = await db
    .selectFrom('workflows')
    .innerJoin('users', 'users.id', 'workflows.owner_id')
    .leftJoin('memberships as m', (join) =>
      join.onRef('m.user_id', '=', 'users.id').on('m.environment_id', '=', environmentId),
    )
    .select(['users.id', 'users.username', 'users.role', 'm.role as memberRole'])
    .where('workflows.id', '=', workflowId)
    .where('users.disabled_at', 'is', null)
    .executeTakeFirst();
  if (!row) throw new AppError('unauthenticated', 'The owner of this workflow has no account any more.');
  const { id, username } = row;
  const memberRole = row.role === 'admin' ? 'owner' : row.memberRole;
  return { userId: id, username, role: 'normal', memberRole, environmentId, credential: { kind: 'run', id } };
}
