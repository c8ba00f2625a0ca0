import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '#domain/problem.ts';
import { MAX_DEPTH, MAX_MEMBERS, MAX_TEXT, parseJson } from './json-text.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const read = (json: string): unknown => parseJson(Buffer.from(json), 'body');
function faultOf(json: string): unknown {
  try {
    read(json);
  } catch (error) {
    if (error instanceof AppError) return (error.detail as readonly unknown[])[0];
    throw error;
  }
  return null;
}

describe('JSON from outside', () => {
  test('is read as JSON.parse reads it', () => {
    const asText = fc.json({ maxDepth: 10 }).filter((one) => !/__proto__|constructor|prototype/.test(one));
    fc.assert(
      fc.property(asText, (json) => {
        expect(read(json)).toEqual(JSON.parse(json));
      }),
    );
  });

  test('may be as deep, as long and as full as the limits say, and no more', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(faultOf(nested(MAX_DEPTH))).toBeNull();
    expect(faultOf(nested(MAX_DEPTH + 1))).toMatchObject({ type: 'too_deep', loc: ['body', MAX_DEPTH] });
    const list = (length: number) => `[${'1,'.repeat(length - 1)}1]`;
    expect(faultOf(list(MAX_MEMBERS))).toBeNull();
    expect(faultOf(list(MAX_MEMBERS + 1))).toMatchObject({ type: 'too_many_members' });
    expect(faultOf(list(MAX_MEMBERS * 3))).toMatchObject({ type: 'too_many_members', loc: ['body'] });
    expect(faultOf(JSON.stringify({ a: 'x'.repeat(MAX_TEXT) }))).toBeNull();
    expect(faultOf(JSON.stringify({ a: ['x'.repeat(MAX_TEXT + 1)] }))).toMatchObject({
      type: 'string_too_long',
      loc: ['body', 'a', 0],
    });
  });

  test('has no key twice in one object, however it is written', () => {
    for (const json of ['{"a":1,"a":1}', '{"a" : 1, "\\u0061":2}', '[{"x":{"a":[1],"b":2,"a":3}}]']) {
      expect(faultOf(json), json).toMatchObject({ type: 'duplicate_key', loc: ['body', 'a'] });
    }
    expect(faultOf('{"a":{"a":["a","a",{"a":"a"}]},"b":"a"}')).toBeNull();
    expect(faultOf('{"a\\"":1,"a":2,"":3,"\\\\":4}')).toBeNull();
  });
});

describe('what surrounds the JSON', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  /** The first line of what the server says to exactly these bytes. */
  async function firstLine(request: string): Promise<string> {
    const socket = connect(server.running.port, '127.0.0.1');
    socket.end(request);
    return (await text(socket)).split('\r\n')[0] ?? '';
  }
  const head = 'POST /api/v1/auth/token/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';

  test('headers of more than 16 KiB are refused, and the server goes on', async () => {
    expect(
      await firstLine(`GET /health HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(17_000)}\r\n\r\n`),
    ).toContain(' 431 ');
    expect(await firstLine(`GET /${'x'.repeat(17_000)} HTTP/1.1\r\nHost: x\r\n\r\n`)).toMatch(/ 4(14|31) /);
    expect((await server.nobody.send('GET', '/health')).status).toBe(200);
  });

  test('a length said twice, or beside chunks, is refused', async () => {
    expect(await firstLine(`${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`)).toContain(' 400 ');
    expect(
      await firstLine(`${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`),
    ).toContain(' 400 ');
    expect(await firstLine(`${head}Transfer-Encoding: chunked, identity\r\n\r\n{}`)).toContain(' 400 ');
    expect(await firstLine(`${head}Content-Length: -2\r\n\r\n{}`)).toContain(' 400 ');
  });
});
