import { sql } from 'kysely';
import type { Db } from '#server/db/connection.ts';
import type { StepPlace } from '#server/engine/interface.ts';
import { GATEWAY_KIND } from '#server/run-start/gateway-kind.ts';

export type RunPlace = Pick<
  StepPlace,
  'executionId' | 'rootId' | 'environmentId' | 'workflowId' | 'triggerKind'
>;

/** Where in the memory a step reads and writes. */
export interface MemoryPlace {
  readonly environmentId: number;
  readonly workflowId: number;
  readonly executionId: string;
  readonly rootId: string;
  readonly triggerKind: string;
  /** Of the topmost run: what a run starts takes part in the same conversation. */
  readonly rootWorkflowId: number;
  readonly threadId: string;
  /** The same for whatever a workflow reads and writes. */
  readonly agentId: string;
  /** Whom the run talks to; null where nobody knows. */
  readonly personId: string | null;
  /** A stranger on a hosted page talks: what is learned from them is not for others unless the workflow says so. */
  readonly isVisit: boolean;
  /**
   * Nobody vouches for whoever talks: a visitor, somebody behind a gateway's bot, or whoever calls a webhook that
   * takes calls of anybody. They see and teach nothing that concerns others.
   */
  readonly isStranger: boolean;
}

/** Under which name a workflow remembers. */
export const agentIdOf = (workflowId: number): string => `workflow:${workflowId}`;

interface RootRow {
  readonly workflow_id: number;
  readonly owner_id: number;
  readonly started_by: number | null;
  readonly trigger_kind: string;
  readonly thread_id: string | null;
  readonly visitor_id: string | null;
  /** Of whoever began the run on a hosted page; stays when they delete their conversation. */
  readonly begun_by_visitor: string | null;
  readonly person_id: string | null;
  /** How callers of the webhook that began it all show that they may. */
  readonly webhook_auth: string | null;
}

/**
 * Finds the conversation and the person a step belongs to: those of its topmost run. A run without a chat has a
 * conversation of whoever started it, else of the workflow's owner; those of webhooks have one of their own. What a
 * run begins through the API speaks for nobody else than that run did.
 */
export async function memoryPlace(db: Db, step: RunPlace): Promise<MemoryPlace> {
  const { rows } = await sql<RootRow>`
    select w.id as workflow_id, w.owner_id, o.started_by, o.trigger_kind, t.thread_id, t.visitor_id,
      v.visitor_id as begun_by_visitor,
      case when o.trigger_kind = 'webhook' and o.started_by is null then (
        select coalesce(node -> 'config' ->> 'auth', 'none')
        from workflow_versions g, json_array_elements(g.graph -> 'nodes') node
        where g.id = o.workflow_version_id and node ->> 'id' = o.trigger_node) end as webhook_auth,
      (select p.user_id from memory_episodes p
       where p.execution_id in (${step.executionId}::uuid, e.id, o.id) and p.user_id not like ${`${STRANGER}%`}
       order by p.execution_id = ${step.executionId}::uuid desc limit 1) as person_id
    from executions e
    join workflows w on w.id = e.workflow_id
    join lateral (
      select * from executions
      where id in (e.id, (e.options -> 'origin' ->> 'run')::uuid) order by id = e.id limit 1
    ) o on true
    left join chat_visits v on v.execution_id = o.id
    left join lateral (
      select h.thread_id, h.visitor_id from chat_messages m join chat_threads h on h.id = m.chat_thread_id
      where m.execution_id = e.id and h.environment_id = e.environment_id order by m.id limit 1
    ) t on true
    where e.id = ${step.rootId}::uuid and e.environment_id = ${step.environmentId}`.execute(db);
  const [root] = rows;
  const workflowId = root?.workflow_id ?? step.workflowId;
  return {
    environmentId: step.environmentId,
    workflowId: step.workflowId,
    executionId: step.executionId,
    rootId: step.rootId,
    triggerKind: step.triggerKind,
    rootWorkflowId: workflowId,
    threadId: root?.thread_id ?? usualThread(root, workflowId),
    agentId: agentIdOf(step.workflowId),
    personId: root ? personOf(root) : null,
    isVisit: root !== undefined && isVisit(root),
    isStranger: root !== undefined && isStranger(root),
  };
}

const isVisit = ({ visitor_id, begun_by_visitor }: RootRow): boolean =>
  (visitor_id ?? begun_by_visitor) !== null;

function isStranger(root: RootRow): boolean {
  if (isVisit(root) || root.trigger_kind === GATEWAY_KIND) return true;
  return root.trigger_kind === 'chat' ? root.started_by === null : root.webhook_auth === 'none';
}

/** Begins the name under which the episode of a stranger is kept whom nobody can tell from others. */
export const STRANGER = 'stranger:';

/**
 * Strangers do not get into a conversation of the owner's: neither a visitor who deletes what was said while the run
 * goes on, nor whoever calls a webhook.
 */
function usualThread(root: RootRow | undefined, workflowId: number): string {
  if (root?.begun_by_visitor) return `visitor:${root.begun_by_visitor}:${workflowId}`;
  if (root?.trigger_kind === 'webhook' && root.started_by === null) return `webhook:${workflowId}`;
  return `${root?.started_by ?? root?.owner_id ?? 0}:${workflowId}`;
}

/** Whoever was identified; else the visitor of the chat, on whose behalf somebody else may have started the run. */
function personOf({ person_id, visitor_id, begun_by_visitor, started_by }: RootRow): string | null {
  if (person_id !== null) return person_id;
  const visitor = visitor_id ?? begun_by_visitor;
  if (visitor !== null) return `visitor:${visitor}`;
  return started_by === null ? null : `user:${started_by}`;
}
