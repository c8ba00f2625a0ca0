import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, startTestServer, type TestServer } from './test-server.ts';

const LISTED = 'https://app.example.com';

let server: TestServer;
let ada: Caller;
beforeAll(async () => {
  server = await startTestServer({ PIPEWRIGHT_CORS_ORIGINS: `${LISTED},http://localhost:5173` });
  ada = await server.setUp();
});
afterAll(() => server.close());

/** What the server says to exactly these bytes, until it hangs up. */
async function raw(bytes: string, wait = 10_000): Promise<string> {
  const socket = connect(server.running.port, '127.0.0.1');
  socket.setTimeout(wait, () => socket.destroy());
  await once(socket, 'connect');
  socket.write(bytes);
  return text(socket);
}
const statusLine = (answer: string): string => answer.split('\r\n', 1)[0] ?? '';

describe('other sites', () => {
  const preflight = (origin: string, headers = 'authorization,idempotency-key,x-request-id,content-type') =>
    server.nobody.send('OPTIONS', '/api/v1/workflows/', undefined, {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': headers,
    });

  test('on the list may send a key and read the answer, never with a cookie', async () => {
    const { status, headers } = await preflight(LISTED);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(LISTED);
    const allowed = (headers.get('access-control-allow-headers') ?? '').toLowerCase();
    for (const name of ['authorization', 'idempotency-key', 'x-request-id', 'content-type']) {
      expect(allowed).toContain(name);
    }
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      expect(headers.get('access-control-allow-methods')).toContain(method);
    }
    const answer = await ada.send('GET', '/api/v1/workflows/', undefined, { origin: LISTED });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe(LISTED);
    expect(answer.headers.get('vary')).toContain('Origin');
    for (const one of [headers, answer.headers]) {
      expect(one.get('access-control-allow-credentials')).toBeNull();
    }
    const signIn = { username: 'ada', password: 'lovelace' };
    const token = await server.nobody.send('POST', '/api/v1/auth/token/', signIn, { origin: LISTED });
    expect(token.status).toBe(200);
  });

  test('on the list get to read refusals too', async () => {
    const { status, headers } = await server.nobody.send('GET', '/api/v1/workflows/', undefined, {
      origin: LISTED,
    });
    expect(status).toBe(401);
    expect(headers.get('access-control-allow-origin')).toBe(LISTED);
  });

  test.each([
    'https://evil.example',
    'null',
    '*',
    `${LISTED}.evil.example`,
    'https://APP.example.com',
    'http://app.example.com',
    `${LISTED}:8443`,
    `${LISTED}/`,
    '',
  ])('other than those get no permission: “%s”', async (origin) => {
    for (const { headers } of [
      await preflight(origin),
      await ada.send('GET', '/api/v1/workflows/', undefined, { origin }),
    ]) {
      expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    }
  });

  test('never get at what a browser’s cookie opens, whether listed or not', async () => {
    const signedIn = await server.nobody.send('POST', '/api/v1/auth/session/', {
      username: 'ada',
      password: 'lovelace',
    });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(cookie).not.toBe('');
    for (const origin of [LISTED, 'https://evil.example', 'null']) {
      const body = { name: 'x', slug: 'x' };
      const answer = await server.nobody.send('POST', '/api/v1/workflows/', body, { cookie, origin });
      expect(answer.status, origin).toBe(403);
    }
    for (const origin of ['https://evil.example', 'null']) {
      const signIn = { username: 'ada', password: 'lovelace' };
      expect((await server.nobody.send('POST', '/api/v1/auth/token/', signIn, { origin })).status).toBe(403);
    }
  });

  test('get nothing of the screens’ own interface', async () => {
    const { headers } = await ada.send('GET', '/trpc/auth.me', undefined, { origin: LISTED });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('headers and connections', () => {
  const get = (...headers: string[]) =>
    ['GET /health HTTP/1.1', ...headers, 'Connection: close', '', ''].join('\r\n');

  test('16 KiB of headers at most', async () => {
    const small = `X-Fill: ${'a'.repeat(12 * 1024)}`;
    const large = `X-Fill: ${'a'.repeat(17 * 1024)}`;
    expect(statusLine(await raw(get('Host: localhost', small)))).toBe('HTTP/1.1 200 OK');
    expect(statusLine(await raw(get('Host: localhost', large)))).toContain(' 431 ');
    const many = Array.from({ length: 2000 }, (_, n) => `X-${n}: ${n}`);
    expect(statusLine(await raw(get('Host: localhost', ...many)))).toContain(' 431 ');
  });

  test.each([
    ['two lengths', ['Content-Length: 2', 'Content-Length: 3']],
    ['the same length twice', ['Content-Length: 2', 'Content-Length: 2']],
    ['a length and chunks', ['Content-Length: 2', 'Transfer-Encoding: chunked']],
    ['chunks that are not last', ['Transfer-Encoding: chunked, identity']],
    ['a negative length', ['Content-Length: -1']],
    ['a length that is none', ['Content-Length: 2, 2']],
    ['a folded header', ['X-A: 1', ' 2']],
    ['a space before the colon', ['X-A : 1']],
  ])('%s is refused with 400', async (_what, headers) => {
    const request = ['POST /api/v1/auth/token/ HTTP/1.1', 'Host: localhost', ...headers, '', '{}'].join(
      '\r\n',
    );
    expect(statusLine(await raw(request))).toContain(' 400 ');
  });

  test.each([
    [],
    ['Host: a b'],
    ['Host: evil"><script>'],
    ['Host: a@b'],
    ['Host: a/b'],
    ['Host: localhost:port'],
  ])('a request without a sane Host is refused with 400: %s', async (...headers) => {
    expect(statusLine(await raw(get(...headers)))).toContain(' 400 ');
  });

  test('somebody who dawdles over the headers is hung up on', async () => {
    const began = performance.now();
    const answer = await raw('GET /health HTTP/1.1\r\nHost: localhost\r\n', 60_000);
    expect(statusLine(answer)).toContain(' 408 ');
    const seconds = (performance.now() - began) / 1000;
    expect(seconds).toBeGreaterThan(9);
    expect(seconds).toBeLessThan(16);
  });

  test('a page whose name was made to point here is no local caller', async () => {
    const fresh = await startTestServer();
    try {
      const setup = (host: string) =>
        fresh.nobody.send(
          'POST',
          '/api/v1/auth/setup/',
          { username: 'eve', password: 'evil-evil' },
          { host },
        );
      expect((await setup('evil.example')).status).toBe(403);
      expect((await setup(`localhost:${fresh.running.port}`)).status).toBe(200);
    } finally {
      await fresh.close();
    }
  });

  test('answers say nothing about what they were made with', async () => {
    for (const path of [
      '/health',
      '/api/v1/workflows/',
      '/docs',
      '/nothing',
      '/webhooks/nothing-here-at-all-x',
    ]) {
      const { headers } = await ada.send('GET', path);
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('server')).toBeNull();
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('referrer-policy'), path).toBe('no-referrer');
      expect(headers.get('content-security-policy'), path).toContain("frame-ancestors 'none'");
    }
    const { headers } = await ada.send('GET', '/api/v1/workflows/');
    expect(headers.get('cache-control')).toBe('no-store');
  });
});

describe('too many requests', () => {
  test('of one key, or of an address without one, get 429 and when to come back', async () => {
    const limited = await startTestServer({
      PIPEWRIGHT_RATE_LIMIT: '20',
      PIPEWRIGHT_RATE_LIMIT_STRANGERS: '10',
    });
    try {
      const carol = await limited.addUser('carol');
      const dave = await limited.addUser('dave');
      const ask = (who: Caller) => who.send('GET', '/api/v1/users/me');
      const answers = await Promise.all(Array.from({ length: 30 }, () => ask(carol)));
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThanOrEqual(8);
      expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(20);
      expect(refused[0]?.body).toEqual({
        detail: 'Too many requests from this key or session: 20 a minute are allowed.',
        code: 'too_many',
      });
      expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect((await ask(dave)).status).toBe(200);
      const rpc = await carol.send('GET', '/trpc/users.me');
      expect(rpc.status).toBe(429);
      const erin = await limited.addUser('erin');
      const batch = Array.from({ length: 30 }, () => 'users.me').join(',');
      const { body } = await erin.send('GET', `/trpc/${batch}?batch=1`);
      expect((body as { error?: unknown }[]).filter(({ error }) => error).length).toBeGreaterThanOrEqual(8);
      const strangers = await Promise.all(Array.from({ length: 15 }, () => ask(limited.nobody)));
      expect(strangers.filter(({ status }) => status === 401)).toHaveLength(10);
      expect(strangers.filter(({ status }) => status === 429)).toHaveLength(5);
      const setup = await limited.nobody.send('GET', '/api/v1/auth/setup-status/');
      expect(setup.status).toBe(429);
      // Who has a good key is not held up by strangers at the same address, and everybody may ask about health.
      expect((await ask(dave)).status).toBe(200);
      expect((await limited.nobody.send('GET', '/health')).status).toBe(200);
    } finally {
      await limited.close();
    }
  });
});
