import { type SqlBool, sql } from 'kysely';
import type { OutputOf } from '#contract/contract.ts';
import type { Db } from '#server/db/connection.ts';
import { momentOf } from './moment.ts';

type Page = OutputOf<'audit', 'list'>;

export interface AuditRequest {
  readonly limit: number;
  readonly offset: number;
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
  readonly q?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly sort?: string | undefined;
}

/** A page of the audit log. @throws AppError `invalid` for times that are none. */
export async function listAudit(db: Db, request: AuditRequest): Promise<Page> {
  const found = filtered(db, request);
  const { total } = await found.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow();
  if (request.limit === 0 || request.offset >= total) return { items: [], total };
  const direction = request.sort === 'created_at' ? 'asc' : 'desc';
  const rows = await found
    .leftJoin('audit_chain', 'audit_chain.event_id', 'audit_events.id')
    .leftJoin('environments', 'environments.id', 'audit_events.environment_id')
    .select([
      'audit_events.id',
      'audit_events.action',
      'audit_events.actor_id',
      'audit_events.environment_id',
      'audit_events.actor_address',
      'audit_events.target',
      'audit_events.detail',
      'audit_events.created_at',
      'users.username',
      'environments.name',
      'audit_chain.hash',
    ])
    .orderBy('audit_events.id', direction)
    .limit(request.limit)
    .offset(request.offset)
    .execute();
  return {
    items: rows.map((row) => ({
      id: Number(row.id),
      action: row.action,
      actor_id: row.actor_id,
      actor_username: row.username,
      environment_id: row.environment_id,
      environment_name: row.name,
      address: row.actor_address,
      target: row.target,
      detail: row.detail as Record<string, unknown>,
      created_at: row.created_at.toISOString(),
      hash: row.hash?.toString('hex') ?? '',
    })),
    total,
  };
}

function filtered(db: Db, { action, actor, q, from, to }: AuditRequest) {
  let found = db.selectFrom('audit_events').leftJoin('users', 'users.id', 'audit_events.actor_id');
  const actions = (action ?? '').split(',').flatMap((one) => one.trim() || []);
  if (actions.length > 0) found = found.where('audit_events.action', 'in', actions);
  const name = actor?.trim().toLowerCase() ?? '';
  if (name !== '') found = found.where(sql<SqlBool>`lower(users.username) = ${name}`);
  const since = momentOf('from', from, { end: false });
  if (since) found = found.where('audit_events.created_at', '>=', since);
  const until = momentOf('to', to, { end: true });
  if (until) found = found.where('audit_events.created_at', '<', until);
  const text = q?.trim() ?? '';
  if (text === '') return found;
  const pattern = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
  return found.where(
    sql<SqlBool>`concat_ws(' ', audit_events.action, audit_events.target, audit_events.actor_address, users.username,
      audit_events.detail::text) ilike ${pattern}`,
  );
}
