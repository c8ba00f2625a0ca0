import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { createEgress, type Egress } from './client.ts';
import type { EgressStreamRequest } from './egress-request.ts';

const never = new AbortController().signal;
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function open(allow: readonly string[]): Egress {
  const egress = createEgress({ allow });
  closers.push(() => egress.close());
  return egress;
}

const wish = (host: string, more: Partial<EgressStreamRequest> = {}): EgressStreamRequest => ({
  method: 'GET',
  url: `http://${host}/`,
  headers: {},
  body: null,
  timeoutMs: 5_000,
  idleMs: 5_000,
  maxBytes: 1_000,
  ...more,
});
const code = (value: string) => expect.objectContaining({ name: 'EgressError', code: value });

async function read(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test('pieces arrive as they are sent, before the answer is complete', async () => {
  let finish: () => void = () => undefined;
  const host = await serve((_, response) => {
    response.write('first');
    finish = () => response.end(' and last');
  });
  const { status, body } = await open([host]).stream(wish(host), never);
  expect(status).toBe(200);
  const pieces = body[Symbol.asyncIterator]();
  expect(Buffer.from((await pieces.next()).value ?? []).toString()).toBe('first');
  finish();
  expect(Buffer.from((await pieces.next()).value ?? []).toString()).toBe(' and last');
  expect((await pieces.next()).done).toBe(true);
});

test('compressed ones are inflated', async () => {
  const host = await serve((_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('hello')),
  );
  const { body } = await open([host]).stream(wish(host), never);
  expect(await read(body)).toBe('hello');
});

test('too much, too slow and silence end the reading', async () => {
  const host = await serve((request, response) => {
    if (request.url === '/much') return response.end('x'.repeat(2_000));
    return response.write('x');
  });
  const egress = open([host]);
  const cases = [
    [{ url: `http://${host}/much` }, 'too_large', /larger than/],
    [{ timeoutMs: 200 }, 'timeout', /completely within/],
    [{ idleMs: 200 }, 'timeout', /has sent nothing/],
  ] as const;
  for (const [more, expected, words] of cases) {
    const { body } = await egress.stream(wish(host, more), never);
    const reading = read(body);
    await expect(reading).rejects.toThrow(code(expected));
    await expect(reading).rejects.toThrow(words);
  }
});

test('letting go before anything was read closes the connection', async () => {
  const closed = Promise.withResolvers<string>();
  const host = await serve((_, response) => {
    response.once('close', () => closed.resolve('closed'));
    response.write('unread');
  });
  const { body } = await open([host]).stream(wish(host, { idleMs: 60_000, timeoutMs: 60_000 }), never);
  await body[Symbol.asyncIterator]().return?.();
  expect(await closed.promise).toBe('closed');
});

test('letting go closes the connection', async () => {
  const closed = Promise.withResolvers<void>();
  const host = await serve((request, response) => {
    request.socket.on('close', () => closed.resolve());
    response.write('x');
  });
  const { body } = await open([host]).stream(wish(host), never);
  for await (const piece of body) {
    expect(Buffer.from(piece).toString()).toBe('x');
    break;
  }
  await closed.promise;
});

test('the caller can stop it', async () => {
  const host = await serve((_, response) => response.write('x'));
  const stop = new AbortController();
  const { body } = await open([host]).stream(wish(host), stop.signal);
  const reading = read(body);
  stop.abort();
  await expect(reading).rejects.toThrow(code('aborted'));
});

test('a key goes only to the hosts it is bound to, and never along with a redirect', async () => {
  const seen: (string | undefined)[] = [];
  const host = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(307, { location: '/elsewhere' }).end();
  });
  const auth = { name: 'Key', hosts: [host], headers: { authorization: 'Bearer k' }, query: {} };
  const egress = open([host]);
  const { status, body } = await egress.stream(wish(host, { auth }), never);
  expect([status, await read(body)]).toEqual([307, '']);
  expect(seen).toEqual(['Bearer k']);
  const elsewhere = { ...auth, hosts: ['example.com'] };
  await expect(egress.stream(wish(host, { auth: elsewhere }), never)).rejects.toThrow(
    code('credential_denied'),
  );
  await expect(open([]).stream(wish(host), never)).rejects.toThrow(code('not_allowed'));
  expect(seen).toHaveLength(1);
});
