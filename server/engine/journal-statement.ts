import { BLOB_COLUMNS, HASH_COLUMNS, hasLarge, inlineJson, largeColumns } from './blob.ts';
import type { RunRecord } from './run-record.ts';
import { column, rows } from './text-column.ts';

const CHANGE = [
  'id',
  'token',
  'first_seq',
  'next_seq',
  'status',
  'output',
  'reply',
  'error',
  'finished',
  'release',
  'interrupted',
  'wake',
  'progress',
];
const CREATE = [
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
  'priority',
  'next_seq',
  'status',
  'output',
  'reply',
  'error',
  'finished',
  'release',
  'interrupted',
  'wake',
];
const STEP = [
  'execution_id',
  'node_id',
  'scope',
  'attempt',
  'n',
  'end_n',
  'status',
  'resume',
  'suspension',
  'input',
  'output',
  'error',
  'logs',
  'started',
  'finished',
];
const CHUNK = ['execution_id', 'first_seq', 'last_seq', 'events'];
const JOB = ['execution_id', 'run_at', 'priority'];
const PARENT = ['execution_id', 'parent_id', 'node_id', 'scope', 'source', 'value'];
const MARK = ['execution_id', 'what'];

const changeAt = 3;
const createAt = changeAt + CHANGE.length;
const stepAt = createAt + CREATE.length;
const chunkAt = stepAt + STEP.length;
const jobAt = chunkAt + CHUNK.length;
const parentAt = jobAt + JOB.length;
const markAt = parentAt + PARENT.length;
const hashAt = markAt + MARK.length;
const blobAt = hashAt + HASH_COLUMNS.length;

/**
 * Whether a row's run has passed. "is true" keeps the planner from making it a join: it becomes one look-up in a
 * hash per row, where a nested loop would compare every step with every run.
 */
const passed = (id: string): string => `(${id}::uuid in (select id from live)) is true`;
const time = (name: string): string => `to_timestamp(${name}::float8 / 1000)`;

/**
 * One statement, so one commit, for any number of runs. `$1` is the writing process, `$2` whether others are to hear
 * of the events. A run's row is changed only
 * while this process owns it with the same token and nothing was written past `first_seq`; steps, events, jobs and
 * the notification follow only for the runs that passed. Answers `{ live: uuid[] }`. The conditions are worded so
 * that only the primary key can serve them: the indexes by owner and of live runs would be read from end to end.
 */
