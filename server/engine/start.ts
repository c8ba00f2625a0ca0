import type { Pool } from 'pg';
import { EngineError, KEY_REUSED } from './interface.ts';
import type { NewRun } from './run-record.ts';
import { column, rows } from './text-column.ts';

const COLUMNS = [
  'id',
  'environment_id',
  'workflow_id',
  'version_id',
  'started_by',
  'trigger_node',
  'trigger_kind',
  'trigger',
  'idempotency_key',
  'deadline',
  'created',
  'owner',
  'priority',
  'options',
  'parent',
  'parent_node',
  'parent_scope',
  'parent_source',
  'root',
  'depth',
  'job_priority',
];

const time = (name: string): string => `to_timestamp(${name}::float8 / 1000)`;

/** Runs and, where nobody here drives them at once, their jobs: one statement, so one commit. */
const INSERT = `
with created as (
  insert into executions (id, environment_id, workflow_id, workflow_version_id, started_by, trigger_node, trigger_kind,
    root_id, status, trigger, idempotency_key, deadline_at, created_at, owner, owner_token, started_at, priority,
    options, parent_id, parent_node, parent_scope, parent_source, depth)
  select c.id::uuid, c.environment_id::int, c.workflow_id::int, c.version_id::int, c.started_by::int, c.trigger_node,
    c.trigger_kind, coalesce(c.root, c.id)::uuid, case when c.owner is null then 'queued' else 'running' end, c.trigger::json,
    c.idempotency_key, ${time('c.deadline')}, ${time('c.created')}, c.owner::uuid,
    case when c.owner is null then 0 else 1 end, case when c.owner is not null then ${time('c.created')} end, c.priority::int,
    c.options::json, c.parent::uuid, c.parent_node, coalesce(c.parent_scope, ''), c.parent_source, c.depth::int
  from ${rows('c', 1, COLUMNS)}
  on conflict (workflow_id, idempotency_key) where idempotency_key is not null do nothing
  returning id, owner
), job as (
  select count(*) as n from graphile_worker.add_jobs((
    select array_agg(('drive', json_build_object('id', n.id), null, now(), 25, 'run:' || n.id, c.job_priority::int,
      null)::graphile_worker.job_spec)
    from created n join ${rows('c', 1, COLUMNS)} on c.id::uuid = n.id where n.owner is null
  ))
  where exists (select from created where owner is null)
)
select (select array_agg(id) from created) as ids, (select n from job) as jobs`;

export interface Started {
  readonly executionId: string;
  /** False when the idempotency key led to an earlier run. */
  readonly isNew: boolean;
}

interface Waiting {
  readonly run: NewRun;
  /** The process that drives the run at once; null: it is queued. */
  readonly owner: string | null;
  readonly resolve: (started: Started) => void;
  readonly reject: (error: unknown) => void;
}

const MAX_BATCH = 500;

/** Stores new runs. Starts that come together are committed together. */
export class Starts {
  private readonly pool: Pool;
  private waiting: Waiting[] = [];
  private readonly jobPriority: (run: NewRun) => number;
  private isBusy = false;

  /** @param jobPriority of a run's job in the queue; lower goes first */
  constructor(pool: Pool, jobPriority: (run: NewRun) => number) {
    this.pool = pool;
    this.jobPriority = jobPriority;
  }

  /**
   * Resolves once the run is durable.
   * @throws EngineError `conflict` when the idempotency key belongs to a run that was asked for in other words.
   */
  store(run: NewRun, owner: string | null): Promise<Started> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ run, owner, resolve, reject });
      if (!this.isBusy) void this.work();
    });
  }

  private async work(): Promise<void> {
    this.isBusy = true;
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    while (this.waiting.length > 0) await this.write(this.waiting.splice(0, MAX_BATCH));
    this.isBusy = false;
  }

  private async write(batch: readonly Waiting[]): Promise<void> {
    try {
      const created = await this.insert(batch);
      const others = batch.filter((one) => !created.has(one.run.id));
      for (const one of batch)
        if (created.has(one.run.id)) one.resolve({ executionId: one.run.id, isNew: true });
      await Promise.all(others.map((one) => this.answerEarlier(one)));
    } catch (error) {
      if (batch.length > 1 && isDataError(error)) {
        for (const one of batch) await this.write([one]);
      } else for (const one of batch) one.reject(error);
    }
  }

  private async insert(batch: readonly Waiting[]): Promise<Set<string>> {
    const values = [
      column(batch.map(({ run }) => run.id)),
      column(batch.map(({ run }) => run.environmentId)),
      column(batch.map(({ run }) => run.workflowId)),
      column(batch.map(({ run }) => run.versionId)),
      column(batch.map(({ run }) => run.startedBy)),
      column(batch.map(({ run }) => run.triggerNode)),
      column(batch.map(({ run }) => run.triggerKind)),
      column(batch.map(({ run }) => run.triggerJson)),
      column(batch.map(({ run }) => run.idempotencyKey)),
      column(batch.map(({ run }) => run.deadlineAt)),
      column(batch.map(({ run }) => run.createdAt)),
      column(batch.map(({ owner }) => owner)),
      column(batch.map(({ run }) => run.priority)),
      column(
        batch.map(({ run }) => (Object.keys(run.options).length === 0 ? null : JSON.stringify(run.options))),
      ),
      column(batch.map(({ run }) => run.parent?.executionId ?? null)),
      column(batch.map(({ run }) => run.parent?.node ?? null)),
      column(batch.map(({ run }) => run.parent?.scope || null)),
      column(batch.map(({ run }) => run.parent?.source ?? null)),
      column(batch.map(({ run }) => run.parent?.rootId ?? null)),
      column(batch.map(({ run }) => run.parent?.depth ?? 0)),
      column(batch.map(({ run }) => this.jobPriority(run))),
    ];
    const result = await this.pool.query<{ ids: string[] | null }>({
      name: 'pipewright_start',
      text: INSERT,
      values,
    });
    return new Set(result.rows[0]?.ids ?? []);
  }

  private async answerEarlier({ run, resolve, reject }: Waiting): Promise<void> {
    try {
      const { rows: found } = await this.pool.query<{ id: string; same: boolean }>(
        `select id, case when options ->> 'request' is null or $5::text is null
           then trigger::text = $3 and trigger_node = $4 else options ->> 'request' = $5 end as same
         from executions where workflow_id = $1 and idempotency_key = $2`,
        [run.workflowId, run.idempotencyKey, run.triggerJson, run.triggerNode, run.options.request ?? null],
      );
      const [earlier] = found;
      if (!earlier) throw new EngineError('unavailable', 'The run could not be stored. Try again.');
      if (!earlier.same) {
        throw new EngineError('conflict', KEY_REUSED);
      }
      resolve({ executionId: earlier.id, isNew: false });
    } catch (error) {
      reject(error);
    }
  }
}

const isDataError = (error: unknown): boolean =>
  /^(22|23|54)/.test(String((error as { code?: unknown } | null)?.code));
