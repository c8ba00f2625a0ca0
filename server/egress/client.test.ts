import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createEgress, type Egress, type EgressOptions, type EgressRequest } from './client.ts';

const never = new AbortController().signal;
const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function serve(listener: RequestListener, host = '127.0.0.1', port = 0) {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const hits: IncomingMessage[] = [];
  server.on('request', (request) => hits.push(request));
  const bound = (server.address() as AddressInfo).port;
  return { port: bound, at: `${host}:${bound}`, url: `http://${host}:${bound}`, hits };
}

function open(options: EgressOptions): Egress {
  const egress = createEgress(options);
  closers.push(() => egress.close());
  return egress;
}

function wish(url: string, more: Partial<EgressRequest> = {}): EgressRequest {
  const rest = { headers: {}, body: null, timeoutMs: 5_000, maxBytes: 1e6, followRedirects: true };
  return { method: 'GET', url, ...rest, ...more };
}

const code = (value: string) => expect.objectContaining({ name: 'EgressError', code: value });

describe('a request', () => {
  it('carries method, headers and body, and brings back the answer', async () => {
    const server = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        response.writeHead(201, { 'x-made': ['a', 'b'] });
        response.end(
          `${request.method} ${request.url} ${String(request.headers['x-mine'])} ${request.headers.host} ${body}`,
        );
      });
    });
    const headers = { 'X-Mine': 'yes', Host: 'forged', 'Content-Length': '999', Connection: 'upgrade' };
    const answer = await open({ allow: [server.at] }).request(
      wish(`${server.url}/p?q=1#f`, { method: 'post', headers, body: 'žluť' }),
      never,
    );
    expect(answer).toMatchObject({
      status: 201,
      body: `POST /p?q=1 yes ${server.at} žluť`,
      url: `${server.url}/p?q=1#f`,
      headers: { 'x-made': 'a, b' },
    });
    expect(answer.durationMs).toBeGreaterThanOrEqual(0);
  });

  it('reuses its connections', async () => {
    const ports = new Set<number | undefined>();
    const server = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('ok');
    });
    const egress = open({ allow: [server.at] });
    for (let i = 0; i < 20; i++) await egress.request(wish(server.url), never);
    expect(server.hits).toHaveLength(20);
    // The pool may open a second one while the first is still being tidied up.
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  it.each([
    ['gzip', gzipSync('hello')],
    ['br', brotliCompressSync('hello')],
    ['gzip, br', brotliCompressSync(gzipSync('hello'))],
    ['unheard-of', Buffer.from('hello')],
  ])('inflates %s', async (encoding, bytes) => {
    const server = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(bytes),
    );
    const egress = open({ allow: [server.at] });
    expect((await egress.request(wish(server.url), never)).body).toBe('hello');
    expect((await egress.request(wish(server.url, { method: 'HEAD' }), never)).body).toBe('');
  });

  it('reads the charset of the answer', async () => {
    const type = { 'content-type': 'text/plain; charset=iso-8859-1' };
    const server = await serve((_, response) => response.writeHead(200, type).end(Buffer.from([0xe9])));
    expect((await open({ allow: [server.at] }).request(wish(server.url), never)).body).toBe('é');
  });
});

