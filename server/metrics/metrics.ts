import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { EngineMeter } from '#server/engine/meter.ts';
import type { AnsweredRequest } from '../http/request-log.ts';
import { engineMeter } from './engine-meter.ts';
import { processGauges, type Watched } from './process-gauge.ts';

/** The figures of this process. */
export interface Metrics {
  readonly engine: EngineMeter;
  answered(request: AnsweredRequest): void;
  /** From now on these are looked at whenever somebody asks. Once per process. */
  watch(watched: Watched): void;
  /** Everything in Prometheus' text form. */
  text(): Promise<string>;
}

const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30];

/** Starts counting. Each process has figures of its own; whoever gathers them adds them up. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  // CPU, memory, event loop delay, garbage collection, open files.
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'pipewright_http_request_seconds',
    help: 'Time from the arrival of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: REQUEST_SECONDS,
    registers: [registry],
  });
  let refresh = (): Promise<void> => Promise.resolve();
  return {
    engine: engineMeter(registry),
    answered: ({ method, route, status, seconds }) => requests.observe({ method, route, status }, seconds),
    watch: (watched) => {
      refresh = processGauges(registry, watched);
    },
    text: async () => {
      await refresh();
      return registry.metrics();
    },
  };
}