const base = (hashes: { readonly names: string; readonly values: string; readonly kept: string }): string => `
with fence as (
  update executions e set
    status = f.status,
    next_seq = f.next_seq::int,
    output = coalesce(f.output::json, e.output),
    reply = coalesce(f.reply::json, e.reply),
    error = coalesce(f.error::json, e.error),
    finished_at = ${time('f.finished')},
    owner = case when f.release::bool then null else e.owner end,
    interrupted = f.interrupted::bool,
    wake_at = ${time('f.wake')},
    losses = case when f.progress::bool then 0 else e.losses end
  from ${rows('f', changeAt, CHANGE)}
  where e.id = f.id::uuid and e.owner is not distinct from $1::uuid and e.owner_token = f.token::int
    and e.next_seq = f.first_seq::int and e.status not in ('completed', 'failed', 'cancelled')
  returning e.id
), created as (
  insert into executions (id, environment_id, workflow_id, workflow_version_id, started_by, trigger_node, trigger_kind,
    root_id, status, trigger, output, reply, error, idempotency_key, deadline_at, owner, owner_token, next_seq,
    created_at, started_at, finished_at, interrupted, wake_at, priority)
  select c.id::uuid, c.environment_id::int, c.workflow_id::int, c.version_id::int, c.started_by::int, c.trigger_node,
    c.trigger_kind, c.id::uuid, c.status, c.trigger::json, c.output::json, c.reply::json, c.error::json,
    c.idempotency_key, ${time('c.deadline')}, case when c.release::bool then null else $1::uuid end, 1,
    c.next_seq::int, ${time('c.created')}, ${time('c.created')}, ${time('c.finished')},
    c.interrupted::bool, ${time('c.wake')}, c.priority::int
  from ${rows('c', createAt, CREATE)}
  on conflict do nothing
  returning id
), live as (
  select id from fence union all select id from created
), step as (
  insert into steps (execution_id, node_id, scope, attempt, n, end_n, status, resume_at, suspension, input, output,
    error, logs, started_at, finished_at${hashes.names})
  select s.execution_id::uuid, s.node_id, coalesce(s.scope, ''), s.attempt::int, s.n::int, s.end_n::int, s.status,
    ${time('s.resume')}, s.suspension::json, s.input::json, s.output::json, s.error::json, s.logs::json, ${time('s.started')}, ${time('s.finished')}${hashes.values}
  from ${rows('s', stepAt, STEP, hashes.values === '' ? undefined : { first: hashAt, names: HASH_COLUMNS })} where ${passed('s.execution_id')}
  on conflict (execution_id, node_id, scope, attempt) do update set
    end_n = case when excluded.status = 'waiting' then steps.end_n else excluded.n end, status = excluded.status,
    output = coalesce(excluded.output, steps.output), error = excluded.error, logs = coalesce(excluded.logs, steps.logs),
    suspension = coalesce(excluded.suspension, steps.suspension), finished_at = excluded.finished_at,
    resume_at = case when excluded.status = 'waiting' then excluded.resume_at else steps.resume_at end${hashes.kept}
), chunk as (
  insert into event_chunks (execution_id, first_seq, last_seq, events)
  select k.execution_id::uuid, k.first_seq::int, k.last_seq::int, k.events::json
  from ${rows('k', chunkAt, CHUNK)} where ${passed('k.execution_id')}
  returning id
), due as (
  select j.execution_id as id, ${time('j.run_at')} as run_at, j.priority::int as priority
  from ${rows('j', jobAt, JOB)} where ${passed('j.execution_id')}
), job as (
  select count(*) as n from graphile_worker.add_jobs((
    select array_agg(('drive', json_build_object('id', id), null, run_at, 25, 'run:' || id, -priority, null)::graphile_worker.job_spec)
    from due
  ))
  where exists (select from due)
), note as (
  select pg_notify('pipewright_events', $1::text || ':' || string_agg(id::text, ',' order by id)) as sent
  from chunk having count(*) > 0 and $2::bool
)`;

const PLAIN = `${base({ names: '', values: '', kept: '' })}
select (select array_agg(id) from live) as live,
  (select n from job) as jobs,
  (select count(sent) from note) as notes`;

const spec = (task: string, key: string, id: string): string =>
  `('${task}', json_build_object('id', ${id}), null, now(), 25, '${key}:' || ${id}, 0, null)::graphile_worker.job_spec`;

const marked = (what: string): string =>
  `select m.execution_id as id from ${rows('m', markAt, MARK)} where m.what = '${what}' and ${passed('m.execution_id')}`;

/** The names of the large values of the steps; the values themselves are in MORE. */
const WITH_HASHES = base({
  names: ', input_hash, output_hash',
  values: `, decode(s.input_hash, 'hex'), decode(s.output_hash, 'hex')`,
  kept: `,
    output_hash = coalesce(excluded.output_hash, steps.output_hash)`,
});

/**
 * What some runs need besides: values too large for the steps' rows are stored once each (in one order for all
 * writers), a waiting parent is signalled, children nobody waits for are stopped, the after-run hook is queued, and
 * slots are given back.
 */
