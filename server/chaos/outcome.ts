import type { Pool } from 'pg';
import type { Call, CountingServer } from '#server/engine/test-process.ts';
import type { Hurt, Span } from './injury.ts';
import type { Broken } from './invariant.ts';
import type { FireCounts } from './schedule.ts';

/** What became of the runs that were acknowledged. */
export interface Outcome {
  readonly acknowledged: number;
  readonly finished: number;
  /** Acknowledged, but not there or not completed; with what was found instead. */
  readonly lost: readonly string[];
  /** Runs beyond one per idempotency key. */
  readonly duplicated: number;
  /** Steps called again after their result had been recorded. */
  readonly repeated: readonly string[];
  /** The same by a process that stood still in the middle of the call and sent it when it woke up. */
  readonly late: readonly string[];
  /** Calls beyond one per step: effects in flight when their process died. */
  readonly callsAgain: number;
  /** Calls of one step under several keys. */
  readonly strayKeys: number;
}

export interface ChaosResult extends Outcome {
  /** Starts that nobody acknowledged within a minute. */
  readonly refused: number;
  readonly hurt: Hurt;
  readonly schedules: FireCounts;
  /** Milliseconds from a process's death to another one's claim, by run. */
  readonly takeovers: readonly number[];
  /** From the last start until no run was open. */
  readonly quietMs: number;
  readonly broken: readonly Broken[];
}

interface OutcomeOptions {
  readonly pool: Pool;
  readonly sink: CountingServer;
  /** Idempotency key by run. */
  readonly acknowledged: ReadonlyMap<string, string>;
  /** When processes stood still. */
  readonly frozen?: readonly Span[];
}

/** Clocks of one machine agree, but a time is noted a moment after it is read. */
const CLOCK_MS = 5;
const WAKING_MS = 1000;

const RECORDED = `
select execution_id || ':' || node_id || ':' || scope as key, (extract(epoch from finished_at) * 1000)::float8 as at
from steps where status = 'success'`;

/** Compares what clients were told and what the sink saw with what is stored. */
export async function outcome({ pool, sink, acknowledged, frozen = [] }: OutcomeOptions): Promise<Outcome> {
  const runs = await pool.query<{ id: string; status: string; error: unknown }>(
    'select id, status, error from executions',
  );
  const byId = new Map(runs.rows.map((run) => [run.id, run]));
  const lost = [...acknowledged.keys()].flatMap((id) => {
    const run = byId.get(id);
    if (run?.status === 'completed') return [];
    return `${id}: ${run ? `${run.status} ${JSON.stringify(run.error)}` : 'not there'}`;
  });
  const twice = await pool.query<{ n: number }>(
    `select coalesce(sum(n - 1), 0)::int as n from (select count(*) as n from executions
     where idempotency_key is not null group by workflow_id, idempotency_key) k`,
  );
  const recorded = await pool.query<{ key: string; at: number }>(RECORDED);
  const recordedAt = new Map(recorded.rows.map((step) => [step.key, step.at]));
  const after = sink.calls.filter(
    (call) => call.at > (recordedAt.get(call.key) ?? Number.POSITIVE_INFINITY) + CLOCK_MS,
  );
  const repeated = after.filter((call) => !wasFrozen(call, frozen));
  const called = new Set(sink.calls.map((call) => call.key));
  return {
    acknowledged: acknowledged.size,
    finished: acknowledged.size - lost.length,
    lost,
    duplicated: twice.rows[0]?.n ?? 0,
    repeated: repeated.map((call) => call.key),
    late: after.filter((call) => wasFrozen(call, frozen)).map((call) => call.key),
    callsAgain: sink.calls.length - called.size,
    strayKeys: [...called].filter((key) => !recordedAt.has(key)).length,
  };
}

/** What was under way in a frozen process goes out within a moment after it wakes. */
function wasFrozen({ at, key }: Call, frozen: readonly Span[]): boolean {
  const startedAt = Number.parseInt(key.replaceAll('-', '').slice(0, 12), 16);
  return frozen.some(({ from, to }) => startedAt < from && at >= to && at < to + WAKING_MS);
}

/** The value below which `share` of the values lie; 0 where there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