describe('a refused destination', () => {
  it('is never dialled and the message says what to do', async () => {
    const server = await serve((_, response) => response.end('secret'));
    const egress = open({ allow: [] });
    const hosts = ['127.0.0.1', 'localhost', '2130706433', '[::ffff:127.0.0.1]'];
    for (const host of hosts) {
      const refused = egress.request(wish(`http://${host}:${server.port}/`), never);
      await expect(refused).rejects.toThrow(code('not_allowed'));
      await expect(refused).rejects.toThrow(`:${server.port} to PIPEWRIGHT_EGRESS_ALLOW`);
    }
    expect(server.hits).toHaveLength(0);
  });

  it('is refused when one of several addresses is private', async () => {
    const resolve = async () => [
      { address: '93.184.216.34', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    await expect(open({ allow: [], resolve }).request(wish('http://mixed.test/'), never)).rejects.toThrow(
      code('not_allowed'),
    );
  });

  it('is not reached by a name that changes its address', async () => {
    const good = await serve((_, response) => response.setHeader('connection', 'close').end('good'));
    const bad = await serve((_, response) => response.end('bad'), '127.0.0.2', good.port);
    const answers = ['127.0.0.1', '127.0.0.2'];
    const resolve = async () => [{ address: answers.shift() ?? '127.0.0.2', family: 4 }];
    const egress = open({ allow: [good.at], resolve });
    const url = `http://rebind.test:${good.port}/`;
    expect((await egress.request(wish(url), never)).body).toBe('good');
    await expect(egress.request(wish(url), never)).rejects.toThrow(code('not_allowed'));
    expect(bad.hits).toHaveLength(0);
  });

  it.each([
    ['not a url', 'bad_url'],
    ['ftp://example.com/', 'bad_url'],
    ['http://user:pass@example.com/', 'bad_url'],
    ['http://93.184.216.34:6379/', 'not_allowed'],
  ])('%s is %s', async (url, expected) => {
    await expect(open({ allow: [] }).request(wish(url), never)).rejects.toThrow(code(expected));
  });

  it('names a header that cannot be sent', async () => {
    const egress = open({ allow: ['127.0.0.1'] });
    const request = wish('http://127.0.0.1:9/', { headers: { 'x-a': 'b\r\nx-c: d' } });
    await expect(egress.request(request, never)).rejects.toThrow(code('bad_url'));
  });
});

describe('redirects', () => {
  it('are followed with secrets only within the origin', async () => {
    const last = await serve((_, response) => response.end('end'));
    const first = await serve((request, response) => {
      const location = request.url === '/' ? '/next' : `${last.url}/end`;
      response.writeHead(307, { location }).end('moved');
    });
    const headers = {
      Authorization: 'Bearer s',
      Cookie: 'c=1',
      'X-Api-Key': 'k',
      'X-Odd': 'o',
      Accept: 'text/plain',
    };
    const egress = open({ allow: [first.at, last.at] });
    const answer = await egress.request(wish(first.url, { method: 'POST', headers, body: 'b' }), never);
    expect(answer).toMatchObject({ status: 200, body: 'end', url: `${last.url}/end` });
    expect(first.hits[1]?.headers).toMatchObject({
      authorization: 'Bearer s',
      cookie: 'c=1',
      'x-api-key': 'k',
    });
    const names = Object.keys(last.hits[0]?.headers ?? {});
    expect(names).toContain('accept');
    expect(names.filter((name) => /auth|cookie|x-/.test(name))).toEqual([]);
    expect(last.hits[0]?.method).toBe('POST');
  });

  it('to a private address are refused before they are dialled', async () => {
    const inner = await serve((_, response) => response.end('secret'));
    const outer = await serve((_, response) => response.writeHead(302, { location: inner.url }).end());
    await expect(open({ allow: [outer.at] }).request(wish(outer.url), never)).rejects.toThrow(
      code('not_allowed'),
    );
    expect(inner.hits).toHaveLength(0);
  });

  it('turn a POST into a GET where the status says so', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/') response.writeHead(303, { location: '/got' });
      response.end(`${request.method} ${request.headers['content-type']}`);
    });
    const request = wish(server.url, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect((await open({ allow: [server.at] }).request(request, never)).body).toBe('GET undefined');
  });

  it('end after five, and are not followed when unwanted', async () => {
    const server = await serve((_, response) => response.writeHead(302, { location: '/again' }).end());
    const egress = open({ allow: [server.at] });
    await expect(egress.request(wish(server.url), never)).rejects.toThrow(code('unreachable'));
    expect(server.hits).toHaveLength(6);
    expect((await egress.request(wish(server.url, { followRedirects: false }), never)).status).toBe(302);
  });
});

describe('limits', () => {
  it('stop a body that is too big, announced or not, plain or inflated', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const server = await serve((request, response) => {
      if (request.url === '/announced') response.setHeader('content-length', '2000000');
      if (request.url === '/bomb') return response.setHeader('content-encoding', 'gzip').end(bomb);
      response.write(Buffer.alloc(1_500_000));
      return response.end(Buffer.alloc(500_000));
    });
    const egress = open({ allow: [server.at] });
    for (const path of ['/announced', '/chunked', '/bomb']) {
      await expect(egress.request(wish(server.url + path), never)).rejects.toThrow(code('too_large'));
    }
    const whole = await egress.request(wish(server.url, { maxBytes: 2_000_000 }), never);
    expect(whole.body).toHaveLength(2_000_000);
  });

  it('stop a body that cannot be inflated', async () => {
    const server = await serve((_, response) =>
      response.setHeader('content-encoding', 'gzip').end('not gzip'),
    );
    const cut = await serve((_, response) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync('hello').subarray(0, 15)),
    );
    const egress = open({ allow: [server.at, cut.at] });
    for (const { url } of [server, cut]) {
      await expect(egress.request(wish(url), never)).rejects.toThrow(/damaged/);
    }
  });

  it('end a server that never answers and one that never finishes', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/drip') response.write('x');
    });
    const egress = open({ allow: [server.at] });
    for (const path of ['/hang', '/drip']) {
      const began = performance.now();
      await expect(egress.request(wish(server.url + path, { timeoutMs: 200 }), never)).rejects.toThrow(
        code('timeout'),
      );
      expect(performance.now() - began).toBeLessThan(1_000);
    }
  });

  it('let the caller abort, which closes the connection', async () => {
    const stop = new AbortController();
    const closed = Promise.withResolvers<void>();
    const server = await serve((request) => {
      request.socket.on('close', () => closed.resolve());
      stop.abort();
    });
    const egress = open({ allow: [server.at] });
    await expect(egress.request(wish(server.url), stop.signal)).rejects.toThrow(code('aborted'));
    await closed.promise;
    await expect(egress.request(wish(server.url), stop.signal)).rejects.toThrow(code('aborted'));
    expect(server.hits).toHaveLength(1);
  });

  it('say when nothing listens or the server breaks off', async () => {
    const server = await serve((request) => request.socket.destroy());
    const egress = open({ allow: ['127.0.0.1'] });
    await expect(egress.request(wish(server.url), never)).rejects.toThrow(code('unreachable'));
    await expect(egress.request(wish('http://127.0.0.1:1/'), never)).rejects.toThrow(code('unreachable'));
  });
});
