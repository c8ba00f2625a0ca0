import type { IncomingMessage, ServerResponse } from 'node:http';
import { AppError } from '#domain/problem.ts';
import { type IdentitySource, whoSent } from './context.ts';
import { answerOf } from './problem-response.ts';
import { nameRoute, type Report, requestIdOf } from './request-log.ts';

export interface MetricsSource extends IdentitySource {
  /** All figures in Prometheus' text form. */
  readonly text: () => Promise<string>;
  readonly report: Report;
}

export const METRICS_PATH = /^\/metrics\/?(\?|$)/;

/** Answers /metrics to programs on this machine and to administrators' keys: figures tell a stranger too much. */
export function metricsListener(source: MetricsSource) {
  return async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    incoming.resume();
    nameRoute(incoming, '/metrics');
    const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
    try {
      await refuseStrangers(source, incoming);
      const text = await source.text();
      response.writeHead(200, { ...headers, 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
      response.end(text);
    } catch (error) {
      const id = requestIdOf(incoming);
      const problem = answerOf(error, id);
      if (problem.unexpected) source.report(error, 'GET /metrics', id);
      response.writeHead(problem.status, {
        ...headers,
        ...problem.headers,
        'content-type': 'application/json',
      });
      response.end(JSON.stringify(problem.body));
    }
  };
}

async function refuseStrangers(source: MetricsSource, incoming: IncomingMessage): Promise<void> {
  if (incoming.method !== 'GET' && incoming.method !== 'HEAD') {
    throw new AppError('method_not_allowed', 'Method Not Allowed');
  }
  if (source.peerOf(incoming).local) return;
  const viewer = await whoSent(source, incoming);
  if (viewer.role !== 'admin') throw new AppError('forbidden', 'Admin access required.');
}
