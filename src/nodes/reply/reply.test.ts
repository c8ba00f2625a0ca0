import { describe, expect, it } from 'vitest';
import type { Done } from '#domain/node/executor.ts';
import { graphOf, renderReferences, runStep } from '#domain/run/flow-fixture.ts';
import { runFlow } from '#domain/run/run-flow.ts';
import { definitionOf } from '../definitions.ts';
import { execute as set } from '../set/executor.ts';
import { definition } from './definition.ts';
import { execute } from './executor.ts';

const run = async (config: Record<string, unknown>, inputs: Record<string, unknown> = {}) =>
  (await runStep(definition, execute, { config, inputs })) as Done;
const JSON_TYPE = { 'content-type': 'application/json' };
const TEXT_TYPE = { 'content-type': 'text/plain; charset=utf-8' };

describe('body', () => {
  it('is what arrives, unless one is set', async () => {
    expect(await run({}, { input: { a: 1 } })).toEqual({
      kind: 'done',
      outputs: { output: { a: 1 } },
      reply: { status: 200, headers: JSON_TYPE, body: { a: 1 } },
    });
    expect((await run({ body: { b: 2 } }, { input: { a: 1 } })).reply?.body).toEqual({ b: 2 });
    expect((await run({ body: '' }, { input: 'secret' })).reply?.body).toBe('');
  });

  it.each([
    ['auto', 'plain', 'plain', TEXT_TYPE],
    ['auto', [1], [1], JSON_TYPE],
    ['auto', 5, 5, JSON_TYPE],
    ['json', '{"a": 1}', { a: 1 }, JSON_TYPE],
    ['json', { a: 1 }, { a: 1 }, JSON_TYPE],
    ['text', { a: 1 }, '{"a":1}', TEXT_TYPE],
  ])('sent as %s: %j', async (body_type, body, expected, headers) => {
    expect((await run({ body_type, body })).reply).toEqual({ status: 200, headers, body: expected });
  });

  it('is left out where HTTP allows none', async () => {
    expect((await run({ status: 204 }, { input: 'x' })).reply).toEqual({
      status: 204,
      headers: {},
      body: null,
    });
  });

  it('says so when the text is no JSON', async () => {
    await expect(run({ body_type: 'json', body: '{oops' })).rejects.toMatchObject({ code: 'bad_json' });
  });
});

describe('status', () => {
  it('from the input port wins', async () => {
    expect((await run({ status: 200 }, { status: 404 })).reply?.status).toBe(404);
    expect((await run({ status: 201 }, { status: null })).reply?.status).toBe(201);
  });

  it.each([99, 600, 200.5, 'soon', {}])('cannot be %j', async (status) => {
    await expect(run({}, { status })).rejects.toMatchObject({ code: 'bad_status', permanent: true });
  });

  it.each([{ status: 199 }, { status: 600 }, { status: 'x' }])('is checked in the config: %j', (config) => {
    expect(definition.config.safeParse(config).success).toBe(false);
  });
});

describe('headers', () => {
  it('are sent in lower case and may choose among the allowed types', async () => {
    const headers = { 'X-Count': 3, 'Content-Type': 'application/problem+json' };
    expect((await run({ headers, body: {} })).reply?.headers).toEqual({
      'x-count': '3',
      'content-type': 'application/problem+json',
    });
  });

  it.each([
    { 'Set-Cookie': 'a=b' },
    { 'Content-Security-Policy': 'default-src *' },
    { 'Content-Type': 'text/html' },
    { 'Content-Length': 3 },
    { 'Transfer-Encoding': 'chunked' },
    { 'Access-Control-Allow-Origin': '*' },
    { 'X-Split': 'a\r\nSet-Cookie: b=c' },
    { 'bad name': 'x' },
  ])('refuses %j', async (headers) => {
    await expect(run({ headers })).rejects.toMatchObject({ code: 'header_refused', permanent: true });
  });
});

it('flow: the answer is computed from the request', async () => {
  const graph = graphOf(
    {
      hook: { type: 'trigger_webhook' },
      say: { type: 'set', config: { mode: 'text', text: 'Hello {{ trigger.body.name }}' } },
      answer: { type: 'reply', config: { status: 201, body: { greeting: '{{ say.output }}' } } },
      later: { type: 'set', config: { mode: 'text', text: 'after {{ answer.output.greeting }}' } },
    },
    ['hook.body > say.input', 'say.output > answer.input', 'answer.output > later.input'],
  );
  const result = await runFlow({
    graph,
    payload: { body: { name: 'Ada' }, headers: {}, query: {}, method: 'POST' },
    definitionOf,
    executors: { set, reply: execute },
    render: renderReferences,
  });
  expect(result.reply).toEqual({ status: 201, headers: JSON_TYPE, body: { greeting: 'Hello Ada' } });
  expect(result.output).toEqual({ output: { greeting: 'Hello Ada' } });
  expect(result.steps['later']?.outputs).toEqual({ output: 'after Hello Ada' });
});