const MORE = `${WITH_HASHES}, blob as (
  insert into blobs (hash, body, bytes)
  select decode(b.hash, 'hex'), b.body, b.bytes::int from ${rows('b', blobAt, BLOB_COLUMNS)} order by b.hash
  on conflict (hash) do update set touched_at = now()
), told as (
  insert into signals (execution_id, node_id, scope, source, value)
  select p.parent_id::uuid, p.node_id, coalesce(p.scope, ''), p.source, p.value::json
  from ${rows('p', parentAt, PARENT)} where ${passed('p.execution_id')}
    -- A parent that was deleted hears nothing any more; one that is just being deleted is waited for. Rows that this
    -- very statement writes cannot be locked by it.
    and (${passed('p.parent_id')} or exists (select from executions e where e.id = p.parent_id::uuid for key share))
  on conflict do nothing
  returning execution_id
), tell_job as (
  select count(*) as n from graphile_worker.add_jobs((
    select array_agg(${spec('drive', 'run', 'execution_id')}) from (select distinct execution_id from told) as parents))
  where exists (select from told)
), tell_note as (
  select count(pg_notify('pipewright_signal', execution_id::text)) as n from (select distinct execution_id from told) as parents
), stopped as (
  update executions c set cancel_requested_at = coalesce(c.cancel_requested_at, now())
  where c.parent_id in (select s.id::uuid from (${marked('stop')}) as s)
    and c.status in ('queued', 'running', 'waiting')
  returning c.id, c.owner
), stop_job as (
  select count(*) as n from graphile_worker.add_jobs((
    select array_agg(${spec('drive', 'run', 'id')}) from stopped where owner is null))
  where exists (select from stopped where owner is null)
), stop_note as (
  select count(pg_notify('pipewright_cancel', id::text)) as n from stopped where owner is not null
), follow_job as (
  select count(*) as n from graphile_worker.add_jobs((
    select array_agg(${spec('after_run', 'after', 'f.id')}) from (${marked('follow')}) as f))
  where exists (${marked('follow')})
), freed as (
  delete from run_slots where execution_id in (select s.id::uuid from (${marked('slot')}) as s)
)
select (select array_agg(id) from live) as live,
  (select n from job) as jobs,
  (select count(sent) from note) as notes,
  (select n from tell_job) as tell_jobs, (select n from tell_note) as tell_notes,
  (select n from stop_job) as stop_jobs, (select n from stop_note) as stop_notes,
  (select n from follow_job) as follow_jobs`;

/** Runs per statement: their chunk ids must fit into one notification of 8,000 bytes. */
export const MAX_RUNS = 400;

export interface JournalStatement {
  readonly name: string;
  readonly text: string;
  readonly values: string[];
}

/** @param isHeard whether another process may want to hear of the events */
export function journalStatement(
  processId: string,
  isHeard: boolean,
  records: readonly RunRecord[],
): JournalStatement {
  const changed = records.filter((record) => !record.create);
  const created = records.filter((record) => record.create);
  const values = [
    processId,
    String(isHeard),
    ...changeColumns(changed),
    ...createColumns(created),
    ...stepColumns(records),
    ...chunkColumns(records),
    ...jobColumns(records),
  ];
  const marks = records.flatMap(marksOf);
  const needsMore = marks.length > 0 || records.some((record) => hasLarge(record.steps));
  if (!needsMore) return { name: 'pipewright_journal', text: PLAIN, values };
  return {
    name: 'pipewright_journal_more',
    text: MORE,
    values: [
      ...values,
      ...parentColumns(records),
      column(marks.map(({ id }) => id)),
      column(marks.map(({ what }) => what)),
      ...largeColumns(records.flatMap((record) => record.steps)),
    ],
  };
}

interface Mark {
  readonly id: string;
  readonly what: 'stop' | 'follow' | 'slot' | 'parent';
}

function marksOf({ id, change, hasSlot }: RunRecord): Mark[] {
  const marks: Mark[] = [];
  if (hasSlot && change.release) marks.push({ id, what: 'slot' });
  if (change.end?.stopChildren) marks.push({ id, what: 'stop' });
  if (change.end?.follow) marks.push({ id, what: 'follow' });
  if (change.end?.parent) marks.push({ id, what: 'parent' });
  return marks;
}

