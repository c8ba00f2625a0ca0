import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closeServer, listenOn } from './port.ts';
import { answerOf } from './problem-response.ts';
import { createHttpServer, type HttpServer } from './server.ts';
import { until } from './test-server.ts';

const lines: Record<string, unknown>[] = [];
const stream = new Writable({
  write: (chunk: Buffer, _encoding, done) => {
    lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
    done();
  },
});
const log = pino({ level: 'info' }, stream);
let http: HttpServer;
let base: string;

beforeAll(async () => {
  http = createHttpServer({ log, answered: () => undefined });
  base = `http://127.0.0.1:${await listenOn(http.server, { host: '127.0.0.1', port: 0, mayShare: false, log })}`;
});
afterAll(() => closeServer(http.server, 0));

test('one line a request, with the id the answer carries and nothing secret', async () => {
  const answer = await fetch(`${base}/webhooks/abcdefghijklmnop/x?key=secret`, {
    headers: { 'x-request-id': 'from-the-edge-1' },
  });
  expect(answer.headers.get('x-request-id')).toBe('from-the-edge-1');
  const line = await until(async () => lines.find((one) => one.requestId === 'from-the-edge-1'));
  expect(line).toMatchObject({ msg: 'request', method: 'GET', path: '/webhooks/abcd…/x', status: 503 });
  expect(JSON.stringify(line)).not.toContain('secret');
});

test('a request that fails unexpectedly is found in the log by the id in its answer', async () => {
  http.openWith(() => Promise.reject(new Error('planted')));
  const answer = fetch(`${base}/broken`, { headers: { 'x-request-id': 'from-the-edge-2' } });
  // There was nothing left to answer with.
  await expect(answer).rejects.toThrow('fetch failed');
  const line = await until(async () => lines.find((one) => one.level === 50));
  expect(line).toMatchObject({ requestId: 'from-the-edge-2', err: { message: 'planted' } });

  const { status, body } = answerOf(new Error('planted'), 'from-the-edge-3');
  expect({ status, body }).toEqual({
    status: 500,
    body: {
      detail: 'Something went wrong on the server. It has been logged.',
      code: 'internal',
      request_id: 'from-the-edge-3',
    },
  });
});
