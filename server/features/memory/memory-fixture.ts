import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { RecallRequest, RememberRequest } from '#domain/memory/request.ts';
import type { StepPlace } from '#server/engine/interface.ts';

/** A stored workflow. */
export interface Flow {
  readonly environmentId: number;
  readonly workflowId: number;
  readonly versionId: number;
}

export interface RunDetail {
  readonly startedBy?: number;
  readonly rootId?: string;
  readonly trigger?: unknown;
}

/** A run that is under way, and its step `agent`. */
export async function storeRun(pool: Pool, flow: Flow, more: RunDetail = {}): Promise<StepPlace> {
  const executionId = randomUUID();
  await pool.query(
    `insert into executions (id, environment_id, workflow_id, workflow_version_id, started_by, trigger_node,
       trigger_kind, root_id, status, trigger, created_at)
     values ($1, $2, $3, $4, $5, 't', 'manual', $6, 'running', $7, now())`,
    [
      executionId,
      flow.environmentId,
      flow.workflowId,
      flow.versionId,
      more.startedBy ?? null,
      more.rootId ?? executionId,
      JSON.stringify(more.trigger ?? {}),
    ],
  );
  return {
    executionId,
    environmentId: flow.environmentId,
    workflowId: flow.workflowId,
    rootId: more.rootId ?? executionId,
    depth: 0,
    node: 'agent',
    scope: '',
    call: '',
    actor: 'agent',
    triggerKind: 'manual',
    token: 1,
    idempotencyKey: 'k',
    signal: new AbortController().signal,
  };
}

/** Keeps a fact, with everything not said as an agent has it. */
export const fact = (key: string, value: unknown, more: Partial<RememberRequest> = {}): RememberRequest => ({
  kind: 'remember',
  key,
  value,
  factType: 'world_knowledge',
  overwrite: true,
  scope: 'auto',
  ...more,
});
/** Asks for facts. */
export const ask = (more: Partial<RecallRequest> = {}): RecallRequest => ({
  kind: 'recall',
  memory: 'facts',
  key: null,
  query: null,
  limit: 10,
  minConfidence: 0.5,
  ...more,
});
