import { describe, expect, it } from 'vitest';
import { type HttpRequest, type HttpResponse, StepError } from '#domain/node/executor.ts';
import { graphOf, renderReferences, stepOutputs } from '#domain/run/flow-fixture.ts';
import { runFlow } from '#domain/run/run-flow.ts';
import { definitionOf } from '../definitions.ts';
import { execute as set } from '../set/executor.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const ANSWER: HttpResponse = {
  status: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: '{"total": 3}',
  url: 'https://api.example.com/items?key=secret',
  durationMs: 12,
};

const url = 'https://api.example.com/items';
async function run(
  config: Record<string, unknown>,
  { inputs = {}, answer = {} }: { inputs?: Record<string, unknown>; answer?: Partial<HttpResponse> } = {},
) {
  const sent: HttpRequest[] = [];
  const lines: string[] = [];
  const http = (request: HttpRequest) => {
    sent.push(request);
    return Promise.resolve({ ...ANSWER, ...answer });
  };
  const capabilities = { http, log: (line: string) => lines.push(line) };
  const sketch = { config: { url, ...config }, inputs, capabilities };
  return { outputs: await stepOutputs(definition, execute, sketch), sent: sent[0], lines };
}

describe('request', () => {
  it('is a plain GET with the key of the step', async () => {
    expect((await run({})).sent).toEqual({
      method: 'GET',
      url,
      headers: { 'idempotency-key': 'run-1:node-1:' },
      body: null,
      timeoutMs: 30_000,
      maxBytes: 10_485_760,
      followRedirects: true,
    });
  });

  it('names its credential and knows nothing else of it', async () => {
    expect((await run({ credential: 7 })).sent?.credential).toBe(7);
    expect((await run({ credential: { missing: 'Shop' } })).sent?.credential).toEqual({ missing: 'Shop' });
    expect((await run({ credential: null })).sent).not.toHaveProperty('credential');
  });

  it('keeps an Idempotency-Key of the author, however it is spelled', async () => {
    const { sent } = await run({ headers: { 'IDEMPOTENCY-Key': 'mine' } });
    expect(sent?.headers).toEqual({ 'idempotency-key': 'mine' });
  });

  it('adds query values to those of the address; the input port wins', async () => {
    const { sent } = await run(
      { url: `${url}?a=1`, query: { page: 2, 'q&': 'ä b' } },
      { inputs: { query: { page: 3, tag: ['x', 'y'] } } },
    );
    expect(sent?.url).toBe(`${url}?a=1&page=3&q%26=%C3%A4+b&tag=x&tag=y`);
  });

  it('takes headers from the input port as well', async () => {
    const { sent } = await run({ headers: { A: '1', B: 2 } }, { inputs: { headers: { B: 'port' } } });
    expect(sent?.headers).toMatchObject({ a: '1', b: 'port' });
  });

  it.each([
    [{ body_mode: 'json', json: { a: [1] } }, '{"a":[1]}', 'application/json'],
    [{ body_mode: 'json', json: '{"a": 1}' }, '{"a":1}', 'application/json'],
    [{ body_mode: 'text', text: 'hi' }, 'hi', 'text/plain; charset=utf-8'],
    [{ body_mode: 'form', form: { a: 'x y', b: 2 } }, 'a=x+y&b=2', 'application/x-www-form-urlencoded'],
    [{ body_mode: 'none', text: 'hi' }, null, undefined],
  ])('carries %j', async (config, body, type) => {
    const { sent } = await run({ method: 'POST', ...config });
    expect(sent?.body).toBe(body);
    expect(sent?.headers['content-type']).toBe(type);
  });

  it('lets the author name the content type, and sends no body with GET', async () => {
    const text = { body_mode: 'text', text: '<a/>', headers: { 'Content-Type': 'text/xml' } };
    expect((await run({ method: 'PUT', ...text })).sent?.headers['content-type']).toBe('text/xml');
    expect((await run({ body_mode: 'text', text: 'x' })).sent).toMatchObject({ body: null });
  });

  it.each([
    [{ url: 'example.com' }, 'bad_url'],
    [{ url: 'file:///etc/passwd' }, 'bad_url'],
    [{ url: 'javascript:alert(1)' }, 'bad_url'],
    [{ headers: { 'X-A': 'a\r\nX-B: b' } }, 'bad_header'],
    [{ headers: { 'x y': 'a' } }, 'bad_header'],
    [{ headers: { Host: 'other' } }, 'bad_header'],
    [{ headers: { 'content-length': 5 } }, 'bad_header'],
    [{ method: 'POST', body_mode: 'json', json: '{oops' }, 'bad_json'],
  ])('is refused for good: %j', async (config, code) => {
    await expect(run(config)).rejects.toMatchObject({ code, permanent: true });
  });

  it('refuses headers that are no object', async () => {
    await expect(run({}, { inputs: { headers: ['a'] } })).rejects.toMatchObject({ code: 'bad_input' });
  });
});

