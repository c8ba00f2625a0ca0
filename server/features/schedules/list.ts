import { type SelectQueryBuilder, sql } from 'kysely';
import { SCHEDULE_STATUSES, type ScheduleStatus } from '#domain/schedule/timing.ts';
import type { Database } from '#server/db/schema.ts';
import type { Viewer } from '../handler.ts';
import { type FireRow, fireOutOf, type ScheduleRow, type Store, scheduleOutOf } from './row.ts';
import { findSchedule, visible } from './store.ts';

export interface ListRequest {
  readonly limit: number;
  readonly offset: number;
  readonly status?: string | undefined;
  readonly workflow_id?: number | undefined;
  readonly q?: string | undefined;
  readonly sort?: string | undefined;
}

const isStatus = (text: string): text is ScheduleStatus =>
  (SCHEDULE_STATUSES as readonly string[]).includes(text);

/** One page of schedules with their workflows and newest fires. A status that does not exist gives an empty one. */
export async function listSchedules(db: Store, viewer: Viewer, request: ListRequest) {
  const { limit, offset, status, workflow_id, q, sort } = request;
  let found = visible(db, viewer).innerJoin('workflows', 'workflows.id', 'schedules.workflow_id');
  if (status) {
    if (!isStatus(status)) return { items: [], total: 0 };
    found = found.where('schedules.status', '=', status);
  }
  if (workflow_id !== undefined) found = found.where('schedules.workflow_id', '=', workflow_id);
  const text = q?.trim() ? `%${q.trim().replaceAll(/[\\%_]/g, '\\$&')}%` : null;
  if (text !== null) {
    found = found.where((eb) =>
      eb.or([
        eb('schedules.name', 'ilike', text),
        eb('schedules.description', 'ilike', text),
        eb('workflows.name', 'ilike', text),
      ]),
    );
  }
  const { total } = await found.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow();
  if (limit === 0) return { items: [], total };
  const rows = await sorted(found, sort)
    .selectAll('schedules')
    .select(['workflows.name as workflow_name', 'workflows.slug as workflow_slug'])
    .limit(limit)
    .offset(offset)
    .execute();
  return { items: await withLastFires(db, rows), total };
}

/** One schedule as the list shows it. @throws AppError `not_found`. */
export async function findEntry(db: Store, viewer: Viewer, id: string) {
  const row = await findSchedule(db, viewer, id);
  const workflow = await db
    .selectFrom('workflows')
    .select(['name as workflow_name', 'slug as workflow_slug'])
    .where('id', '=', row.workflow_id)
    .executeTakeFirstOrThrow();
  const [entry] = await withLastFires(db, [{ ...row, ...workflow }]);
  return entry as NonNullable<typeof entry>;
}

type Query = SelectQueryBuilder<Database, 'schedules' | 'workflows', object>;

function sorted(query: Query, sort: string | undefined): Query {
  switch (sort) {
    case 'created_at':
      return query.orderBy('schedules.created_at').orderBy('schedules.id');
    case 'name':
      return query.orderBy(sql`lower(schedules.name)`).orderBy('schedules.id');
    case 'next_run_at':
      return query
        .orderBy('schedules.next_run_at', (order) => order.asc().nullsLast())
        .orderBy('schedules.id');
    case '-last_run_at':
      return query
        .orderBy('schedules.last_run_at', (order) => order.desc().nullsLast())
        .orderBy('schedules.id');
    case '-error_count':
      return query.orderBy('schedules.error_count', 'desc').orderBy('schedules.id');
    default:
      return query.orderBy('schedules.created_at', 'desc').orderBy('schedules.id', 'desc');
  }
}

type Named = ScheduleRow & { readonly workflow_name: string; readonly workflow_slug: string };

async function withLastFires(db: Store, rows: readonly Named[]) {
  const fires = await lastFires(
    db,
    rows.map((row) => row.id),
  );
  return rows.map((row) => {
    const fire = fires.get(row.id);
    const { workflow_name, workflow_slug } = row;
    return { ...scheduleOutOf(row), workflow_name, workflow_slug, last_fire: fire ? fireOutOf(fire) : null };
  });
}

/** One look into the primary key per schedule, however long their histories are. */
async function lastFires(db: Store, ids: readonly string[]): Promise<Map<string, FireRow>> {
  const { rows } = await sql<FireRow>`
    select newest.* from unnest(${ids}::uuid[]) as wanted (id)
    cross join lateral (
      select * from schedule_fires where schedule_id = wanted.id order by fire_at desc limit 1
    ) as newest
  `.execute(db);
  return new Map(rows.map((row) => [row.schedule_id, row]));
}