function parentColumns(records: readonly RunRecord[]): string[] {
  const told = records.flatMap(({ id, change }) =>
    change.end?.parent ? [{ id, parent: change.end.parent }] : [],
  );
  return [
    column(told.map(({ id }) => id)),
    column(told.map(({ parent }) => parent.executionId)),
    column(told.map(({ parent }) => parent.node)),
    column(told.map(({ parent }) => parent.scope)),
    column(told.map(({ parent }) => parent.source)),
    column(told.map(({ parent }) => parent.valueJson)),
  ];
}

function changeColumns(records: readonly RunRecord[]): string[] {
  return [
    column(records.map((r) => r.id)),
    column(records.map((r) => r.token)),
    column(records.map((r) => r.firstSeq)),
    ...rowColumns(records),
    // A run that gets on is not what kills its processes: only losses without a step in between count.
    column(records.map((r) => r.steps.some((step) => step.status === 'success'))),
  ];
}

function rowColumns(records: readonly RunRecord[]): string[] {
  return [
    column(records.map((r) => r.nextSeq)),
    column(records.map((r) => r.change.status)),
    column(records.map((r) => r.change.outputJson)),
    column(records.map((r) => r.change.replyJson)),
    column(records.map((r) => r.change.errorJson)),
    column(records.map((r) => r.change.finishedAt)),
    column(records.map((r) => r.change.release)),
    column(records.map((r) => r.change.interrupted)),
    column(records.map((r) => (r.change.status === 'waiting' ? r.change.jobAt : null))),
  ];
}

function createColumns(records: readonly RunRecord[]): string[] {
  const news = records.flatMap((record) => record.create ?? []);
  return [
    column(news.map((c) => c.id)),
    column(news.map((c) => c.environmentId)),
    column(news.map((c) => c.workflowId)),
    column(news.map((c) => c.versionId)),
    column(news.map((c) => c.startedBy)),
    column(news.map((c) => c.triggerNode)),
    column(news.map((c) => c.triggerKind)),
    column(news.map((c) => c.triggerJson)),
    column(news.map((c) => c.idempotencyKey)),
    column(news.map((c) => c.deadlineAt)),
    column(news.map((c) => c.createdAt)),
    column(news.map((c) => c.priority)),
    ...rowColumns(records),
  ];
}

function stepColumns(records: readonly RunRecord[]): string[] {
  const steps = records.flatMap((record) => record.steps.map((step) => ({ id: record.id, step })));
  return [
    column(steps.map(({ id }) => id)),
    column(steps.map(({ step }) => step.node)),
    column(steps.map(({ step }) => step.scope)),
    column(steps.map(({ step }) => step.attempt)),
    column(steps.map(({ step }) => step.n)),
    column(steps.map(({ step }) => step.endN)),
    column(steps.map(({ step }) => step.status)),
    column(steps.map(({ step }) => step.resumeAt)),
    column(steps.map(({ step }) => step.suspensionJson)),
    column(steps.map(({ step }) => inlineJson(step.inputJson))),
    column(steps.map(({ step }) => inlineJson(step.outputJson))),
    column(steps.map(({ step }) => step.errorJson)),
    column(steps.map(({ step }) => step.logsJson)),
    column(steps.map(({ step }) => step.startedAt)),
    column(steps.map(({ step }) => step.finishedAt)),
  ];
}

function chunkColumns(records: readonly RunRecord[]): string[] {
  const chunks = records.filter((record) => record.events.length > 0);
  return [
    column(chunks.map((r) => r.id)),
    column(chunks.map((r) => r.firstSeq)),
    column(chunks.map((r) => r.nextSeq - 1)),
    column(chunks.map((r) => JSON.stringify(r.events))),
  ];
}

function jobColumns(records: readonly RunRecord[]): string[] {
  const due = records.filter((record) => record.change.jobAt !== null);
  return [
    column(due.map((r) => r.id)),
    column(due.map((r) => r.change.jobAt)),
    column(due.map((r) => r.priority)),
  ];
}