describe('answer', () => {
  it('is parsed when it is JSON', async () => {
    const { outputs } = await run({});
    expect(outputs).toEqual({
      body: { total: 3 },
      response: {
        status: 200,
        headers: ANSWER.headers,
        body: { total: 3 },
        url: ANSWER.url,
        duration_ms: 12,
      },
    });
  });

  it.each([
    ['application/problem+json', '[1]', [1]],
    ['Application/JSON', 'null', null],
    ['application/json', '', null],
    ['application/json', '{oops', '{oops'],
    ['application/json', `${'['.repeat(101)}${']'.repeat(101)}`, `${'['.repeat(101)}${']'.repeat(101)}`],
    ['text/plain', '{"a":1}', '{"a":1}'],
    ['application/jsonlines', '1\n2', '1\n2'],
  ])('%s %j', async (type, body, expected) => {
    const { outputs } = await run({}, { answer: { headers: { 'Content-Type': type }, body } });
    expect(outputs['body']).toEqual(expected);
  });

  it('keeps keys in the query out of the log and the error', async () => {
    const { lines } = await run({});
    expect(lines).toEqual(['GET https://api.example.com/items answered 200 in 12 ms']);
    const failed = run({}, { answer: { status: 404, body: ' not here ' } });
    await expect(failed).rejects.toThrow('GET https://api.example.com/items answered 404. It said: not here');
  });

  it.each([
    [404, true],
    [422, true],
    [429, false],
    [408, false],
    [500, false],
    [503, false],
  ])('status %i fails the step (for good: %s)', async (status, permanent) => {
    await expect(run({}, { answer: { status } })).rejects.toMatchObject({ code: 'http_status', permanent });
  });

  it('hands on an error status when the author wants to see it', async () => {
    const { outputs } = await run({ fail_on_error_status: false }, { answer: { status: 404 } });
    expect(outputs['response']).toMatchObject({ status: 404, body: { total: 3 } });
  });
});

it.each([
  {},
  { url: '' },
  { url, credential: '7' },
  { url, method: 'FETCH' },
  { url, timeout_ms: 0 },
  { url, headers: { a: {} } },
])('refuses the config %j', (config) => {
  expect(definition.config.safeParse(config).success).toBe(false);
});

it('flow: tries again with the same key, then hands on the body', async () => {
  const graph = graphOf(
    {
      start: { type: 'trigger_manual' },
      call: {
        type: 'http_request',
        config: {
          method: 'POST',
          url: '{{ trigger.url }}',
          body_mode: 'json',
          json: { n: '{{ trigger.n }}' },
        },
        settings: {
          retry: {
            maxAttempts: 3,
            initialMs: 1000,
            factor: 2,
            maxMs: 60_000,
            jitter: 0,
            retryOn: [],
            noRetryOn: [],
          },
        },
      },
      seen: {
        type: 'set',
        config: { mode: 'text', text: '{{ call.body.total }} / {{ call.response.status }}' },
      },
    },
    ['start.payload > call.input', 'call.body > seen.input'],
  );
  const sent: HttpRequest[] = [];
  const http = async (request: HttpRequest) => {
    sent.push(request);
    if (sent.length === 1) throw new StepError('connect', 'Could not connect.');
    return sent.length === 2 ? { ...ANSWER, status: 503 } : ANSWER;
  };
  const result = await runFlow({
    graph,
    payload: { url, n: 7 },
    definitionOf,
    executors: { http_request: execute, set },
    capabilities: { http },
    render: renderReferences,
  });
  expect(result.steps['seen']?.outputs).toEqual({ output: '3 / 200' });
  expect(result.steps['call']?.attempts).toBe(3);
  expect(sent.map((request) => request.body)).toEqual(['{"n":7}', '{"n":7}', '{"n":7}']);
  expect(new Set(sent.map((request) => request.headers['idempotency-key']))).toEqual(new Set(['flow:call:']));
});
