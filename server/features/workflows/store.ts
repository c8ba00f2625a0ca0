import { type SelectQueryBuilder, type SqlBool, sql, type Transaction } from 'kysely';
import type { z } from 'zod';
import type { workflowOut } from '#contract/workflow.ts';
import { AppError } from '#domain/problem.ts';
import type { Database } from '#server/db/schema.ts';
import { seesEverything, type Viewer } from '../handler.ts';
import type { Store } from './row.ts';

export type WorkflowOut = z.input<typeof workflowOut>;

const columns = [
  'workflows.id',
  'workflows.environment_id',
  'workflows.name',
  'workflows.slug',
  'workflows.description',
  'workflows.is_active',
  'workflows.is_public',
  'workflows.is_default',
  'workflows.tags',
  'workflows.error_handler_workflow_id',
  'workflows.max_execution_seconds',
  'workflows.max_concurrent_runs',
  'workflows.priority',
  'workflows.deadline_counts_waits',
  'workflows.input_schema',
  'workflows.output_schema',
  'workflows.revision',
  'workflows.next_edge_id',
  'workflows.created_at',
  'workflows.updated_at',
] as const;

/** The workflows this caller may see. Every query of the feature starts here. */
export function visible(db: Store, viewer: Viewer) {
  const query = db.selectFrom('workflows');
  return seesEverything(viewer) ? query : query.where('workflows.environment_id', '=', viewer.environmentId);
}

const missing = (detail: string): AppError => new AppError('not_found', detail);

/** @throws AppError `not_found`, in the same words for what is absent and what belongs to somebody else. */
export async function findWorkflow(db: Store, viewer: Viewer, slug: string, detail = 'Workflow not found.') {
  const row = await visible(db, viewer).select(columns).where('slug', '=', slug).executeTakeFirst();
  if (!row) throw missing(detail);
  return row;
}

export type WorkflowRow = Awaited<ReturnType<typeof findWorkflow>>;

/** As {@link findWorkflow}, and nobody else changes the workflow or its graph until the transaction ends. */
export async function lockWorkflow(
  trx: Transaction<Database>,
  viewer: Viewer,
  slug: string,
): Promise<WorkflowRow> {
  const row = await visible(trx, viewer)
    .select(columns)
    .where('slug', '=', slug)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw missing('Workflow not found.');
  return row;
}

/** The workflow as API clients see it, its counts included. */
export async function presentWorkflow(db: Store, id: number): Promise<WorkflowOut> {
  const row = await withCounts(db.selectFrom('workflows').where('workflows.id', '=', id)).executeTakeFirst();
  if (!row) throw missing('Workflow not found.');
  return workflowOutOf(row);
}

export interface ListRequest {
  readonly limit: number;
  readonly offset: number;
  readonly q?: string | undefined;
  readonly tag?: string | undefined;
  readonly sort?: string | undefined;
}

export async function listWorkflows(db: Store, viewer: Viewer, request: ListRequest) {
  const found = filtered(visible(db, viewer), request);
  const { total } = await found.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow();
  if (request.limit === 0) return { items: [], total };
  const rows = await withCounts(sorted(found, request.sort))
    .limit(request.limit)
    .offset(request.offset)
    .execute();
  return { items: rows.map(workflowOutOf), total };
}

type Query<O = object> = SelectQueryBuilder<Database, 'workflows', O>;

function filtered(query: Query, { q, tag }: ListRequest): Query {
  const text = q?.trim() ? `%${q.trim().replaceAll(/[\\%_]/g, '\\$&')}%` : null;
  let found = query;
  if (text !== null) {
    found = found.where((eb) =>
      eb.or([eb('name', 'ilike', text), eb('slug', 'ilike', text), eb('description', 'ilike', text)]),
    );
  }
  if (tag) found = found.where(sql<SqlBool>`coalesce(tags::jsonb, '[]') @> to_jsonb(array[${tag}::text])`);
  return found;
}

function sorted(query: Query, sort: string | undefined): Query {
  switch (sort) {
    case 'name':
      return query.orderBy(sql`lower(name)`).orderBy('workflows.id');
    case '-updated_at':
      return query.orderBy('workflows.updated_at', 'desc').orderBy('workflows.id', 'desc');
    case '-created_at':
      return query.orderBy('workflows.created_at', 'desc').orderBy('workflows.id', 'desc');
    default:
      return query.orderBy('workflows.id');
  }
}

function withCounts(query: Query) {
  return query.select(columns).select([
    sql<number>`(select count(*)::int from nodes where nodes.workflow_id = workflows.id)`.as('node_count'),
    sql<number>`(select count(*)::int from edges where edges.workflow_id = workflows.id)`.as('edge_count'),
    sql<number>`(select count(*)::int from nodes where nodes.workflow_id = workflows.id
      and starts_with(nodes.type, 'trigger_'))`.as('trigger_count'),
  ]);
}

type Counted = Awaited<ReturnType<ReturnType<typeof withCounts>['executeTakeFirstOrThrow']>>;

function workflowOutOf(row: Counted): WorkflowOut {
  const { environment_id: _, next_edge_id: __, input_schema, output_schema, ...shown } = row;
  return {
    ...shown,
    input_schema: input_schema as WorkflowOut['input_schema'],
    output_schema: output_schema as WorkflowOut['output_schema'],
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  };
}
