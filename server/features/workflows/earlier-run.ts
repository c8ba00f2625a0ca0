import { sql } from 'kysely';
import { AppError } from '#domain/problem.ts';
import type { Outputs } from '#domain/run/fact.ts';
import type { RunOptions } from '#domain/run/option.ts';
import type { Db } from '#server/db/connection.ts';
import { seesEverything, type Viewer } from '../handler.ts';

/** A run whose results a debugging run builds on. */
export interface EarlierRun {
  readonly id: string;
  readonly workflowId: number;
  readonly versionId: number;
  readonly status: string;
  readonly triggerNode: string;
  readonly triggerKind: string;
  readonly trigger: unknown;
  readonly options: RunOptions;
  /** By node id: what every step outside loops gave that succeeded. */
  readonly outputs: Readonly<Record<string, Outputs>>;
}

/** All that is reused is kept with the new run. */
const MAX_BYTES = 64 * 1024 * 1024;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * A run this caller may see; null for any other id.
 * @throws AppError `conflict` when its outputs are more than 64 MiB.
 */
export async function findEarlierRun(db: Db, viewer: Viewer, id: string): Promise<EarlierRun | null> {
  if (!UUID.test(id)) return null;
  let found = db
    .selectFrom('executions')
    .select(['id', 'workflow_id', 'workflow_version_id', 'status', 'trigger_node', 'trigger_kind'])
    .select(['trigger', 'options'])
    .where('id', '=', id);
  if (!seesEverything(viewer)) found = found.where('environment_id', '=', viewer.environmentId);
  const row = await found.executeTakeFirst();
  if (!row) return null;
  return {
    id: row.id,
    workflowId: row.workflow_id,
    versionId: row.workflow_version_id,
    status: row.status,
    triggerNode: row.trigger_node,
    triggerKind: row.trigger_kind,
    trigger: row.trigger,
    options: (row.options ?? {}) as RunOptions,
    outputs: await outputsOf(db, row.id),
  };
}

async function outputsOf(db: Db, id: string): Promise<Record<string, Outputs>> {
  const succeeded = db
    .selectFrom('steps')
    .leftJoin('blobs', 'blobs.hash', 'steps.output_hash')
    .where('execution_id', '=', id)
    .where('scope', '=', '')
    .where('status', '=', 'success');
  const { bytes } = await succeeded
    .select(sql<number>`coalesce(sum(coalesce(blobs.bytes, pg_column_size(output))), 0)::float8`.as('bytes'))
    .executeTakeFirstOrThrow();
  if (bytes > MAX_BYTES) {
    const size = Math.round(bytes / 1024 / 1024);
    throw new AppError(
      'conflict',
      `The earlier run's outputs have ${size} MiB; at most 64 MiB can be reused. Run the whole workflow.`,
    );
  }
  const rows = await succeeded.select(['node_id', 'output', 'blobs.body']).execute();
  const outputs = rows.flatMap(({ node_id, output, body }) => {
    const value = body === null ? output : JSON.parse(body);
    return isOutputs(value) ? [[node_id, value] as const] : [];
  });
  return Object.fromEntries(outputs);
}

const isOutputs = (value: unknown): value is Outputs =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
