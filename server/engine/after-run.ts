import type { Pool } from 'pg';
import type { Failure } from '#domain/run/fact.ts';
import type { EndedRun } from './interface.ts';

interface Row {
  readonly environment_id: number;
  readonly workflow_id: number;
  readonly trigger_kind: string;
  readonly status: EndedRun['status'];
  readonly error: Failure | null;
  readonly depth: number;
}

/** A run that has ended as the after-run hook sees it; null when it is gone, or still under way. */
export async function readEndedRun(pool: Pool, executionId: string): Promise<EndedRun | null> {
  const { rows } = await pool.query<Row>(
    `select environment_id, workflow_id, trigger_kind, status, error, depth from executions
     where id = $1 and status in ('completed', 'failed', 'cancelled')`,
    [executionId],
  );
  const [row] = rows;
  if (!row) return null;
  return {
    executionId,
    environmentId: row.environment_id,
    workflowId: row.workflow_id,
    triggerKind: row.trigger_kind,
    status: row.status,
    error: row.error,
    depth: row.depth,
  };
}
