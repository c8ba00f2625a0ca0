import { type Kysely, sql } from 'kysely';
import type { Database } from '#server/db/schema.ts';

/** What a suspended step is told, and by which of the sources it waits for. */
export interface StepSignal {
  readonly executionId: string;
  readonly node: string;
  readonly scope: string;
  readonly source: string;
  /** JSON. */
  readonly value: unknown;
}

export const SIGNALLED = 'pipewright_signal';

/**
 * Tells a suspended step something and makes sure its run is gone on with; part of the caller's transaction. It may
 * come before the step is suspended. The first signal of a source counts.
 * @returns false when this source has signalled already.
 */
export async function sendSignal(db: Kysely<Database>, signal: StepSignal): Promise<boolean> {
  const { executionId, node, scope, source, value } = signal;
  const { rows } = await sql<{ sent: boolean }>`
    with sent as (
      insert into signals (execution_id, node_id, scope, source, value)
      values (${executionId}, ${node}, ${scope}, ${source}, ${JSON.stringify(value) ?? 'null'}::json)
      on conflict do nothing returning execution_id
    ), job as (
      select graphile_worker.add_job('drive', json_build_object('id', execution_id), job_key => 'run:' || execution_id)
      from sent
    ), note as (
      select pg_notify(${SIGNALLED}, execution_id::text) from sent
    )
    select exists (select from sent) as sent, (select count(*) from job) as jobs, (select count(*) from note) as notes
  `.execute(db);
  return rows[0]?.sent ?? false;
}
