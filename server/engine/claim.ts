import type { Pool, PoolClient } from 'pg';
import type { Reply } from '#domain/node/executor.ts';
import type { RunOptions } from '#domain/run/option.ts';
import { QuestionBatch } from './question-batch.ts';
import type { Slots } from './slot.ts';
import type { RunHead, StoredStep } from './stored-run.ts';

export interface Claimed {
  readonly head: RunHead;
  readonly steps: readonly StoredStep[];
}

interface HeadRow {
  id: string;
  environment_id: number;
  workflow_id: number;
  workflow_version_id: number;
  trigger_node: string;
  trigger_kind: string;
  trigger: unknown;
  options: RunOptions | null;
  root_id: string;
  root_workflow: number | null;
  depth: number;
  parent_id: string | null;
  parent_node: string | null;
  parent_scope: string;
  parent_source: string | null;
  priority: number;
  owner_token: number;
  next_seq: number;
  losses: number;
  created: number;
  deadline: number | null;
  cancelled: boolean;
  reply: Reply | null;
}

interface StepRow {
  execution_id: string;
  node_id: string;
  scope: string;
  attempt: number;
  n: number;
  end_n: number | null;
  suspension: StoredStep['suspension'];
  finished: number | null;
  status: StoredStep['status'];
  resume: number | null;
  started: number;
  output: unknown;
  /** JSON text, where the output is too large for the row. */
  large: string | null;
  error: unknown;
}

const CLAIM = `
with free as (
  select id from executions
  where id = any($1::uuid[]) and owner is null and status not in ('completed', 'failed', 'cancelled')
  for update skip locked
)
update executions e set owner = $2::uuid, owner_token = owner_token + 1, status = 'running', held = false,
  started_at = coalesce(started_at, now())
from free where e.id = free.id
returning e.id, e.environment_id, e.workflow_id, e.workflow_version_id, e.trigger_node, e.trigger_kind, e.trigger,
  e.options, e.root_id, e.depth, e.parent_id, e.parent_node, e.parent_scope, e.parent_source, e.priority, e.owner_token,
  e.next_seq, e.losses, (extract(epoch from e.created_at) * 1000)::float8 as created,
  (extract(epoch from e.deadline_at) * 1000)::float8 as deadline,
  case when e.depth > 0 then (select r.workflow_id from executions r where r.id = e.root_id) end as root_workflow,
  e.cancel_requested_at is not null as cancelled, e.reply`;

const STEPS = `
select execution_id, node_id, scope, attempt, n, end_n, status, suspension, (extract(epoch from resume_at) * 1000)::float8 as resume,
  (extract(epoch from started_at) * 1000)::float8 as started,
  (extract(epoch from finished_at) * 1000)::float8 as finished, output, error,
  case when output_hash is not null then (select body from blobs where hash = output_hash) end as large
from steps where execution_id = any($1::uuid[]) order by execution_id, n`;

/** Takes runs into this process's ownership. Claims that come together are one statement. */
export class Claims {
  private readonly pool: Pool;
  private readonly processId: () => string;
  private readonly slots: Slots;
  private readonly batch: QuestionBatch<Claimed>;
  /** Two claims of one run in one batch: only the first gets it. */
  private readonly given = new WeakSet<Claimed>();

  constructor(pool: Pool, processId: () => string, slots: Slots) {
    this.pool = pool;
    this.slots = slots;
    this.processId = processId;
    this.batch = new QuestionBatch((ids) => this.take(ids));
  }

  /** The run with its recorded steps; null when it is over, somebody else's, or does not exist. */
  async claim(id: string): Promise<Claimed | null> {
    const claimed = await this.batch.ask(id);
    if (!claimed || this.given.has(claimed)) return null;
    this.given.add(claimed);
    return claimed;
  }

  private async take(ids: readonly string[]): Promise<Map<string, Claimed>> {
    const { slots } = this;
    const free = slots.areLimited ? await slots.unlimited(ids) : ids;
    const rows = free.length > 0 ? await this.own(this.pool, free) : [];
    const heads = rows.map((row) => headOf(row, false));
    if (free.length < ids.length) {
      const limited = ids.filter((id) => !free.includes(id));
      for (const id of limited) {
        const [row] = (await slots.take(id, (client) => this.own(client, [id]))) ?? [];
        if (row) heads.push(headOf(row, true));
      }
    }
    const steps = await this.stepsOf(heads.filter((head) => head.nextSeq > 1).map((head) => head.id));
    return new Map(heads.map((head) => [head.id, { head, steps: steps.get(head.id) ?? [] }]));
  }

  private async own(db: Pool | PoolClient, ids: readonly string[]): Promise<HeadRow[]> {
    const { rows } = await db.query<HeadRow>({
      name: 'pipewright_claim',
      text: CLAIM,
      values: [ids, this.processId()],
    });
    return rows;
  }

  private async stepsOf(ids: readonly string[]): Promise<Map<string, StoredStep[]>> {
    const steps = new Map<string, StoredStep[]>();
    if (ids.length === 0) return steps;
    const found = await this.pool.query<StepRow>({ name: 'pipewright_steps', text: STEPS, values: [ids] });
    for (const row of found.rows) {
      const list = steps.get(row.execution_id);
      if (list) list.push(stepOf(row));
      else steps.set(row.execution_id, [stepOf(row)]);
    }
    return steps;
  }
}

const headOf = (row: HeadRow, hasSlot: boolean): RunHead => ({
  id: row.id,
  environmentId: row.environment_id,
  workflowId: row.workflow_id,
  versionId: row.workflow_version_id,
  triggerNode: row.trigger_node,
  triggerKind: row.trigger_kind,
  options: row.options ?? {},
  rootId: row.root_id,
  depth: row.depth,
  parent:
    row.parent_id !== null && row.parent_node !== null && row.parent_source !== null
      ? {
          executionId: row.parent_id,
          node: row.parent_node,
          scope: row.parent_scope,
          source: row.parent_source,
        }
      : null,
  ...(row.parent_node !== null && {
    root: { executionId: row.root_id, workflowId: row.root_workflow, parentNode: row.parent_node },
  }),
  priority: row.priority,
  hasSlot,
  trigger: row.trigger,
  token: row.owner_token,
  nextSeq: row.next_seq,
  losses: row.losses,
  createdAt: row.created,
  deadlineAt: row.deadline,
  cancelRequested: row.cancelled,
  reply: row.reply,
});

const stepOf = (row: StepRow): StoredStep => ({
  node: row.node_id,
  scope: row.scope,
  attempt: row.attempt,
  n: row.n,
  endN: row.end_n,
  suspension: row.suspension,
  finishedAt: row.finished,
  status: row.status,
  resumeAt: row.resume,
  startedAt: row.started,
  output: row.large === null ? row.output : JSON.parse(row.large),
  error: row.error,
});
