import type { HealthCheck } from './health.ts';
import { METRICS_PATH } from './metrics-listener.ts';
import { nameRoute } from './request-log.ts';
import type { Listener } from './server.ts';

/** For a process without an API: /health, /metrics, and 404 for everything else. */
export function workerListener(health: HealthCheck, metrics: Listener): Listener {
  return async (incoming, response) => {
    if (METRICS_PATH.test(incoming.url ?? '')) return metrics(incoming, response);
    incoming.resume();
    const found = /^\/health\/?(\?|$)/.test(incoming.url ?? '');
    if (found) nameRoute(incoming, '/health');
    const body = found ? await health() : { detail: 'Not Found', code: 'not_found' };
    response.writeHead(found ? 200 : 404, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
    });
    return response.end(JSON.stringify(body));
  };
}
