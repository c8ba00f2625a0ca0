import { type SqlBool, sql } from 'kysely';
import type { z } from 'zod';
import type { APPROVAL_STATES, approvalOut } from '#contract/approval.ts';
import type { Db } from '#server/db/connection.ts';
import { seesEverything, type Viewer } from '../handler.ts';

export type ApprovalOut = z.input<typeof approvalOut>;
type State = (typeof APPROVAL_STATES)[number];

const isLive = sql<boolean>`executions.status in ('queued', 'running', 'waiting')`;
const isExpired = sql<boolean>`coalesce(approvals.expires_at <= now(), false)`;
const given = sql<number>`(select count(*)::int from approval_votes v
  where v.approval_id = approvals.id and v.confirmed)`;

/** Named, or holding a named role; where nobody is named, whoever may do more than look. */
const isApprover = ({ userId, username, role }: Viewer) => sql<boolean>`case when approvals.approvers = '{}'
  then ${role} = 'admin' or exists (select from memberships m where m.user_id = ${userId}
    and m.environment_id = approvals.environment_id and m.role <> 'viewer')
  else approvals.approvers && (array[${username}, ${role}]::text[] || array(select m.role from memberships m
    where m.user_id = ${userId} and m.environment_id = approvals.environment_id)) end`;
const isSelf = ({ userId }: Viewer) =>
  sql<boolean>`not approvals.allow_self and approvals.started_by is not distinct from ${userId}`;
const hasAnswered = ({ username }: Viewer) => sql<boolean>`exists (select from approval_votes v
  where v.approval_id = approvals.id and v.voter = ${username})`;

/** The approvals of the runs this caller may see. */
function visible(db: Db, viewer: Viewer) {
  const query = db
    .selectFrom('approvals')
    .innerJoin('executions', 'executions.id', 'approvals.execution_id')
    .innerJoin('workflows', 'workflows.id', 'approvals.workflow_id');
  return seesEverything(viewer) ? query : query.where('approvals.environment_id', '=', viewer.environmentId);
}

function shown(query: ReturnType<typeof visible>, viewer: Viewer) {
  return query
    .selectAll('approvals')
    .select([
      'workflows.slug',
      'workflows.name',
      isLive.as('live'),
      isExpired.as('expired'),
      given.as('given'),
      isApprover(viewer).as('approver'),
      isSelf(viewer).as('self'),
      hasAnswered(viewer).as('answered'),
    ]);
}

export type ApprovalRow = Awaited<ReturnType<ReturnType<typeof shown>['executeTakeFirstOrThrow']>>;

/** The questions of one run, in the order they were asked. The caller has been let at the run already. */
export function approvalsOf(db: Db, viewer: Viewer, executionId: string): Promise<ApprovalRow[]> {
  return shown(visible(db, viewer), viewer)
    .where('approvals.execution_id', '=', executionId)
    .orderBy('approvals.id')
    .execute();
}

interface Paging {
  readonly limit: number;
  readonly offset: number;
}

/** What waits for this very caller, oldest first. */
export async function listOpen(db: Db, viewer: Viewer, { limit, offset }: Paging) {
  const open = visible(db, viewer)
    .where('approvals.decided_at', 'is', null)
    .where(sql<SqlBool>`${isLive} and not ${isExpired}`)
    .where(sql<SqlBool>`${isApprover(viewer)} and not (${isSelf(viewer)}) and not ${hasAnswered(viewer)}`);
  const { total } = await open.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow();
  if (limit === 0) return { items: [], total };
  const rows = await shown(open, viewer).orderBy('approvals.id').limit(limit).offset(offset).execute();
  return { items: rows.map(approvalOutOf), total };
}

interface Decision {
  readonly confirmed: boolean;
  readonly response: string;
  readonly decided_by: string;
}

export function stateOf(row: Pick<ApprovalRow, 'decision' | 'expired' | 'live'>): State {
  const decision = row.decision as Decision | null;
  if (decision) return decision.confirmed ? 'approved' : 'rejected';
  if (!row.live) return 'ended';
  return row.expired ? 'expired' : 'open';
}

/** A question as API clients see it. */
export function approvalOutOf(row: ApprovalRow): ApprovalOut {
  const decision = row.decision as Decision | null;
  const state = stateOf(row);
  return {
    id: Number(row.id),
    execution_id: row.execution_id,
    workflow_slug: row.slug,
    workflow_name: row.name,
    node_id: row.node_id,
    scope: row.scope,
    prompt: row.prompt,
    approvers: row.approvers,
    needed: row.needed,
    given: row.given,
    state,
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at?.toISOString() ?? null,
    decided_at: row.decided_at?.toISOString() ?? null,
    response: decision?.response ?? null,
    decided_by: decision?.decided_by ?? null,
    can_decide: state === 'open' && row.approver && !row.self && !row.answered,
  };
}
