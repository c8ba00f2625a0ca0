import type { IncomingMessage } from 'node:http';
import { AppError } from '#domain/problem.ts';
import { isListedOrigin } from './cors.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a page of ours sent this: `yes`, `no`, or `unknown` for callers that are no browsers. */
export function isSameOrigin(incoming: IncomingMessage): 'yes' | 'no' | 'unknown' {
  const { origin, host } = incoming.headers;
  const site = incoming.headers['sec-fetch-site'];
  if (origin !== undefined) {
    if (!URL.canParse(origin)) return 'no';
    return new URL(origin).host === host ? 'yes' : 'no';
  }
  if (site !== undefined) return site === 'same-origin' ? 'yes' : 'no';
  return 'unknown';
}

/**
 * Keeps other sites from using a browser's cookie: requests that change something must come from our own pages.
 * @throws AppError `forbidden`
 */
export function refuseForeignOrigin(incoming: IncomingMessage, usesCookie: boolean): void {
  if (SAFE.has(incoming.method ?? 'GET')) return;
  const same = isSameOrigin(incoming);
  if (same === 'yes' || (same === 'unknown' && !usesCookie)) return;
  if (!usesCookie && isListedOrigin(incoming)) return;
  throw new AppError('forbidden', 'This request was sent by another site, so it is refused.');
}
