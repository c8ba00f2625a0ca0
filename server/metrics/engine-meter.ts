import { Counter, Histogram, type Registry } from 'prom-client';
import type { EngineMeter } from '#server/engine/meter.ts';

const STEP_SECONDS = [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600];
const RUN_SECONDS = [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600, 3600, 86_400];
const JOURNAL_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2, 10];
const BATCH = [1, 2, 5, 10, 25, 50, 100, 200, 400, 1000, 5000];

/** The engine's figures as Prometheus knows them. */
export function engineMeter(registry: Registry): EngineMeter {
  const registers = [registry];
  const started = new Counter({
    name: 'pipewright_runs_started_total',
    help: 'Runs this process stored, by kind of trigger.',
    labelNames: ['trigger'],
    registers,
  });
  const ended = new Histogram({
    name: 'pipewright_run_seconds',
    help: 'Time from the creation of a run to its recorded end in this process.',
    labelNames: ['status'],
    buckets: RUN_SECONDS,
    registers,
  });
  const steps = new Histogram({
    name: 'pipewright_step_seconds',
    help: 'Time one attempt of a step took, by type of node.',
    labelNames: ['type', 'status'],
    buckets: STEP_SECONDS,
    registers,
  });
  const takenOver = new Counter({
    name: 'pipewright_runs_taken_over_total',
    help: 'Runs of dead processes that this process put back into the queue.',
    registers,
  });
  const journal = journalMeter(registry);
  return {
    runStarted: (trigger) => started.inc({ trigger }),
    runEnded: (status, seconds) => ended.observe({ status }, seconds),
    stepEnded: (type, status, seconds) => steps.observe({ type, status }, seconds),
    journalWritten: journal,
    runsTakenOver: (count) => takenOver.inc(count),
  };
}

function journalMeter(registry: Registry): EngineMeter['journalWritten'] {
  const registers = [registry];
  const time = new Histogram({
    name: 'pipewright_journal_write_seconds',
    help: 'Time until one statement of the journal was committed.',
    buckets: JOURNAL_SECONDS,
    registers,
  });
  const runs = new Histogram({
    name: 'pipewright_journal_batch_runs',
    help: 'Runs written by one statement of the journal.',
    buckets: BATCH,
    registers,
  });
  const steps = new Histogram({
    name: 'pipewright_journal_batch_steps',
    help: 'Steps written by one statement of the journal.',
    buckets: BATCH,
    registers,
  });
  return (batch) => {
    time.observe(batch.seconds);
    runs.observe(batch.runs);
    steps.observe(batch.steps);
  };
}
