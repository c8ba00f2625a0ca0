import type { HealthCheck } from './health.ts';
import type { Listener } from './server.ts';

/** For a process without an API: /health, and 404 for everything else. */
export function workerListener(health: HealthCheck): Listener {
  return async (incoming, response) => {
    incoming.resume();
    const found = /^\/health\/?(\?|$)/.test(incoming.url ?? '');
    const body = found ? await health() : { detail: 'Not Found', code: 'not_found' };
    response.writeHead(found ? 200 : 404, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
    });
    response.end(JSON.stringify(body));
  };
}
