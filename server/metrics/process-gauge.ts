import type { Pool } from 'pg';
import { Gauge, type Registry } from 'prom-client';
import type { EngineStats } from '#server/engine/interface.ts';
import { type DatabaseSample, databaseSampler } from './database-sample.ts';

/** What is looked at when somebody asks for the figures. */
export interface Watched {
  readonly engine: { stats(): EngineStats };
  /** By name; the first one answers what only the database knows. */
  readonly pools: Readonly<Record<string, Pool>>;
  /** Open live sockets; absent where there can be none. */
  readonly sockets?: () => number;
}

const RUN_STATES = ['queued', 'running', 'waiting', 'held'];
const ROLES = ['all', 'server', 'worker'];

/** Registers the gauges. @returns what brings them up to date. */
export function processGauges(registry: Registry, watched: Watched): () => Promise<void> {
  const gauge = (name: string, help: string, labelNames: string[] = []): Gauge =>
    new Gauge({ name: `pipewright_${name}`, help, labelNames, registers: [registry] });
  const driven = gauge('runs_driven', 'Runs this process drives now.');
  const callers = gauge('callers_waiting', 'Callers of this process that wait for the end of a run.');
  const pending = gauge('journal_pending', 'Runs with something to write that is not committed yet.');
  const sockets = gauge('sockets', 'Open live sockets of this process.');
  const connections = gauge('database_connections', 'Connections of this process.', ['pool', 'state']);
  const setDatabase = databaseGauges(gauge);
  const [pool] = Object.values(watched.pools);
  const sample = pool ? databaseSampler(pool) : () => Promise.resolve(null);
  return async () => {
    const stats = watched.engine.stats();
    driven.set(stats.driving);
    callers.set(stats.inline);
    pending.set(stats.journal);
    sockets.set(watched.sockets?.() ?? 0);
    for (const [name, one] of Object.entries(watched.pools)) {
      connections.set({ pool: name, state: 'busy' }, one.totalCount - one.idleCount);
      connections.set({ pool: name, state: 'idle' }, one.idleCount);
      connections.set({ pool: name, state: 'awaited' }, one.waitingCount);
    }
    setDatabase(await sample());
  };
}

function databaseGauges(
  gauge: (name: string, help: string, labels?: string[]) => Gauge,
): (sample: DatabaseSample | null) => void {
  const up = gauge('database_up', 'Whether the database answered just now.');
  const runs = gauge('runs', 'Runs of the whole installation that have not ended, by state.', ['state']);
  const jobs = gauge('jobs_due', 'Jobs of the whole installation that wait for a worker.');
  const oldest = gauge('jobs_oldest_due_seconds', 'For how long the oldest due job has been waiting.');
  const processes = gauge('processes', 'Living processes of the whole installation, by role.', ['role']);
  return (sample) => {
    up.set(sample ? 1 : 0);
    // Old figures would pass for true ones.
    for (const one of [runs, jobs, oldest, processes]) one.reset();
    if (!sample) return;
    for (const state of RUN_STATES) runs.set({ state }, sample.runs[state] ?? 0);
    for (const role of ROLES) processes.set({ role }, sample.processes[role] ?? 0);
    jobs.set(sample.dueJobs);
    oldest.set(sample.oldestDueSeconds);
  };
}
