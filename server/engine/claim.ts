import type { Pool } from 'pg';
import type { Reply } from '#domain/node/executor.ts';
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
  trigger: unknown;
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
  status: StoredStep['status'];
  resume: number | null;
  started: number;
  output: unknown;
  error: unknown;
}

const CLAIM = `
with free as (
  select id from executions
  where id = any($1::uuid[]) and owner is null and status not in ('completed', 'failed', 'cancelled')
  for update skip locked
)
update executions e set owner = $2::uuid, owner_token = owner_token + 1, status = 'running',
  started_at = coalesce(started_at, now())
from free where e.id = free.id
returning e.id, e.environment_id, e.workflow_id, e.workflow_version_id, e.trigger_node, e.trigger, e.owner_token,
  e.next_seq, e.losses, (extract(epoch from e.created_at) * 1000)::float8 as created,
  (extract(epoch from e.deadline_at) * 1000)::float8 as deadline, e.cancel_requested_at is not null as cancelled, e.reply`;

const STEPS = `
select execution_id, node_id, scope, attempt, n, status, (extract(epoch from resume_at) * 1000)::float8 as resume,
  (extract(epoch from started_at) * 1000)::float8 as started, output, error
from steps where execution_id = any($1::uuid[]) order by execution_id, n`;

interface Waiting {
  readonly id: string;
  readonly resolve: (claimed: Claimed | null) => void;
  readonly reject: (error: unknown) => void;
}

/** Takes runs into this process's ownership. Claims that come together are one statement. */
export class Claims {
  private readonly pool: Pool;
  private readonly processId: () => string;
  private waiting: Waiting[] = [];
  private isBusy = false;

  constructor(pool: Pool, processId: () => string) {
    this.pool = pool;
    this.processId = processId;
  }

  /** The run with its recorded steps; null when it is over, somebody else's, or does not exist. */
  claim(id: string): Promise<Claimed | null> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ id, resolve, reject });
      if (!this.isBusy) void this.work();
    });
  }

  private async work(): Promise<void> {
    this.isBusy = true;
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      try {
        const claimed = await this.take(batch.map((one) => one.id));
        for (const one of batch) {
          one.resolve(claimed.get(one.id) ?? null);
          // Two claims of one run in one batch: only the first gets it.
          claimed.delete(one.id);
        }
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
    this.isBusy = false;
  }

  private async take(ids: readonly string[]): Promise<Map<string, Claimed>> {
    const { rows } = await this.pool.query<HeadRow>({
      name: 'pipewright_claim',
      text: CLAIM,
      values: [ids, this.processId()],
    });
    const begun = rows.filter((row) => row.next_seq > 1).map((row) => row.id);
    const steps = new Map<string, StoredStep[]>();
    if (begun.length > 0) {
      const found = await this.pool.query<StepRow>({
        name: 'pipewright_steps',
        text: STEPS,
        values: [begun],
      });
      for (const row of found.rows) {
        const list = steps.get(row.execution_id);
        if (list) list.push(stepOf(row));
        else steps.set(row.execution_id, [stepOf(row)]);
      }
    }
    return new Map(rows.map((row) => [row.id, { head: headOf(row), steps: steps.get(row.id) ?? [] }]));
  }
}

const headOf = (row: HeadRow): RunHead => ({
  id: row.id,
  environmentId: row.environment_id,
  workflowId: row.workflow_id,
  versionId: row.workflow_version_id,
  triggerNode: row.trigger_node,
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
  status: row.status,
  resumeAt: row.resume,
  startedAt: row.started,
  output: row.output,
  error: row.error,
});
