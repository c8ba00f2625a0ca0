import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contract } from '#contract/contract.ts';
import type { Operation } from '#contract/operation.ts';
import { type Answer, type Caller, startTestServer, type TestServer } from './test-server.ts';

let server: TestServer;
let ada: Caller;

beforeAll(async () => {
  server = await startTestServer();
  ada = await server.setUp();
});
afterAll(() => server.close());

const problems = (answer: Answer) =>
  (answer.body as { detail: { type: string; loc: unknown[]; msg: string }[] }).detail;
const post = (body: unknown, headers?: Record<string, string>) =>
  ada.send('POST', '/api/v1/workflows/', body, headers);
const operations = Object.values(contract).flatMap((area) => Object.values(area) as Operation[]);

describe('addresses', () => {
  test('every route answers with and without the trailing slash, never with a redirect', async () => {
    for (const { method, path } of operations) {
      const address = `/api/v1${path.replaceAll(/\{\w+\}/g, '0')}`;
      const bare = await server.nobody.send(method.toUpperCase(), address);
      const slashed = await server.nobody.send(method.toUpperCase(), `${address}/`);
      // A page that is not there says so in its own words.
      for (const { body } of [bare, slashed])
        expect(body, address).not.toMatchObject({ detail: 'Not Found' });
      expect(bare.status, address).toBeLessThan(500);
      expect(bare.status < 300 || bare.status >= 400, address).toBe(true);
      expect(slashed.status, address).toBe(bare.status);
    }
  });

  test('without a key only the public operations answer', async () => {
    for (const { method, path, access } of operations) {
      const address = `/api/v1${path.replaceAll(/\{\w+\}/g, '0')}/`;
      const { status, headers } = await server.nobody.send(method.toUpperCase(), address);
      if (access === 'public') expect(status, address).not.toBe(401);
      else if (access === 'visitor') expect([401, 404, 422], address).toContain(status);
      else {
        expect(status, address).toBe(401);
        expect(headers.get('www-authenticate')).toBe('Bearer');
      }
    }
  });

  test('an unknown path is 404 as JSON, a known one with another method 405 with Allow', async () => {
    expect(await ada.send('GET', '/api/v1/nothing/here')).toMatchObject({
      status: 404,
      body: { detail: 'Not Found' },
    });
    expect(await ada.send('GET', '/api/elsewhere')).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
    const wrong = await ada.send('PUT', '/api/v1/workflows/');
    expect(wrong).toMatchObject({ status: 405, body: { detail: 'Method Not Allowed' } });
    expect(wrong.headers.get('allow')).toBe('GET, HEAD, POST');
  });

  test('answers carry a request id and are neither kept nor shown as a page', async () => {
    const { headers } = await ada.send('GET', '/api/v1/workflows/');
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('bodies that are no good', () => {
  const cases: [string, unknown, number, unknown][] = [
    ['cut-off JSON', '{"name":', 422, { type: 'json_invalid', loc: ['body', 8] }],
    ['no UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]), 422, { type: 'json_invalid' }],
    ['a list', [], 422, { type: 'object_type', loc: ['body'] }],
    ['null', null, 422, { type: 'object_type', loc: ['body'] }],
    ['nothing', '', 422, { type: 'missing', loc: ['body'] }],
    ['a missing field', { name: 'a' }, 422, { type: 'missing', loc: ['body', 'slug'] }],
    ['a number for text', { name: 5, slug: 'a' }, 422, { type: 'string_type', loc: ['body', 'name'] }],
    ['null for text', { name: null, slug: 'a' }, 422, { loc: ['body', 'name'] }],
    ['an object for text', { name: {}, slug: 'a' }, 422, { loc: ['body', 'name'] }],
    [
      'a broken number',
      { name: 'a', slug: 'a', max_execution_seconds: 1.5 },
      422,
      { loc: ['body', 'max_execution_seconds'] },
    ],
    ['a wordy boolean', { name: 'a', slug: 'a', is_active: 'yes' }, 422, { loc: ['body', 'is_active'] }],
    ['NUL', { name: 'a\u0000', slug: 'a' }, 422, { loc: ['body', 'name'] }],
    [
      'NUL deep inside',
      { name: 'a', slug: 'a', input_schema: { x: [{ y: '\u0000' }] } },
      422,
      { loc: ['body', 'input_schema', 'x', 0, 'y'] },
    ],
    ['a lone surrogate', '{"name":"a\\ud800","slug":"a"}', 422, { loc: ['body', 'name'] }],
    [
      '__proto__',
      '{"name":"a","slug":"a","input_schema":{"__proto__":{"x":1}}}',
      422,
      { loc: ['body', 'input_schema', '__proto__'] },
    ],
    ['constructor', { name: 'a', slug: 'a', tags: { constructor: 1 } }, 422, { type: 'forbidden_key' }],
    ['an empty name', { name: '  ', slug: 'a' }, 422, { loc: ['body', 'name'] }],
    ['a long name', { name: 'x'.repeat(201), slug: 'a' }, 422, { loc: ['body', 'name'] }],
    ['a slug with a slash', { name: 'a', slug: 'a/b' }, 422, { loc: ['body', 'slug'] }],
    ['an empty slug', { name: 'a', slug: ' ' }, 422, { loc: ['body', 'slug'] }],
    [
      'an absurd id',
      { name: 'a', slug: 'a', error_handler_workflow_id: 99_999_999_999 },
      422,
      { loc: ['body', 'error_handler_workflow_id'] },
    ],
    [
      'an unknown id',
      { name: 'a', slug: 'a', error_handler_workflow_id: 99_999 },
      422,
      { loc: ['body', 'error_handler_workflow_id'] },
    ],
    ['1000 levels', `{"name":${'['.repeat(1000)}${']'.repeat(1000)}}`, 422, { type: 'too_deep' }],
    ['too many members', `{"name":[${'1,'.repeat(100_001)}1]}`, 422, { type: 'too_many_members' }],
  ];
  test.each(cases)('%s', async (_name, body, status, problem) => {
    const answer = await post(body);
    expect(answer.status).toBe(status);
    expect(problems(answer)[0]).toMatchObject(problem as object);
    expect((answer.body as { code: string }).code).toBe('invalid');
    const { total } = await ada.ok<{ total: number }>('workflows.list');
    expect(total).toBe(1);
  });

  test('a million brackets are refused quickly', async () => {
    const began = performance.now();
    expect((await post('['.repeat(1_000_000))).status).toBe(422);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  test('too large is 413, announced or not', async () => {
    const big = JSON.stringify({ name: 'x'.repeat(2 * 1024 * 1024), slug: 'a' });
    expect(await post(big)).toMatchObject({ status: 413, body: { code: 'too_large' } });
    const stream = new Blob([big]).stream();
    const response = await fetch(`${server.base}/api/v1/workflows/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ada.key}`, 'content-type': 'application/json' },
      body: stream,
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(413);
  });

  test('anything but JSON is 415', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      expect((await post('a=1', { 'content-type': type })).status).toBe(415);
    }
  });

  test('a password is not echoed', async () => {
    const answer = await server.nobody.send('POST', '/api/v1/auth/token/', {
      username: 'a',
      password: 12_345_678,
    });
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).not.toContain('12345678');
  });
});

describe('what is put up with', () => {
  test('an empty body of content type JSON', async () => {
    const answer = await ada.send('POST', '/api/v1/workflows/order-triage/validate/', '', {
      'content-type': 'application/json',
    });
    expect(answer.status).toBe(200);
  });

  test('numbers and booleans as text; unknown keys', async () => {
    const made = await post({
      name: 'a',
      slug: 'lenient',
      is_active: 'false',
      is_public: 1,
      max_execution_seconds: '30',
      id: 7,
    });
    expect(made).toMatchObject({
      status: 201,
      body: { is_active: false, is_public: true, max_execution_seconds: 30 },
    });
    expect((made.body as { id: number }).id).not.toBe(7);
    await ada.ok('workflows.remove', { workflow_slug: 'lenient' });
  });
});

describe('paging', () => {
  test.each([
    'limit=-1',
    'limit=x',
    'limit=',
    'limit=1.5',
    'offset=-1',
    'offset=99999999999',
    'limit=1e400',
    'limit=NaN',
  ])('%s is 422 and named', async (query) => {
    const answer = await ada.send('GET', `/api/v1/workflows/?${query}`);
    expect(answer.status).toBe(422);
    expect(problems(answer)[0]?.loc).toEqual(['query', query.split('=')[0]]);
  });
  test('0 is allowed, a huge limit is clamped, past the end is empty', async () => {
    expect((await ada.send('GET', '/api/v1/workflows/?limit=0')).body).toEqual({ items: [], total: 1 });
    expect((await ada.send('GET', '/api/v1/workflows/?limit=100000')).status).toBe(200);
    expect((await ada.send('GET', '/api/v1/workflows/?offset=50')).body).toEqual({ items: [], total: 1 });
  });
});

test('the OpenAPI document names every operation and every reference in it resolves', async () => {
  const { body } = await server.nobody.send('GET', '/api/v1/openapi.json');
  expect((await server.nobody.send('GET', '/openapi.json')).body).toEqual(body);
  const document = body as {
    openapi: string;
    paths: Record<string, object>;
    components: { schemas: object };
  };
  expect(document.openapi).toBe('3.1.0');
  const listed = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(listed.toSorted()).toEqual(operations.map(({ method, path }) => `${method} ${path}/`).toSorted());
  for (const [, name] of JSON.stringify(body).matchAll(/#\/components\/schemas\/([^"]+)/g)) {
    expect(document.components.schemas).toHaveProperty([name ?? '']);
  }
});

test('the reference at /docs is one page that loads nothing', async () => {
  const { status, headers, body } = await server.nobody.send('GET', '/docs');
  expect(status).toBe(200);
  expect(headers.get('content-type')).toContain('text/html');
  const nonce = /style-src 'nonce-([^']+)'/.exec(headers.get('content-security-policy') ?? '')?.[1];
  expect(String(body).includes(`<style nonce="${nonce}">`)).toBe(true);
  expect(/<script|<link|<img|src=/.exec(String(body))).toBeNull();
});
