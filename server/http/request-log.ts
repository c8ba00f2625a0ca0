import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';

export interface AnsweredRequest {
  readonly method: string;
  /** The address with its parameters as `{names}`. */
  readonly route: string;
  /** 499 when the caller went away first. */
  readonly status: number;
  readonly seconds: number;
}

export interface RequestWatch {
  readonly log: Logger;
  /** Told of every request once it is answered. */
  readonly answered: (request: AnsweredRequest) => void;
}

/** Told about errors nobody meant to raise, with where they came up and the request's id. */
export type Report = (error: unknown, place: string, requestId: string) => void;

interface Trace {
  readonly id: string;
  route: string;
}

const traces = new WeakMap<IncomingMessage, Trace>();

/** What a proxy in front of us may name a request; anything else is replaced. */
const SANE_ID = /^[\w.:+/=@-]{8,128}$/;

/**
 * Gives the request an id (the caller's `x-request-id` where that is a sane one), which the answer carries too, and
 * logs one line when it is answered: never a query, a body or the token of an address, which may all hold secrets.
 */
export function watchRequest(watch: RequestWatch, incoming: IncomingMessage, response: ServerResponse): void {
  const { log } = watch;
  const sent = incoming.headers['x-request-id'];
  const id = typeof sent === 'string' && SANE_ID.test(sent) ? sent : randomUUID();
  const trace: Trace = { id, route: 'unknown' };
  traces.set(incoming, trace);
  response.setHeader('x-request-id', id);
  const began = performance.now();
  response.once('close', () => {
    const ms = performance.now() - began;
    const method = incoming.method ?? 'GET';
    const status = response.writableFinished ? response.statusCode : 499;
    watch.answered({ method, route: trace.route, status, seconds: ms / 1000 });
    if (!log.isLevelEnabled('info')) return;
    const path = shownPath(incoming.url ?? '');
    log.info({ requestId: id, method, path, status, ms: Math.round(ms * 10) / 10 }, 'request');
  });
}

/** The id under which the request is found in the log. */
export function requestIdOf(incoming: IncomingMessage): string {
  return traces.get(incoming)?.id ?? '';
}

/** Says under which route the request is counted. */
export function nameRoute(incoming: IncomingMessage, route: string): void {
  const trace = traces.get(incoming);
  if (trace) trace.route = route;
}

function shownPath(url: string): string {
  const path = url.split('?', 1)[0]?.slice(0, 500) ?? '';
  return path.replace(/^(\/(?:webhooks|approve|resume)\/[^/]{4})[^/]*/, '$1…');
}
