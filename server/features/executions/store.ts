import { type SqlBool, sql } from 'kysely';
import type { z } from 'zod';
import type { executionOut } from '#contract/execution.ts';
import { AppError } from '#domain/problem.ts';
import type { ExecutionStatus } from '#domain/run/event.ts';
import type { Db } from '#server/db/connection.ts';
import type { RunUsage } from '#server/model/usage.ts';
import { seesEverything, type Viewer } from '../handler.ts';

export type ExecutionOut = z.input<typeof executionOut>;
export type Stored = 'queued' | 'running' | 'waiting' | 'completed' | 'failed' | 'cancelled';

/** The stored words and those of the public API. Waiting is running, unless a person is waited for. */
const SHOWN: Readonly<Record<Stored, ExecutionStatus>> = {
  queued: 'pending',
  running: 'running',
  waiting: 'running',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

export const LIVE: readonly Stored[] = ['queued', 'running', 'waiting'];
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const shownStatus = ({ status, interrupted }: Pick<Row, 'status' | 'interrupted'>): ExecutionStatus =>
  interrupted && LIVE.includes(status) ? 'interrupted' : SHOWN[status];

/** How a shown status is stored; null for one that does not exist. */
export function storedAs(shown: string): { words: Stored[]; interrupted: boolean } | null {
  if (shown === 'interrupted') return { words: [...LIVE], interrupted: true };
  const words = (Object.keys(SHOWN) as Stored[]).filter((word) => SHOWN[word] === shown);
  return words.length === 0 ? null : { words, interrupted: false };
}

/** The runs this caller may see. */
export function visible(db: Db, viewer: Viewer) {
  const query = db.selectFrom('executions').innerJoin('workflows', 'workflows.id', 'executions.workflow_id');
  return seesEverything(viewer) ? query : query.where('executions.environment_id', '=', viewer.environmentId);
}

export const executionColumns = [
  'executions.id',
  'executions.workflow_id',
  'executions.workflow_version_id',
  'executions.status',
  'executions.interrupted',
  'executions.error',
  'executions.trigger_kind',
  'executions.trigger_node',
  'executions.created_at',
  'executions.started_at',
  'executions.finished_at',
  'workflows.slug',
  'workflows.name',
] as const;

/** @throws AppError `not_found`, in the same words for what is absent, what belongs to others and what is no id. */
export async function findExecution(db: Db, viewer: Viewer, id: string, detail = 'Execution not found.') {
  const row = UUID.test(id)
    ? await visible(db, viewer).select(executionColumns).where('executions.id', '=', id).executeTakeFirst()
    : undefined;
  if (!row) throw new AppError('not_found', detail);
  return row;
}

interface Row {
  readonly id: string;
  readonly status: Stored;
  readonly interrupted: boolean;
  readonly error: unknown;
  readonly trigger_kind: string;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly slug: string;
  readonly name: string;
}

/** A run as API clients see it. `usage`: of models; absent: it has called none. */
export const executionOutOf = (row: Row, usage?: RunUsage): ExecutionOut => ({
  execution_id: row.id,
  workflow_slug: row.slug,
  workflow_name: row.name,
  status: shownStatus(row),
  error_message: errorMessage(row.error),
  trigger_kind: row.trigger_kind,
  created_at: row.created_at.toISOString(),
  started_at: row.started_at?.toISOString() ?? null,
  completed_at: row.finished_at?.toISOString() ?? null,
  total_tokens: usage?.tokens ?? 0,
  total_cost_usd: usage?.costUsd ?? 0,
  llm_calls: usage?.calls ?? 0,
});

export function errorMessage(error: unknown): string {
  if (error === null || typeof error !== 'object' || !('message' in error)) return '';
  return String(error.message);
}

/** What a run was given and gave, in full. */
export async function readRunValues(db: Db, id: string): Promise<{ output: unknown; trigger: unknown }> {
  const row = await db
    .selectFrom('executions')
    .select(['output', 'trigger'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? { output: null, trigger: null };
}

/** One side of a step in full, by the number of its log. @throws AppError `not_found`. */
export async function readStepValue(
  db: Db,
  id: string,
  { step_id, side }: { readonly step_id: number; readonly side: 'input' | 'output' },
): Promise<unknown> {
  const row = await db
    .selectFrom('steps')
    .leftJoin('blobs', 'blobs.hash', `steps.${side}_hash`)
    .select([`steps.${side} as value`, 'blobs.body'])
    .where('execution_id', '=', id)
    .where('n', '=', step_id)
    .executeTakeFirst();
  if (!row) throw new AppError('not_found', 'Step not found.');
  return row.body === null ? row.value : JSON.parse(row.body);
}

/** Of the given ids those this caller may see, with whether they still run. */
export async function ownExecutions(db: Db, viewer: Viewer, ids: readonly string[]) {
  const real = ids.filter((id) => UUID.test(id));
  if (real.length === 0) return [];
  return visible(db, viewer)
    .select(['executions.id', 'executions.status'])
    .where(sql<SqlBool>`executions.id = any(${real}::uuid[])`)
    .execute();
}
