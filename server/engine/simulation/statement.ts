import type { RunEnd, RunRecord, StepRecord } from '../run-record.ts';
import { stepKey } from '../step-key.ts';
import type { StoredSignal } from '../suspended-step.ts';
import type { Defect } from './defect.ts';
import { DatabaseError, isFinalStatus, isLive, newRow, type RunRow } from './table.ts';

/** What the statement touches. */
interface Tables {
  readonly runs: Map<string, RunRow>;
  readonly jobs: { add(runId: string, runAt: number): void };
  readonly now: number;
  readonly options: {
    readonly onPass: (processId: string, record: RunRecord) => void;
    readonly onCommit: (rows: readonly RunRow[]) => void;
    readonly onCancel: (row: RunRow) => void;
  };
  has(defect: Defect): boolean;
  signal(executionId: string, signal: StoredSignal): boolean;
}

/** The journal's statement: the same fence, the same upserts, the same unique keys. @returns the runs that passed. */
export function storeRecords(db: Tables, processId: string, records: readonly RunRecord[]): Set<string> {
  const passing = records.filter((record) => passes(db, processId, record));
  for (const record of passing) check(db, record);
  for (const record of passing) db.options.onPass(processId, record);
  const rows = passing.map((record) => apply(db, processId, record));
  for (const { change } of passing) if (change.end) follow(db, change.end, passing);
  db.options.onCommit(rows);
  return new Set(passing.map((record) => record.id));
}

function passes(db: Tables, processId: string, { id, create, token, firstSeq }: RunRecord): boolean {
  const row = db.runs.get(id);
  if (create) return row === undefined;
  if (!row) return false;
  if (row.nextSeq !== firstSeq && !db.has('sequence-forgotten')) return false;
  if (db.has('fence-forgotten')) return true;
  return row.owner === processId && row.token === token && !isFinalStatus(row.status);
}

/** What the database would refuse, and with it the whole statement. */
function check(db: Tables, { id, steps, events, firstSeq }: RunRecord): void {
  const keys = new Set(steps.map((step) => stepKey(step.node, step.scope, step.attempt)));
  if (keys.size < steps.length)
    throw new DatabaseError('21000', `${id}: a row would be written twice at once.`);
  const isTold = db.runs.get(id)?.events.some((event) => event.seq === firstSeq) ?? false;
  // Without the condition on the sequence the unique key would still refuse a second chunk.
  if (events.length > 0 && isTold && !db.has('sequence-forgotten')) {
    throw new DatabaseError('23505', `${id}: event ${firstSeq} is there already.`);
  }
}

function apply(db: Tables, processId: string, record: RunRecord): RunRow {
  const { change, create, steps, events } = record;
  const row =
    db.runs.get(record.id) ?? (create && newRow(create, { owner: processId, status: 'running', token: 1 }));
  if (!row) throw new Error(`${record.id} has no row.`);
  db.runs.set(record.id, row);
  row.status = change.status;
  row.nextSeq = record.nextSeq;
  row.outputJson = change.outputJson ?? row.outputJson;
  row.replyJson = change.replyJson ?? row.replyJson;
  row.errorJson = change.errorJson ?? row.errorJson;
  row.finishedAt = change.finishedAt;
  row.interrupted = change.interrupted;
  row.wakeAt = change.status === 'waiting' ? change.jobAt : null;
  if (change.release) row.owner = null;
  if (steps.some((step) => step.status === 'success')) row.losses = 0;
  for (const step of steps) upsert(row, step);
  row.events.push(...events);
  if (change.jobAt !== null && !(db.has('wake-lost') && change.status === 'waiting')) {
    db.jobs.add(record.id, change.jobAt);
  }
  return row;
}

function upsert({ steps }: RunRow, step: StepRecord): void {
  const key = stepKey(step.node, step.scope, step.attempt);
  const old = steps.get(key);
  if (!old) {
    steps.set(key, step);
    return;
  }
  const isWaiting = step.status === 'waiting';
  steps.set(key, {
    ...old,
    endN: isWaiting ? old.endN : step.n,
    status: step.status,
    outputJson: step.outputJson ?? old.outputJson,
    errorJson: step.errorJson,
    logsJson: step.logsJson ?? old.logsJson,
    suspensionJson: step.suspensionJson ?? old.suspensionJson,
    finishedAt: step.finishedAt,
    resumeAt: isWaiting ? step.resumeAt : old.resumeAt,
  });
}

/** What else the end of a run brings in the same commit. */
function follow(db: Tables, { parent, stopChildren }: RunEnd, passing: readonly RunRecord[]): void {
  if (parent && !db.has('parent-not-told')) {
    const { executionId, node, scope, source, valueJson } = parent;
    db.signal(executionId, { node, scope, source, value: JSON.parse(valueJson) });
  }
  if (!stopChildren) return;
  const ended = new Set(passing.filter((one) => one.change.end?.stopChildren).map((one) => one.id));
  for (const child of db.runs.values()) {
    if (!ended.has(child.run.parent?.executionId ?? '') || !isLive(child)) continue;
    child.cancelAt ??= db.now;
    if (child.owner === null) db.jobs.add(child.run.id, db.now);
    else db.options.onCancel(child);
  }
}
